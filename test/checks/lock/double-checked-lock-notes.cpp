// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-double-checked-lock %t
#include <mutex>
std::mutex mutex;
bool ready;
void notes() {
  if (!ready) {
    // CHECK-NOTES: :[[@LINE-1]]:8: warning: possible data race: double-checked locking reads 'ready' without the lock; a thread may see the new value before the writes that precede it [ward-double-checked-lock]
    // CHECK-NOTES: :[[@LINE+5]]:10: note: checked again here, while holding the lock
    // CHECK-NOTES: :[[@LINE+5]]:7: note: written here
    // CHECK-NOTES: :[[@LINE-4]]:8: note: use a static local or std::call_once, or make it an atomic with a release store and an acquire load
    std::lock_guard<std::mutex> guard(mutex);
    // The second check.
    if (!ready)
      ready = true;
  }
}
int *made;
void once() {
  if (made == nullptr) {
    // CHECK-NOTES: :[[@LINE-1]]:7: warning: check-then-act race: 'made' is checked before the lock is acquired, and not again while it is held; two threads can both pass the check [ward-double-checked-lock]
    // CHECK-NOTES: :[[@LINE+2]]:5: note: written here, while holding the lock; check again before this, or acquire the lock before the check
    std::lock_guard<std::mutex> guard(mutex);
    made = new int(1);
  }
}
