// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python %S/check_page.py %s %src %t -- %clang_tidy

#include <iostream>
#include <thread>
#include <ward/mutex.h>
#include <ward/scope.h>

void before() {
  // EXAMPLE 1
}
void after() {
  // EXAMPLE 2
}
