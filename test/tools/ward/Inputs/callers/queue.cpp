// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "queue.h"

void Queue::add(int job) {
  std::lock_guard<std::mutex> guard(mutex);
  jobs[job] = job;
}
void Queue::drop(int job) {
  std::lock_guard<std::mutex> guard(mutex);
  jobs.erase(job);
}
int Queue::size() const { return int(jobs.size()); }
int Queue::last() const { return jobs.rbegin()->first; }
void Queue::visit(const std::function<void()> &f) {
  std::lock_guard<std::mutex> guard(mutex);
  f();
}
void Queue::onIdle(std::function<void()> f) { idle_ = std::move(f); }
void Queue::idle() { idle_(); }

struct Printer : Reporter {
  void report(Queue &queue) override { queue.add(1); }
};
struct Open : Filter {
  void pass(Queue &) override {}
};
struct Closed : Filter {
  void pass(Queue &queue) override { queue.drop(1); }
};
