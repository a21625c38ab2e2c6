// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-non-atomic-update %t
#include <atomic>
std::atomic<int> a;
std::atomic<bool> f;
void work(int);
void notes() {
  int v = a.load();
  a.store(v - 1);
  // CHECK-NOTES: :[[@LINE-1]]:3: warning: atomicity violation: 'a' is loaded and then stored in two steps; a store by another thread in between is lost [ward-non-atomic-update]
  // CHECK-NOTES: :[[@LINE-3]]:11: note: loaded here
  // CHECK-NOTES: :[[@LINE-3]]:3: note: use one atomic operation (fetch_add, exchange), or a compare_exchange loop
  int taken = a.load();
  a = 0;
  // CHECK-NOTES: :[[@LINE-1]]:3: warning: atomicity violation: 'a' is loaded and then reset in two steps; a store by another thread in between is lost [ward-non-atomic-update]
  // CHECK-NOTES: :[[@LINE-3]]:15: note: loaded here
  // CHECK-NOTES: :[[@LINE-3]]:3: note: exchange() does both in one atomic step
  work(taken);
  if (!f.load()) {
    work(1);
    f = true;
    // CHECK-NOTES: :[[@LINE-1]]:5: warning: atomicity violation: 'f' is checked and then stored in two steps; two threads can both pass the check [ward-non-atomic-update]
    // CHECK-NOTES: :[[@LINE-4]]:8: note: checked here
    // CHECK-NOTES: :[[@LINE-3]]:5: note: check and store in one step with exchange() or compare_exchange_strong()
  }
  while (!f)
    ;
  // CHECK-NOTES: :[[@LINE-2]]:3: warning: this loop busy-waits until another thread changes 'f'; it occupies a core, and may delay that thread [ward-non-atomic-update]
  // CHECK-NOTES: :[[@LINE-3]]:3: note: block with wait() or a condition variable, or yield or pause in the body
}
