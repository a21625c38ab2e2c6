// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-double-checked-lock %t
#include <mutex>
std::mutex mutex;
bool ready;
void notes() {
  if (!ready) {
    // CHECK-NOTES: :[[@LINE-1]]:8: warning: 'ready' is checked here without the lock under which it is set: a thread may see it set, but not yet what was written before [ward-double-checked-lock]
    // CHECK-NOTES: :[[@LINE+5]]:10: note: it is checked again here, with the lock
    // CHECK-NOTES: :[[@LINE+5]]:7: note: and set here
    // CHECK-NOTES: :[[@LINE-4]]:8: note: make it a static local or use std::call_once; or make it an atomic that is stored with release and loaded with acquire
    std::lock_guard<std::mutex> guard(mutex);
    // The second check.
    if (!ready)
      ready = true;
  }
}
