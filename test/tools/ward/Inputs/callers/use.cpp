// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "queue.h"

int one(Queue &queue) {
  std::lock_guard<std::mutex> guard(queue.mutex);
  return queue.size() + queue.last();
}
int two(Queue &queue) {
  std::lock_guard<std::mutex> guard(queue.mutex);
  return queue.size() * queue.last();
}
int bare(Queue &queue) { return queue.size(); }
void count(Queue &queue) {
  queue.visit([&queue] { ++queue.run; });
  queue.onIdle([&queue] { ++queue.later; });
}
int counts(Queue &queue) {
  std::lock_guard<std::mutex> guard(queue.mutex);
  return queue.run + queue.later;
}
void reset(Queue &queue) {
  std::lock_guard<std::mutex> guard(queue.mutex);
  queue.run = queue.later = 0;
}
void tell(Queue &queue, Reporter &reporter) {
  std::lock_guard<std::mutex> guard(queue.mutex);
  reporter.report(queue);
}
void filter(Queue &queue, Filter &filter) {
  std::lock_guard<std::mutex> guard(queue.mutex);
  filter.pass(queue);
}
