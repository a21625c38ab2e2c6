// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python %S/check_page.py %s %src %t -- %clang_tidy

#include <atomic>
#include <condition_variable>
#include <mutex>

namespace before {
struct Worker {
  // EXAMPLE 1
  std::mutex mutex_;
  std::condition_variable cv_;
  std::atomic<bool> stop_ = false;
};
} // namespace before
namespace after {
struct Worker {
  // EXAMPLE 1:1-4
  // EXAMPLE 2
  std::mutex mutex_;
  std::condition_variable cv_;
  std::atomic<bool> stop_ = false;
};
} // namespace after
