// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-wait-without-predicate %t -config="{CheckOptions: {ward-wait-without-predicate.CheckTimed: false}}"
#include <chrono>
#include <condition_variable>
#include <mutex>

std::mutex mu;
std::condition_variable cv;

void positiveUntimed() {
  std::unique_lock<std::mutex> lock(mu);
  cv.wait(lock);
  // CHECK-NOTES: :[[@LINE-1]]:6: warning: this wait can return without a notification (spurious wake-up); call it in a loop, or pass a predicate [ward-wait-without-predicate]
  // CHECK-NOTES: :[[@LINE-2]]:6: note: write 'while (!ready) wait(...);', or pass a predicate
}
void negativeTimed() {
  std::unique_lock<std::mutex> lock(mu);
  cv.wait_for(lock, std::chrono::seconds(1));
}

void pause(std::unique_lock<std::mutex> &lock) { cv.wait(lock); }
void positiveThroughWrapper() {
  std::unique_lock<std::mutex> lock(mu);
  pause(lock);
  // CHECK-NOTES: :[[@LINE-1]]:3: warning: this wait can return without a notification (spurious wake-up); call it in a loop, or pass a predicate [ward-wait-without-predicate]
  // CHECK-NOTES: :[[@LINE-5]]:53: note: waits here
  // CHECK-NOTES: :[[@LINE-3]]:3: note: write 'while (!ready) pause(...);'
}
