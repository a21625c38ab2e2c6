// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-split-critical-section %t
#include <mutex>
#include <vector>
std::mutex mutex;
std::vector<int> items;
void notes() {
  bool any;
  {
    std::scoped_lock guard(mutex);
    any = !items.empty();
  }
  if (any) {
    std::scoped_lock guard(mutex);
    items.pop_back();
    // CHECK-NOTES: :[[@LINE-1]]:5: warning: atomicity violation: this relies on a check of 'items' in an earlier critical section of 'mutex'; another thread may have changed it in between [ward-split-critical-section]
    // CHECK-NOTES: :[[@LINE-6]]:12: note: checked here; hold the lock over both, or check again
  }
}
