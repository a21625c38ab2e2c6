// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-split-critical-section %t --expect-errors
// Code that does not compile: what is in front of it is checked all the same.
#include <mutex>
#include <vector>
std::mutex mutex;
std::vector<int> items;
void positiveInFrontOfErrors() {
  bool any;
  {
    std::scoped_lock guard(mutex);
    any = !items.empty();
  }
  if (any) {
    std::scoped_lock guard(mutex);
    items.pop_back();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: atomicity violation: this relies on a check of 'items'
  }
}
#include "broken-code.h"
