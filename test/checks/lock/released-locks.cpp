// RUN: %check_ward %s ward-missing-lock %t --fixes-annotate
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Locks that are released and reacquired manually, also on behalf of the caller; asserted locks; copies of guarded pointers.
#include <atomic>
#include <mutex>
#include <utility>
#include <vector>

#define GUARDED_BY(x) __attribute__((guarded_by(x)))
#define REQUIRES(x) __attribute__((requires_capability(x)))

class Mutex {
public:
  void Lock() { mu_.lock(); }
  void Unlock() { mu_.unlock(); }
  void AssertHeld() {}
private:
  std::mutex mu_;
};
class MutexLock {
public:
  explicit MutexLock(Mutex *mu) : mu_(mu) { mu_->Lock(); }
  ~MutexLock() { mu_->Unlock(); }
private:
  Mutex *const mu_;
};
struct Table { int refs = 0; int get() const; };

class Store {
  Mutex mutex_;
  int state_ GUARDED_BY(mutex_) = 0;
  Table *table_ = nullptr;
// CHECK-FIXES: {{^}}  Table *table_ GUARDED_BY(mutex_) = nullptr;
public:
  ~Store() { release(); }
  void write(bool sync) {
    MutexLock l(&mutex_);
    makeRoom(sync);
    if (sync) {
      mutex_.Unlock();
      mutex_.Lock();
    }
    state_ = 1;
    table_ = nullptr;
  }
  int read() {
    MutexLock l(&mutex_);
    Table *table = table_;
    mutex_.Unlock();
    int result = table->get();
    mutex_.Lock();
    state_ = 2;
    return result;
  }
  void swap(Table *t) { MutexLock l(&mutex_); table_ = t; release(); }
  void positiveAfterUnlock() {
    MutexLock l(&mutex_);
    mutex_.Unlock();
    state_ = 3;
// CHECK-MESSAGES: :[[@LINE-1]]:5: warning: possible data race: 'Store::state_' is written without holding 'mutex_', which guards it [ward-missing-lock]
    mutex_.Lock();
  }
  int positive() { return table_->get(); }
// CHECK-MESSAGES: :[[@LINE-1]]:27: warning: possible data race: 'Store::table_' is read without holding 'mutex_', which 4 of its 5 accesses hold [ward-missing-lock]
private:
  void makeRoom(bool wait) REQUIRES(mutex_) {
    mutex_.AssertHeld();
    while (wait) {
      mutex_.Unlock();
      wait = false;
      mutex_.Lock();
    }
    state_ = 4;
  }
  void release() { state_ = 0; table_ = nullptr; }
  void byHand() { // releases the lock of its caller
    mutex_.Unlock();
    mutex_.Lock();
    state_ = 5;
  }
};

// A required lock is held when the function returns, even if it is released in between.
class __attribute__((capability("mutex"))) Turnstile {
public:
  void lock() __attribute__((acquire_capability())) { raw_.lock(); }
  void unlock() __attribute__((release_capability())) { raw_.unlock(); }
private:
  std::mutex raw_;
};
class Fibers {
public:
  void suspend() REQUIRES(gate_) {
    idle();
    blocked_++;
  }
  void resume() REQUIRES(gate_) { blocked_--; }
  void stop() {
    gate_.lock();
    idle();
    blocked_ = 0;
    gate_.unlock();
  }
  int positive() { return blocked_; }
// CHECK-MESSAGES: :[[@LINE-1]]:27: warning: possible data race: 'Fibers::blocked_' is read without holding 'gate_', which 3 of its 4 accesses hold [ward-missing-lock]
private:
  void idle() REQUIRES(gate_) {
    if (work_ > 0)
      return;
    gate_.unlock();
    spin();
  }
  void spin(); // reacquires it, in another unit
  Turnstile gate_;
  std::atomic<int> work_{0};
  int blocked_ = 0;
};

// A mutex that is locked manually, and released and reacquired in a loop: it is held whichever call acquired it last.
class Poller {
public:
  void add() { std::lock_guard<std::mutex> l(mutex_); ++handles_; }
  void work(int timeout) {
    mutex_.lock();
    while (timeout > 0) {
      if (handles_ > 4)
        timeout++;
      mutex_.unlock();
      --timeout;
      mutex_.lock();
      if (std::exchange(kicked_, false))
        break;
    }
    handles_ = 0;
    mutex_.unlock();
  }
  void either(bool fast) {
    if (fast)
      mutex_.lock();
    else
      mutex_.lock();
    handles_ = 1;
    kicked_ = true;
    mutex_.unlock();
  }
  void positive(bool lock) {
    if (lock)
      mutex_.lock();
    handles_ = 2;
// CHECK-MESSAGES: :[[@LINE-1]]:5: warning: possible data race: 'Poller::handles_' is written without holding 'mutex_', which 4 of its 5 accesses hold [ward-missing-lock]
    if (lock)
      mutex_.unlock();
  }
private:
  std::mutex mutex_;
  int handles_ = 0;
  bool kicked_ = false;
};
