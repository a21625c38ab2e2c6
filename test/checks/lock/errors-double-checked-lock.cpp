// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-double-checked-lock %t --expect-errors
// Code that does not compile: what is in front of it is checked all the same.
#include <mutex>
std::mutex mutex;
bool ready;
void positiveInFrontOfErrors() {
  if (!ready) {
    // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: possible data race: double-checked locking reads 'ready' without the lock
    std::lock_guard<std::mutex> guard(mutex);
    if (!ready)
      ready = true;
  }
}
#include "broken-code.h"
