// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python %S/check_page.py %s %src %t -- %clang_tidy

#include <ctime>
#include <thread>

void show(int) noexcept;

namespace before {
// EXAMPLE 1:1-4
void start() {
  // EXAMPLE 1:5-8
}
} // namespace before
namespace after {
int hour() {
  std::time_t now = std::time(nullptr);
  // EXAMPLE 2
}
void start() {
  std::thread other([] { show(hour()); });
  show(hour());
  other.join();
}
} // namespace after
