// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-thread-lifecycle %t -config="{CheckOptions: {ward-thread-lifecycle.ReportDetach: false}}" -- -- -I%S/../capture/Inputs
#include "boost_thread.h"
#include <pthread.h>
#include <thread>

void work();

void positiveBoost() {
  boost::thread t(work);
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 't' may still be joinable when it is destroyed, which lets its thread go [ward-thread-lifecycle]
}
void positiveBoostTwice() {
  boost::thread t(work);
  t.join();
  t.join();
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 't' has no thread to join or detach here: it was joined, detached or moved away before [ward-thread-lifecycle]
}
void positiveBoostOverwritten() {
  boost::thread t(work);
  t = boost::thread(work);
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 't' may still be joinable when it is assigned over, which lets its thread go [ward-thread-lifecycle]
  t.join();
}
void positiveBoostAsync() {
  boost::async(work);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the future that nobody takes waits here until the task is done: nothing runs at the same time [ward-thread-lifecycle]
}
void negativeBoost() {
  boost::thread t(work);
  if (t.joinable())
    t.join();
  boost::thread_group group;
  group.create_thread(work);
  group.join_all();
}
// Detaching is not asked about here.
void negativeDetach(pthread_t p) {
  std::thread t(work);
  t.detach();
  pthread_detach(p);
}
