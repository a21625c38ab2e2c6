// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "image.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>

/// Jobs for the workers, first in, first out.
class JobQueue {
public:
  void push(Job job);
  /// Waits for a job; empty when the queue is closed and drained.
  std::optional<Job> pop();
  /// No job is added after this: the workers end when the queue is empty.
  void close();
  /// Writes the waiting jobs to the trace.
  void list();
  /// Reports a queue that grows too long.
  void watch();

private:
  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<Job> jobs_;
  bool closed_ = false;
};
