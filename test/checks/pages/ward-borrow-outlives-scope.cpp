// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python %S/check_page.py %s %src %t -- %clang_tidy

#include <thread>
#include <ward/scope.h>

bool ready();
void listen(int port);
// EXAMPLE 1
void copied(int port) {
  // EXAMPLE 2:1-1
  server.join();
}
void joined(int port) {
  // EXAMPLE 2:2-2
}
void scoped(int port) {
  // EXAMPLE 2:3-3
}
