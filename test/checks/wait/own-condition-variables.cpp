// RUN: %check_ward %s ward-wait-without-predicate,ward-lost-wakeup,ward-relock,ward-blocking-under-lock,ward-thread-lifecycle %t
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Condition variables of the user's: a function that only waits releases the lock that its caller passes, and is judged there.
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <pthread.h>
#include <thread>

// A monitor lock and its condition, as of a portability layer.
class Mutex {
public:
  void Acquire() { pthread_mutex_lock(&raw_); }
  void Release() { pthread_mutex_unlock(&raw_); }
private:
  friend class Condition;
  pthread_mutex_t raw_ = PTHREAD_MUTEX_INITIALIZER;
};
class Locked {
public:
  explicit Locked(Mutex *m) : m_(m) { m_->Acquire(); }
  ~Locked() { m_->Release(); }
  Locked(const Locked &) = delete;
private:
  Mutex *m_;
};
class Condition {
public:
  explicit Condition(Mutex *m) : m_(m) { pthread_cond_init(&raw_, nullptr); }
  void Wait() { pthread_cond_wait(&raw_, &m_->raw_); }
  bool WaitUntil(const timespec *until) {
    ++waits_;
    int result = pthread_cond_timedwait(&raw_, &m_->raw_, until);
    return result != ETIMEDOUT;
  }
  void Signal() { pthread_cond_signal(&raw_); }
private:
  pthread_cond_t raw_;
  Mutex *m_;
  int waits_ = 0;
};
class Mailbox {
public:
  void negativeLoop() {
    Locked l(&mutex_);
    while (letters_ == 0)
      arrived_.Wait();
    --letters_;
  }
  void positiveOnce() {
    Locked l(&mutex_);
    if (letters_ == 0)
      arrived_.Wait();
    // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: this wait can return without a notification (spurious wake-up); call it in a loop [ward-wait-without-predicate]
    // CHECK-FIXES: while (letters_ == 0)
    --letters_;
  }
  void negativePut() {
    Locked l(&mutex_);
    ++letters_;
    arrived_.Signal();
  }
private:
  Mutex mutex_;
  Condition arrived_{&mutex_};
  int letters_ = 0;
};

// By a guard, by pointer, and by a template over the lock.
class Event {
public:
  void wait(std::unique_lock<std::mutex> &lock) { cv_.wait(lock); }
  void waitPointer(std::unique_lock<std::mutex> *lock) { cv_.wait(*lock); }
  template <class Lock, class Ready> void waitFor(Lock &lock, Ready ready) {
    while (!ready())
      cv_.wait(lock);
  }
  void wake() { cv_.notify_all(); }
private:
  std::condition_variable cv_;
};
class Queue {
public:
  void negativeReference() {
    std::unique_lock<std::mutex> lock(mutex_);
    while (size_ == 0)
      event_.wait(lock);
  }
  void negativePredicate() {
    std::unique_lock<std::mutex> lock(mutex_);
    event_.waitFor(lock, [this] { return size_ > 0; });
  }
  void positivePointer() {
    std::unique_lock<std::mutex> lock(mutex_);
    event_.waitPointer(&lock);
    // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: this wait can return without a notification (spurious wake-up); call it in a loop, or pass a predicate [ward-wait-without-predicate]
  }
  void negativePush() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      ++size_;
    }
    event_.wake();
  }
  void positivePush() {
    ++size_;
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: possible lost wakeup: 'size_' is written without holding 'mutex_', which the waiter holds; a waiter between its check and its wait misses the notification [ward-lost-wakeup]
    event_.wake();
  }
  void positiveOther() {
    std::lock_guard<std::mutex> other(other_);
    std::unique_lock<std::mutex> lock(mutex_);
    while (size_ == 0)
      event_.wait(lock);
    // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: 'wait' may block while holding 'other_'; other threads that need the lock are blocked meanwhile [ward-blocking-under-lock]
  }
private:
  std::mutex mutex_, other_;
  Event event_;
  int size_ = 0;
};

// Free functions: with a deadline, or bookkeeping.
timespec deadlineIn(int milliseconds);
bool waitAtMost(pthread_cond_t *cond, pthread_mutex_t *mutex, int milliseconds) {
  timespec until = deadlineIn(milliseconds);
  return pthread_cond_timedwait(cond, mutex, &until) == 0;
}
struct Box {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t filled = PTHREAD_COND_INITIALIZER;
  int n = 0;
};
bool negativeTimed(Box &box) {
  pthread_mutex_lock(&box.mutex);
  while (box.n == 0 && waitAtMost(&box.filled, &box.mutex, 10))
    ;
  bool any = box.n > 0;
  pthread_mutex_unlock(&box.mutex);
  return any;
}
void positiveFree(Box &box) {
  pthread_mutex_lock(&box.mutex);
  waitAtMost(&box.filled, &box.mutex, 10);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this wait can return without a notification (spurious wake-up); call it in a loop [ward-wait-without-predicate]
  --box.n;
  pthread_mutex_unlock(&box.mutex);
}

// Not only a wait: it acquires the lock itself, and checks its own state.
class Latch {
public:
  void wait() {
    std::unique_lock<std::mutex> lock(mutex_);
    while (!open_)
      cv_.wait(lock);
  }
  void open() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      open_ = true;
    }
    cv_.notify_all();
  }
private:
  std::mutex mutex_;
  std::condition_variable cv_;
  bool open_ = false;
};
void negativeLatch(Latch &latch) { latch.wait(); }

// A class that adopts the caller's lock.
class Native {
public:
  void lock() { raw_.lock(); }
  void unlock() { raw_.unlock(); }
  std::mutex raw_;
};
struct Borrowed : std::unique_lock<std::mutex> {
  explicit Borrowed(Native &m) : std::unique_lock<std::mutex>(m.raw_, std::adopt_lock) {}
  ~Borrowed() { release(); }
};
class NativeCondition {
public:
  void wait(Native &m) {
    Borrowed held(m);
    cv_.wait(held);
  }
  void notify() { cv_.notify_one(); }
private:
  std::condition_variable cv_;
};
class Office {
public:
  void negativeAdopted() {
    std::lock_guard<Native> lock(mutex_);
    while (!ready_)
      changed_.wait(mutex_);
  }
  void positiveAdopted() {
    std::lock_guard<Native> lock(mutex_);
    changed_.wait(mutex_);
    // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: this wait can return without a notification (spurious wake-up); call it in a loop, or pass a predicate [ward-wait-without-predicate]
  }
  void positiveSet() {
    ready_ = true;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: possible lost wakeup: 'ready_' is written without holding 'mutex_', which the waiter holds; a waiter between its check and its wait misses the notification [ward-lost-wakeup]
    changed_.notify();
  }
private:
  Native mutex_;
  NativeCondition changed_;
  bool ready_ = false;
};

// Functions that only detach.
void run();
class Job {
public:
  Job() : thread_(run) {}
  ~Job() {
    if (thread_.joinable())
      thread_.join();
  }
  void letGo() {
    if (thread_.joinable())
      thread_.detach();
  }
private:
  std::thread thread_;
};
void positiveDetach() {
  Job job;
  job.letGo();
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: a detached thread cannot be joined; it may outlive the objects it uses, and may be stopped at any point when the program exits [ward-thread-lifecycle]
}
void positiveDirect() {
  std::thread t(run);
  t.detach();
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: a detached thread cannot be joined; it may outlive the objects it uses, and may be stopped at any point when the program exits [ward-thread-lifecycle]
}

// --- a deadline in a class of the project's own, compared before the wait ---
namespace deadlines {
struct Time {
  long ticks = 0;
  bool operator>=(const Time &other) const { return ticks >= other.ticks; }
  Time operator-(const Time &other) const { return {ticks - other.ticks}; }
  static Time now();
};
class Condition {
  std::condition_variable cv_;
  bool set_ = false;
  bool isLate(const Time &when) const { return set_ && when.ticks > 0; }
public:
  bool negativeWaitFor(std::unique_lock<std::mutex> &lock, Time span) {
    return cv_.wait_for(lock, std::chrono::milliseconds(span.ticks)) == std::cv_status::no_timeout;
  }
  bool negativeWaitUntil(std::unique_lock<std::mutex> &lock, const Time &end) {
    const Time now = Time::now();
    if (now >= end)
      return false;
    return negativeWaitFor(lock, end - now);
  }
  bool positiveWaitUntil(std::unique_lock<std::mutex> &lock, const Time &end) {
    if (isLate(end))
      return false;
    return negativeWaitFor(lock, end);
    // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: this wait can return without a notification (spurious wake-up); call it in a loop, or pass a predicate [ward-wait-without-predicate]
  }
};
class Late {
  std::mutex m_;
  Condition c_;
  bool ready_ = false;
public:
  void positive(const Time &end) {
    std::unique_lock<std::mutex> lock(m_);
    if (!ready_)
      c_.negativeWaitUntil(lock, end);
    // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: this wait can return without a notification (spurious wake-up); call it in a loop, or pass a predicate [ward-wait-without-predicate]
    ready_ = false;
  }
  bool negative(const Time &end) {
    std::unique_lock<std::mutex> lock(m_);
    while (!ready_)
      if (!c_.negativeWaitUntil(lock, end))
        return false;
    return true;
  }
  void set() {
    std::lock_guard<std::mutex> lock(m_);
    ready_ = true;
  }
};
} // namespace deadlines
