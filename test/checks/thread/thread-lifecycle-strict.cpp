// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-thread-lifecycle %t -config="{CheckOptions: {ward-thread-lifecycle.Strict: true}}"
#include <pthread.h>
#include <thread>

void work();
void opaque();
void quiet() noexcept;

void positiveOpaque() {
  std::thread t(work);
  // CHECK-NOTES: :[[@LINE-1]]:15: warning: 't' may still be joinable when it is destroyed, which terminates the program [ward-thread-lifecycle]
  // CHECK-NOTES: :[[@LINE+1]]:3: note: an exception from here destroys it
  opaque();
  t.join();
}
void negativeQuiet() {
  std::thread t(work);
  quiet();
  t.join();
}
class PositiveStop {
  std::thread worker_;
  // CHECK-NOTES: :[[@LINE-1]]:15: warning: 'worker_' is not joined before its object is destroyed, which terminates the program [ward-thread-lifecycle]

public:
  void start() { worker_ = std::thread(work); }
  // CHECK-NOTES: :[[@LINE-1]]:28: note: its thread is started here
  void stop() { worker_.join(); }
};
void positiveDetach(pthread_t t) {
  pthread_detach(t);
  // CHECK-NOTES: :[[@LINE-1]]:3: warning: a detached thread cannot be joined; it may outlive the objects it uses, and may be stopped at any point when the program exits [ward-thread-lifecycle]
}
