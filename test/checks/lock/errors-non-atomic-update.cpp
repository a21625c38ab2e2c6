// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-non-atomic-update %t --expect-errors
// Code that does not compile: what is in front of it is checked all the same.
#include <atomic>
std::atomic<int> a;
void positiveInFrontOfErrors() {
  a = a + 1;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: atomicity violation: 'a' is loaded and then stored in two steps
}
#include "broken-code.h"
