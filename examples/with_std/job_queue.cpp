// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "with_std/job_queue.h"

void JobQueue::push(Job job) {
  {
    std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
  }
  ready_.notify_one();
}

std::optional<Job> JobQueue::pop() {
  std::unique_lock lock(mutex_);
  ready_.wait(lock, [this] { return closed_ || !jobs_.empty(); });
  if (jobs_.empty())
    return std::nullopt;
  Job job = std::move(jobs_.front());
  jobs_.pop_front();
  return job;
}

void JobQueue::close() {
  // Looks like a lock, but declares a new variable named mutex_.
  std::unique_lock<std::mutex>(mutex_);
  closed_ = true;
  ready_.notify_all();
}

void JobQueue::list() {
  // The loop iterates over a copy and needs no lock, but the lock is held over the loop.
  for (std::lock_guard lock(mutex_); const Job &job : std::deque<Job>(jobs_)) {
    trace("waiting", job.name);
  }
}

void JobQueue::watch() {
  // Only the condition needs the lock, not the report.
  if (std::lock_guard lock(mutex_); jobs_.size() > 100) {
    trace("queue", "is long");
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}
