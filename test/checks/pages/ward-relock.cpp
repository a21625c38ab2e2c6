// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python %S/check_page.py %s %src %t -- %clang_tidy

#include <deque>
#include <mutex>

struct Queue {
  void clear();
  bool empty() const;
  mutable std::mutex mutex_;
  std::deque<int> items_;
};
// EXAMPLE 1
