// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-thread-lifecycle %t -config="{CheckOptions: {ward-thread-lifecycle.Strict: true}}"
#include <pthread.h>
#include <thread>

void work();
void opaque();
void quiet() noexcept;

void positiveOpaque() {
  std::thread t(work);
  // CHECK-NOTES: :[[@LINE-1]]:15: warning: 't' may still be joinable when it is destroyed, which ends the program [ward-thread-lifecycle]
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
  // CHECK-NOTES: :[[@LINE-1]]:15: warning: 'worker_' is destroyed with its object, and nothing joins its thread before: that ends the program [ward-thread-lifecycle]

public:
  void start() { worker_ = std::thread(work); }
  // CHECK-NOTES: :[[@LINE-1]]:28: note: its thread starts here
  void stop() { worker_.join(); }
};
void positiveDetach(pthread_t t) {
  pthread_detach(t);
  // CHECK-NOTES: :[[@LINE-1]]:3: warning: nothing can wait for a detached thread: it may outlive what it uses, and the end of the program cuts it off anywhere [ward-thread-lifecycle]
}
