// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python %S/check_page.py %s %src %t -- %clang_tidy

#include <future>
#include <thread>

void work();
bool failed();
namespace before {
// EXAMPLE 1:1-6
void later() {
  // EXAMPLE 1:8-8
}
} // namespace before
void after() {
  // EXAMPLE 2
}
