// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python %S/check_page.py %s %src %t -- %clang_tidy

#include <future>
#include <stdexcept>
#include <thread>

bool open();
// EXAMPLE 1:1-4

void before() {
  // EXAMPLE 1:6-10
}
void after() {
  // EXAMPLE 2
}
