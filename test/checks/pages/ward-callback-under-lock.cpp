// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python %S/check_page.py %s %src %t -- %clang_tidy

#include <functional>
#include <mutex>
#include <vector>

using Listener = std::function<void(int)>;

namespace before {
struct Subject {
  void set(int value);
  std::mutex mutex_;
  int value_ = 0;
  std::vector<Listener> listeners_;
};
// EXAMPLE 1
} // namespace before

namespace after {
struct Subject {
  void set(int value);
  std::mutex mutex_;
  int value_ = 0;
  std::vector<Listener> listeners_;
};
// EXAMPLE 2
} // namespace after
