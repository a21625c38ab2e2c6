// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-borrow-outlives-scope,ward-thread-lifecycle %t
// A std::thread that is not joined terminates the program before a borrow can dangle: only ward-thread-lifecycle reports it.
#include <thread>
#include <vector>

void positiveEarlyReturn(bool early) {
  int local = 0;
  std::thread t([&] { ++local; });
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: 't' may still be joinable when it is destroyed, which terminates the program [ward-thread-lifecycle]
  if (early)
    return;
  t.join();
}
void positiveDetached() {
  int local = 0;
  std::thread t([&] { ++local; });
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: possible use-after-free: this thread refers to 'local', which may be destroyed while the thread still runs [ward-borrow-outlives-scope]
  t.detach();
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: a detached thread cannot be joined
}
