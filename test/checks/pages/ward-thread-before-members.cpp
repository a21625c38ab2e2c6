// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python %S/check_page.py %s %src %t -- %clang_tidy

#include <mutex>
#include <thread>

namespace before {
// EXAMPLE 1
} // namespace before
namespace after {
class Reporter {
public:
  Reporter() : thread_([this] { run(); }) {}
  ~Reporter() { thread_.join(); }

private:
  void run() {
    std::lock_guard<std::mutex> guard(mutex_);
    ++lines_;
  }
  // EXAMPLE 2
};
} // namespace after
