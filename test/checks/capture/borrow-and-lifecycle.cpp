// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-borrow-outlives-scope,ward-thread-lifecycle %t
// A std::thread that nobody joins ends the program, and so no borrow goes wrong: ward-thread-lifecycle tells.
#include <thread>
#include <vector>

void positiveEarlyReturn(bool early) {
  int local = 0;
  std::thread t([&] { ++local; });
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: 't' may still be joinable when it is destroyed, which ends the program [ward-thread-lifecycle]
  if (early)
    return;
  t.join();
}
void positiveDetached() {
  int local = 0;
  std::thread t([&] { ++local; });
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: the thread started here refers to 'local', and may still run when that is gone [ward-borrow-outlives-scope]
  t.detach();
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: nothing can wait for a detached thread
}
