// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python %S/check_page.py %s %src %t -- %clang_tidy

#include <atomic>

void startServer();
// EXAMPLE 1:1-2
void before() {
  // EXAMPLE 1:4-9
}
void after() {
  // EXAMPLE 2
}
