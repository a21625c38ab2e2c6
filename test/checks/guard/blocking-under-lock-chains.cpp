// RUN: %check_ward %s ward-blocking-under-lock %t
// Calls through functions of the unit, with the chain in the notes.

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <pthread.h>
#include <thread>
#include <unistd.h>

using namespace std::chrono_literals;

struct Log {
  std::mutex mu_, other_;
  std::condition_variable wake_;
  int fd_ = 0;
  bool ready_ = false;

  void write(const char *text) { flush(text); }
  void flush(const char *text) {
    ::write(fd_, text, 1);
  }

  void positiveChain() {
    std::lock_guard<std::mutex> guard(mu_);
    write("x");
    // CHECK-NOTES: :[[@LINE-1]]:5: warning: 'write' may block while holding 'mu_'; other threads that need the lock are blocked meanwhile [ward-blocking-under-lock]
    // CHECK-NOTES: :[[@LINE-9]]:34: note: 'write' calls 'flush' here
    // CHECK-NOTES: :[[@LINE-8]]:5: note: 'flush' calls 'write' here, which performs I/O
    // CHECK-NOTES: :[[@LINE-5]]:33: note: 'mu_' is acquired here
  }

  // The callee releases the lock before it sleeps, and acquires it again.
  void negativeReleases() {
    std::unique_lock<std::mutex> guard(mu_);
    slowPart(guard);
  }
  void slowPart(std::unique_lock<std::mutex> &held) {
    held.unlock();
    std::this_thread::sleep_for(1s);
    held.lock();
  }
  void negativeReleasesMember() {
    mu_.lock();
    slowMember();
    mu_.unlock();
  }
  void slowMember() {
    mu_.unlock();
    flush("y");
    mu_.lock();
  }

  // The wait releases the lock that it is passed.
  void negativeWaits() {
    std::unique_lock<std::mutex> guard(mu_);
    await(guard);
    awaitMember(guard);
  }
  void await(std::unique_lock<std::mutex> &held) {
    while (!ready_)
      wake_.wait(held);
  }
  void awaitMember(std::unique_lock<std::mutex> &held) { await(held); }

  void positiveWaitsWithOther() {
    std::lock_guard<std::mutex> outer(other_);
    std::unique_lock<std::mutex> guard(mu_);
    awaitMember(guard);
    // CHECK-NOTES: :[[@LINE-1]]:5: warning: 'awaitMember' may block while holding 'other_'; other threads that need the lock are blocked meanwhile
    // CHECK-NOTES: :[[@LINE-7]]:58: note: 'awaitMember' calls 'await' here
    // CHECK-NOTES: :[[@LINE-10]]:13: note: 'await' calls 'wait' here, which waits for another thread
    // CHECK-NOTES: :[[@LINE-6]]:33: note: 'other_' is acquired here
  }

  // The callee waits with a lock of its own; its caller's lock stays held.
  int pop() {
    std::unique_lock<std::mutex> guard(mu_);
    wake_.wait(guard, [this] { return ready_; });
    return fd_;
  }
  void positivePop() {
    std::lock_guard<std::mutex> outer(other_);
    pop();
    // CHECK-NOTES: :[[@LINE-1]]:5: warning: 'pop' may block while holding 'other_'; other threads that need the lock are blocked meanwhile
    // CHECK-NOTES: :[[@LINE-7]]:11: note: 'pop' calls 'wait' here, which waits for another thread
    // CHECK-NOTES: :[[@LINE-4]]:33: note: 'other_' is acquired here
  }

  void negativeNotCalled() {
    std::lock_guard<std::mutex> guard(mu_);
    std::function<void()> later = [this] { flush("z"); };
    std::thread([this] { flush("z"); }).detach();
    later = nullptr;
  }
  void recursive(int n) {
    if (n)
      recursive(n - 1);
  }
  void negativeRecursive() {
    std::lock_guard<std::mutex> guard(mu_);
    recursive(3);
  }
};

// A condition variable that keeps a pointer to its mutex, as wrappers do.
struct Mutex {
  void lock() { pthread_mutex_lock(&raw_); }
  void unlock() { pthread_mutex_unlock(&raw_); }
  pthread_mutex_t raw_;
};
struct Cond {
  explicit Cond(Mutex *mutex) : mutex_(mutex) {}
  void wait() { pthread_cond_wait(&raw_, &mutex_->raw_); }
  Mutex *mutex_;
  pthread_cond_t raw_;
};
struct Db {
  Mutex mutex_, second_;
  Cond done_{&mutex_};
  bool busy_ = false;
  void negativeWrapper() {
    std::lock_guard<Mutex> guard(mutex_);
    while (busy_)
      done_.wait();
  }
  void positiveWrapperWithTwo() {
    std::lock_guard<Mutex> outer(second_);
    std::lock_guard<Mutex> guard(mutex_);
    while (busy_)
      done_.wait();
      // CHECK-NOTES: :[[@LINE-1]]:13: warning: 'wait' may block while holding 'second_' and 'mutex_'; other threads that need the lock are blocked meanwhile
      // CHECK-NOTES: :[[@LINE-19]]:17: note: 'wait' calls 'pthread_cond_wait' here, which waits for another thread
      // CHECK-NOTES: :[[@LINE-6]]:28: note: 'second_' is acquired here
      // CHECK-NOTES: :[[@LINE-6]]:28: note: 'mutex_' is acquired here
  }
};

// A guard passed by value holds its lock as long as the function does not use it.
void positiveGuardByValue(std::unique_lock<std::mutex> lock) {
  ::sleep(1);
  // CHECK-NOTES: :[[@LINE-1]]:3: warning: 'sleep' sleeps while holding 'lock'; other threads that need the lock are blocked meanwhile [ward-blocking-under-lock]
  // CHECK-NOTES: :[[@LINE-3]]:56: note: 'lock' is held by the caller of this function
}
void negativeGuardByValueReleased(std::unique_lock<std::mutex> lock, std::unique_lock<std::mutex> &lent) {
  lock.unlock();
  ::sleep(1);
}
