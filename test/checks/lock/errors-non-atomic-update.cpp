// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-non-atomic-update %t --expect-errors
// Code that does not compile: the valid parts are analysed, and nothing crashes.
#include <atomic>
std::atomic<int> a;
std::atomic<Missing> m;
void broken() {
  a = a + missing;
  a.store(a.load() + );
  a.store();
  m = m + 1;
  int v = a.load(
  a.store(v);
}
void whole() {
  a = a + 1;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: atomicity violation: 'a' is loaded and then stored in two steps
}
struct Incomplete {
  std::atomic<int> n
  void f() { n = n + 1; }
