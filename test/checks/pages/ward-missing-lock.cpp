// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python %S/check_page.py %s %src %t -- %clang_tidy

#include <mutex>

namespace before {
// EXAMPLE 1
}
namespace after {
class Account {
  // EXAMPLE 2:1-1
  long balance_ = 0;
public:
  void deposit(long v) { std::lock_guard g(mu_); balance_ += v; }
  void withdraw(long v) { std::lock_guard g(mu_); balance_ -= v; }
  // EXAMPLE 2:2-2
};
} // namespace after
