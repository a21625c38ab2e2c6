// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-guard-in-condition,ward-loose-guard,ward-blocking-under-lock,ward-guard-across-suspend,ward-missing-lock,ward-lost-wakeup,ward-thread-lifecycle %t -std=c++20
// With all of these checks enabled, a defect that two of them find is reported by the more specific one.
#include "coroutines.h"

#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>
#include <queue>
#include <thread>

void work();
void use(int);

class Queue {
  std::mutex mu_;
  std::condition_variable filled_;
  std::queue<int> items_;

public:
  int pop() {
    std::unique_lock<std::mutex> lock(mu_);
    filled_.wait(lock, [this] { return !items_.empty(); });
    int item = items_.front();
    items_.pop();
    return item;
  }
  void push(int item) {
    std::unique_lock<std::mutex> lock(mu_);
    items_.push(item);
    filled_.notify_one();
  }
  void positiveUnlocked(int item) { // no ward-missing-lock
    items_.push(item);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: possible lost wakeup: 'items_' is written without holding 'mu_', which the waiter holds; a waiter between its check and its wait misses the notification [ward-lost-wakeup]
    filled_.notify_one();
  }
  void positiveDiscardedFuture() { // no ward-blocking-under-lock
    std::lock_guard<std::mutex> guard(mu_);
    std::async(work);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: this future is discarded, and its destructor waits for the task; nothing runs concurrently [ward-thread-lifecycle]
    items_.pop();
  }
  void positiveSleep() { // no ward-loose-guard
    std::lock_guard<std::mutex> guard(mu_);
    items_.pop();
    std::this_thread::sleep_for(std::chrono::seconds(1));
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'sleep_for' sleeps while holding 'mu_'; other threads that need the lock are blocked meanwhile [ward-blocking-under-lock]
    use(1);
  }
  Task positiveSuspends() { // no ward-guard-in-condition
    if (std::lock_guard<std::mutex> guard(mu_); items_.empty())
      // CHECK-MESSAGES: :[[@LINE-1]]:37: warning: 'guard' is held while the coroutine is suspended; other threads that need the lock are blocked until the coroutine resumes, possibly on another thread, where the release is undefined behaviour [ward-guard-across-suspend]
      co_await later();
  }
  Task later();
};
