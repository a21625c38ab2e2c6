// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-split-critical-section %t --expect-errors
#include <mutex>
#include <vector>
std::mutex mutex;
std::vector<Missing> missing;
std::vector<int> items;
void broken() {
  bool any;
  {
    std::scoped_lock guard(mutex);
    any = !missing.empty();
  }
  if (any) {
    std::scoped_lock guard(nowhere);
    missing.pop_back();
  }
}
void whole() {
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
