// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "image.h"

#include <ward/mutex.h>

#include <deque>
#include <optional>

/// Jobs for the workers, first in, first out. The mutex owns the data, which only a guard can access.
class JobQueue {
public:
  void push(Job job);
  /// The next job, if there is one.
  std::optional<Job> pop();
  /// Writes the waiting jobs to the trace.
  void list();
  /// Reports a queue that grows too long.
  void watch();

private:
  ward::Mutex<std::deque<Job>> jobs_;
};
