// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-non-atomic-update %t
#include <atomic>
std::atomic<int> a;
std::atomic<bool> f;
void work(int);
void notes() {
  int v = a.load();
  a.store(v - 1);
  // CHECK-NOTES: :[[@LINE-1]]:3: warning: 'a' is loaded and then stored: what another thread stores in between is lost [ward-non-atomic-update]
  // CHECK-NOTES: :[[@LINE-3]]:11: note: the value was loaded here
  // CHECK-NOTES: :[[@LINE-3]]:3: note: do it in one step (fetch_add, exchange), or in a loop around compare_exchange
  int taken = a.load();
  a = 0;
  // CHECK-NOTES: :[[@LINE-1]]:3: warning: 'a' is loaded and then set: what another thread stores in between is lost [ward-non-atomic-update]
  // CHECK-NOTES: :[[@LINE-3]]:15: note: the value was loaded here
  // CHECK-NOTES: :[[@LINE-3]]:3: note: exchange() does both in one step
  work(taken);
  if (!f.load()) {
    work(1);
    f = true;
    // CHECK-NOTES: :[[@LINE-1]]:5: warning: 'f' is set because of a check that may no longer hold: two threads can both pass it [ward-non-atomic-update]
    // CHECK-NOTES: :[[@LINE-4]]:8: note: it was checked here
    // CHECK-NOTES: :[[@LINE-3]]:5: note: let one exchange() or compare_exchange_strong() check and set it
  }
  while (!f)
    ;
  // CHECK-NOTES: :[[@LINE-2]]:3: warning: this loop keeps a core busy until another thread changes 'f' [ward-non-atomic-update]
  // CHECK-NOTES: :[[@LINE-3]]:3: note: wait for it (wait(), a condition variable), or at least yield or pause in the body
}
