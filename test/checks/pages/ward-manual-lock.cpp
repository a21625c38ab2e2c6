// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python %S/check_page.py %s %src %t -- %clang_tidy

#include <mutex>
#include <utility>
#include <vector>

struct Job {
  Job(const Job &);
};
struct Queue {
  void push(Job job);
  std::mutex mutex_;
  std::vector<Job> jobs_;
};
// EXAMPLE 1
