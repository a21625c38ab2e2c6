// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python %S/check_page.py %s %src %t -- %clang_tidy

#include <memory>
#include <thread>
#include <ward/mutex.h>

// EXAMPLE 1:1-1
void before() {
  // EXAMPLE 1:3-5
  other.join();
}
void locked() {
  // EXAMPLE 2:1-1
  std::thread other([cache] { cache->lock()->get(); });
  cache->lock()->get();
  other.join();
}
void alone() {
  // EXAMPLE 2:2-2
  other.join();
}
