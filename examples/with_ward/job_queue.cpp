// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "with_ward/job_queue.h"

void JobQueue::push(Job job) { jobs_.lock()->push_back(std::move(job)); }

std::optional<Job> JobQueue::pop() {
  auto jobs = jobs_.lock();
  if (jobs->empty())
    return std::nullopt;
  Job job = std::move(jobs->front());
  jobs->pop_front();
  return job;
}

void JobQueue::list() {
  // The loop iterates over a copy and needs no lock, but the lock is held over the loop.
  for (auto jobs = jobs_.lock(); const Job &job : std::deque<Job>(*jobs)) {
    trace("waiting", job.name);
  }
}

void JobQueue::watch() {
  // This guard is a temporary: unlike in Rust's `if let`, it is destroyed before the body. No finding.
  if (auto length = jobs_.lock()->size(); length > 100)
    trace("queue", "is long");
  // A named guard lives over the body, which does not need it.
  if (const auto &jobs = jobs_.lock(); jobs->size() > 100) {
    trace("queue", "is still long");
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}
