// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %python %S/check_page.py %s %src %t -- %clang_tidy

#include <atomic>
#include <thread>

namespace before {
// EXAMPLE 1:1-3
void run() {
  // EXAMPLE 1:5-5
  a.join();
  b.join();
}
} // namespace before
namespace after {
// EXAMPLE 2
void serve() { ++served; }
void run() {
  std::thread a(serve), b(serve);
  a.join();
  b.join();
}
} // namespace after
