// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python %S/check_page.py %s %src %t -- %clang_tidy

#include <mutex>
#include <utility>
#include <vector>

struct Job {
  void run();
};
namespace before {
struct Queue {
  void drain();
  std::mutex mutex_;
  std::vector<Job> jobs_;
};
// EXAMPLE 1
} // namespace before
namespace after {
struct Queue {
  void drain() {
    // EXAMPLE 2
  }
  std::mutex mutex_;
  std::vector<Job> jobs_;
};
} // namespace after
