// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_ward %s ward-lost-wakeup %t -std=c++17,c++20
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <queue>
#include <thread>
#include <vector>

class PositiveFlag {
  std::mutex mu_;
  std::condition_variable cv_;
  bool done_ = false;
  std::atomic<bool> stop_{false};

public:
  void wait() {
    std::unique_lock<std::mutex> lock(mu_);
    cv_.wait(lock, [this] { return done_ || stop_; });
  }
  void finish() {
    done_ = true;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: possible lost wakeup: 'done_' is written without holding 'mu_', which the waiter holds; a waiter between its check and its wait misses the notification [ward-lost-wakeup]
    cv_.notify_all();
  }
  void stop() {
    stop_ = true; // an atomic does not help: the waiter may be between its check and its wait
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: possible lost wakeup: 'stop_' is written without holding 'mu_', which the waiter holds; a waiter between its check and its wait misses the notification [ward-lost-wakeup]
    cv_.notify_all();
  }
  void stopByStore() {
    stop_.store(true, std::memory_order_release);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: possible lost wakeup: 'stop_' is written without holding 'mu_', which the waiter holds; a waiter between its check and its wait misses the notification [ward-lost-wakeup]
    cv_.notify_one();
  }
  ~PositiveFlag() {
    stop_.exchange(true);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: possible lost wakeup: 'stop_' is written without holding 'mu_', which the waiter holds; a waiter between its check and its wait misses the notification [ward-lost-wakeup]
    cv_.notify_all();
  }
};

class PositiveLoop {
  std::mutex mu_, other_;
  std::condition_variable cv_;
  std::queue<int> items_;
  bool isEmpty() const { return items_.empty(); }

public:
  int take() {
    std::unique_lock<std::mutex> lock(mu_);
    while (isEmpty())
      cv_.wait(lock);
    int item = items_.front();
    items_.pop();
    return item;
  }
  void put(int item) {
    items_.push(item);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: possible lost wakeup: 'items_' is written without holding 'mu_', which the waiter holds; a waiter between its check and its wait misses the notification [ward-lost-wakeup]
    std::lock_guard<std::mutex> wrong(other_);
    cv_.notify_one();
  }
  void putEarlyUnlock(int item) {
    std::unique_lock<std::mutex> lock(mu_);
    lock.unlock();
    items_.push(item);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: possible lost wakeup: 'items_' is written without holding 'mu_', which the waiter holds; a waiter between its check and its wait misses the notification [ward-lost-wakeup]
    cv_.notify_one();
  }
};

bool ready;
std::mutex mu;
std::condition_variable cv;
void positiveGlobal() {
  ready = true;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: possible lost wakeup: 'ready' is written without holding 'mu', which the waiter holds; a waiter between its check and its wait misses the notification [ward-lost-wakeup]
  cv.notify_all();
}
void waitGlobal() {
  std::unique_lock lock(mu);
  cv.wait(lock, [] { return ready; });
}
void negativeGlobal() {
  {
    std::lock_guard lock(mu);
    ready = true;
  }
  cv.notify_all();
}
void negativeUnderLock() {
  std::lock_guard lock(mu);
  ready = true;
  cv.notify_all(); // possibly slower, but correct
}

void positiveLocal() {
  bool done = false;
  std::mutex m;
  std::condition_variable c;
  std::thread t([&] {
    done = true;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: possible lost wakeup: 'done' is written without holding 'm', which the waiter holds; a waiter between its check and its wait misses the notification [ward-lost-wakeup]
    c.notify_one();
  });
  {
    std::unique_lock lock(m);
    c.wait(lock, [&] { return done; });
  }
  t.join();
}

class PositiveTwoMutexes {
  std::mutex a_, b_;
  std::condition_variable cv_;
  int x_ = 0, y_ = 0;

public:
  void waitA() {
    std::unique_lock<std::mutex> lock(a_);
    cv_.wait(lock, [this] { return x_ > 0; });
  }
  void waitB() {
    std::unique_lock<std::mutex> lock(b_);
    cv_.wait(lock, [this] { return x_ > 0; });
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: possible lost wakeup: this wait on 'cv_' uses mutex 'b_', but another one uses 'a_'; holding one of them does not exclude the waiter with the other [ward-lost-wakeup]
  }
};

class PositiveBounded {
  std::mutex mu_;
  std::condition_variable cv_;
  std::queue<int> items_;
  static constexpr unsigned Max = 10;

public:
  void put(int item) {
    std::unique_lock<std::mutex> lock(mu_);
    cv_.wait(lock, [this] { return items_.size() < Max; });
    items_.push(item);
    cv_.notify_one();
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: possible lost wakeup: this notifies one waiter of 'cv_', but its waiters wait for different conditions; the waiter whose condition holds may not wake [ward-lost-wakeup]
    // CHECK-FIXES: cv_.notify_all();
  }
  int take() {
    std::unique_lock<std::mutex> lock(mu_);
    while (items_.empty())
      cv_.wait(lock);
    int item = items_.front();
    items_.pop();
    cv_.notify_one();
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: possible lost wakeup: this notifies one waiter of 'cv_', but its waiters wait for different conditions; the waiter whose condition holds may not wake [ward-lost-wakeup]
    // CHECK-FIXES: cv_.notify_all();
    return item;
  }
};

class NegativeBounded {
  std::mutex mu_;
  std::condition_variable filled_, emptied_;
  std::queue<int> items_;
  bool stop_ = false;

public:
  void put(int item) {
    std::unique_lock<std::mutex> lock(mu_);
    emptied_.wait(lock, [this] { return items_.size() < 10; });
    items_.push(item);
    lock.unlock();
    filled_.notify_one();
  }
  int take() {
    std::unique_lock<std::mutex> lock(mu_);
    filled_.wait(lock, [this] { return !items_.empty(); });
    int item = items_.front();
    items_.pop();
    emptied_.notify_one();
    return item;
  }
};

class NegativeShared { // the same condition, written in two ways
  std::mutex mu_;
  std::condition_variable cv_;
  std::queue<int> items_;
  bool stop_ = false;

public:
  void run() {
    std::unique_lock<std::mutex> lock(mu_);
    while (items_.empty() && !stop_)
      cv_.wait(lock);
  }
  void take() {
    std::unique_lock<std::mutex> lock(mu_);
    cv_.wait(lock, [this] { return !items_.empty(); });
  }
  void put(int i) {
    std::lock_guard<std::mutex> lock(mu_);
    items_.push(i);
    cv_.notify_one();
  }
  void stopAfterwards() {
    // The mutex is acquired between the write and the notification: a waiter that did not see the write already waits.
    std::unique_lock<std::mutex> lock(mu_, std::defer_lock);
    lock.lock();
    stop_ = true;
    lock.unlock();
    cv_.notify_all();
  }
};

class NegativeFence {
  std::mutex mu_;
  std::condition_variable cv_;
  std::atomic<bool> stop_{false};

public:
  void wait() {
    std::unique_lock<std::mutex> lock(mu_);
    cv_.wait(lock, [this] { return stop_.load(); });
  }
  void stop() {
    stop_ = true;
    { std::lock_guard<std::mutex> fence(mu_); }
    cv_.notify_all();
  }
  void stopUnderLock() {
    stop_ = true;
    std::lock_guard<std::mutex> lock(mu_);
    cv_.notify_all();
  }
};

class NegativeHelper {
  std::mutex mu_;
  std::condition_variable cv_;
  bool done_;
  void setDone() { // called with the lock held
    done_ = true;
    cv_.notify_all();
  }
  void setGiven(std::unique_lock<std::mutex> &) {
    done_ = true;
    cv_.notify_all();
  }

public:
  NegativeHelper() {
    done_ = false; // there is no waiter yet
    cv_.notify_all();
  }
  void wait() {
    std::unique_lock<std::mutex> lock(mu_);
    cv_.wait(lock, [this] { return done_; });
    done_ = false;
  }
  void finish() {
    std::lock_guard<std::mutex> lock(mu_);
    setDone();
  }
  void finishToo() {
    std::unique_lock<std::mutex> lock(mu_);
    setGiven(lock);
  }
};

class NegativeReset { // not followed by a notification
  std::mutex mu_;
  std::condition_variable cv_;
  std::atomic<int> count_{0};

public:
  void wait() {
    std::unique_lock<std::mutex> lock(mu_);
    cv_.wait(lock, [this] { return count_ == 0; });
  }
  void add() { ++count_; }
  void notify() { cv_.notify_all(); }
};

struct NegativeUnrelated {
  std::mutex mu_;
  std::condition_variable cv_;
  bool ready_ = false;
  int statistics = 0;
  void wait() {
    std::unique_lock<std::mutex> lock(mu_);
    cv_.wait(lock, [this] { return ready_; });
  }
  void set() {
    {
      std::lock_guard<std::mutex> lock(mu_);
      ready_ = true;
    }
    statistics = 1;
    cv_.notify_all();
  }
};

class PositiveThroughHelper {
  std::mutex mu_;
  std::condition_variable cv_;
  bool done_ = false;
  void wake() { cv_.notify_all(); }

public:
  void wait() {
    std::unique_lock<std::mutex> lock(mu_);
    while (!done_)
      cv_.wait(lock);
  }
  void finish() {
    done_ = true;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: possible lost wakeup: 'done_' is written without holding 'mu_', which the waiter holds; a waiter between its check and its wait misses the notification [ward-lost-wakeup]
    wake();
  }
  void finishRightly() {
    {
      std::lock_guard<std::mutex> lock(mu_);
      done_ = true;
    }
    wake();
  }
};

struct Shared {
  std::mutex m;
  std::condition_variable c;
  bool ready = false;
};
void waitFor(Shared &s) {
  std::unique_lock<std::mutex> lock(s.m);
  s.c.wait(lock, [&s] { return s.ready; });
}
void positiveThroughPointer(Shared *s) {
  s->ready = true;
  // CHECK-MESSAGES: :[[@LINE-1]]:6: warning: possible lost wakeup: 'ready' is written without holding 'm', which the waiter holds; a waiter between its check and its wait misses the notification [ward-lost-wakeup]
  s->c.notify_one();
}

class NegativeSpelling { // one condition, written in several ways
  std::mutex mu_;
  std::condition_variable cv_;
  int count_ = 0;
  std::queue<int> items_;
  std::atomic<bool> open_{false};

public:
  void acquire() {
    std::unique_lock<std::mutex> lock(mu_);
    while (count_ == 0)
      cv_.wait(lock);
    --count_;
  }
  void acquireToo() {
    std::unique_lock<std::mutex> lock(mu_);
    cv_.wait(lock, [this] { return count_ > 0; });
    --count_;
  }
  void release() {
    std::lock_guard<std::mutex> lock(mu_);
    ++count_;
    cv_.notify_one();
  }
};
class PositiveDifferent {
  std::mutex mu_;
  std::condition_variable cv_;
  int count_ = 0;

public:
  void untilSome() {
    std::unique_lock<std::mutex> lock(mu_);
    while (count_ == 0)
      cv_.wait(lock);
  }
  void untilNone() {
    std::unique_lock<std::mutex> lock(mu_);
    cv_.wait(lock, [this] { return count_ == 0; });
  }
  void change() {
    std::lock_guard<std::mutex> lock(mu_);
    ++count_;
    cv_.notify_one();
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: possible lost wakeup: this notifies one waiter of 'cv_', but its waiters wait for different conditions; the waiter whose condition holds may not wake [ward-lost-wakeup]
    // CHECK-FIXES: cv_.notify_all();
  }
};

class NegativeUnlocksForAWhile { // the callers acquire the lock
  std::mutex mu_;
  std::condition_variable cv_;
  bool done_ = false;
  void setDone() {
    done_ = true;
    cv_.notify_all();
  }

public:
  void wait() {
    std::unique_lock<std::mutex> lock(mu_);
    cv_.wait(lock, [this] { return done_; });
  }
  void finish() {
    std::unique_lock<std::mutex> lock(mu_);
    try {
      lock.unlock();
      throw 1;
    } catch (...) {
      if (!lock.owns_lock())
        lock.lock();
      setDone();
    }
  }
};

class PositiveReset { // the notification is for the write in finish()
  std::mutex mu_;
  std::condition_variable cv_;
  std::atomic<bool> stop_{false};
  void finish() {
    stop_ = true;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: possible lost wakeup: 'stop_' is written without holding 'mu_', which the waiter holds; a waiter between its check and its wait misses the notification [ward-lost-wakeup]
    cv_.notify_all();
  }

public:
  void wait() {
    std::unique_lock<std::mutex> lock(mu_);
    cv_.wait(lock, [this] { return stop_ == true; });
  }
  void run() {
    stop_ = false;
    finish();
  }
};

class PositiveHelpers { // one function writes, the other notifies, neither holds the lock
  std::mutex mu_;
  std::condition_variable cv_;
  bool done_ = false;
  void mark() { done_ = true; }
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: possible lost wakeup: 'done_' is written without holding 'mu_', which the waiter holds; a waiter between its check and its wait misses the notification [ward-lost-wakeup]
  void wake() { cv_.notify_all(); }

public:
  void wait() {
    std::unique_lock<std::mutex> lock(mu_);
    cv_.wait(lock, [this] { return done_; });
  }
  void finish() {
    mark();
    wake();
  }
};

class NegativeHelpersUnderLock {
  std::mutex mu_;
  std::condition_variable cv_;
  bool done_ = false;
  void mark() { done_ = true; }
  void wake() { cv_.notify_all(); }

public:
  void wait() {
    std::unique_lock<std::mutex> lock(mu_);
    cv_.wait(lock, [this] { return done_; });
  }
  void finish() {
    std::unique_lock<std::mutex> lock(mu_);
    mark();
    lock.unlock();
    wake();
  }
};

class NegativeRequires {
  std::mutex mu_;
  std::condition_variable cv_;
  bool done_ = false;

public:
  void wait() {
    std::unique_lock<std::mutex> lock(mu_);
    cv_.wait(lock, [this] { return done_; });
  }
  void finish() __attribute__((exclusive_locks_required(mu_))) {
    done_ = true;
    cv_.notify_all();
  }
};
