// RUN: %check_ward %s ward-manual-lock %t -std=c++20

#include <mutex>
#include <pthread.h>
#include <shared_mutex>
#include <stdexcept>
#include <vector>

int mayThrow();
int never() noexcept;
bool condition();

struct Counter {
  std::mutex mu_, other_, third_, fourth_;
  std::shared_mutex shared_;
  pthread_mutex_t raw_;
  std::vector<int> items_;
  int n_ = 0;

  void positiveEarlyReturn(bool early) {
    mu_.lock();
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'mu_' is not released on some path before the function returns; use a guard, which releases it on every path [ward-manual-lock]
    if (early)
      return;
    ++n_;
    mu_.unlock();
  }
  void positiveThrow(bool bad) {
    mu_.lock();
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'mu_' is not released if an exception is thrown; use a guard, which releases it on every path
    if (bad)
      throw std::runtime_error("bad");
    mu_.unlock();
  }
  void positiveException() {
    mu_.lock();
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'mu_' is not released if an exception is thrown; use a guard, which releases it on every path
    items_.push_back(1);
    mu_.unlock();
  }
  void positiveForgotten() {
    other_.lock();
    // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 'other_' is not released on any path before the function returns; use a guard, which releases it on every path
    ++n_;
  }
  void positivePthread(bool early) {
    pthread_mutex_lock(&raw_);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'raw_' is not released on some path before the function returns; use a guard, which releases it on every path
    if (early)
      return;
    pthread_mutex_unlock(&raw_);
  }
  void positiveShared(bool early) {
    shared_.lock_shared();
    // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: 'shared_' is not released on some path before the function returns; use a guard, which releases it on every path
    if (early)
      return;
    shared_.unlock_shared();
  }
  void positiveTwice() {
    mu_.lock();
    ++n_;
    mu_.unlock();
    mu_.unlock();
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'mu_' is unlocked here, but is not held; this is undefined behaviour, and may release the lock of another thread
  }
  void positiveOnSomePath(bool some) {
    if (some)
      mu_.lock();
    ++n_;
    mu_.unlock();
    // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'mu_' is unlocked here, but is not held on some path; this is undefined behaviour, and may release the lock of another thread
  }
  void positiveGuardTwice() {
    std::unique_lock<std::mutex> guard(mu_);
    guard.unlock();
    guard.unlock();
    // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: 'guard' is unlocked here, but owns no lock; this is an error
  }
  void positiveTry() {
    if (mu_.try_lock()) {
    // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: 'mu_' is not released if an exception is thrown; use a guard, which releases it on every path
      n_ = mayThrow();
      mu_.unlock();
    }
  }

  int negativeLockFails() {
    if (pthread_mutex_lock(&raw_))
      throw std::runtime_error("lock");
    pthread_mutex_unlock(&raw_);
    int status = pthread_mutex_lock(&raw_);
    if (status != 0)
      return status;
    ++n_;
    return pthread_mutex_unlock(&raw_);
  }
  void negativeBalanced() {
    mu_.lock();
    ++n_;
    n_ = never();
    mu_.unlock();
  }
  void negativeBothPaths(bool some) {
    mu_.lock();
    if (some) {
      mu_.unlock();
      return;
    }
    ++n_;
    mu_.unlock();
  }
  void negativeAdopted() {
    mu_.lock();
    std::lock_guard<std::mutex> guard(mu_, std::adopt_lock);
    n_ = mayThrow();
  }
  void negativeStdLock() {
    std::lock(mu_, third_);
    std::lock_guard<std::mutex> a(mu_, std::adopt_lock), b(third_, std::adopt_lock);
    n_ = mayThrow();
  }
  void negativeSameCondition(bool threads) {
    if (threads)
      mu_.lock();
    ++n_;
    if (threads)
      mu_.unlock();
  }
  void negativeCaught() {
    mu_.lock();
    try {
      n_ = mayThrow();
    } catch (...) {
    }
    mu_.unlock();
  }
  void negativeUnlockedAround() {
    mu_.unlock();
    n_ = mayThrow();
    mu_.lock();
  }
  void negativeLoop() {
    mu_.lock();
    while (condition2()) {
      mu_.unlock();
      mayThrow();
      mu_.lock();
    }
    mu_.unlock();
  }
  bool condition2() noexcept { return n_ > 0; }
  void negativeTry() {
    if (mu_.try_lock()) {
      ++n_;
      mu_.unlock();
    }
  }
  void negativeTryFails() {
    if (!mu_.try_lock())
      return;
    ++n_;
    mu_.unlock();
  }
  void negativeScopeGuard() {
    third_.lock();
    auto unlock = [this] { third_.unlock(); };
    if (never())
      return unlock();
    unlock();
  }
  // Halves of a pair, known by name, or by what the other half does.
  void lockAll() { mu_.lock(); }
  void start() { fourth_.lock(); }
  void finish() { fourth_.unlock(); }
  void negativeGuards() {
    std::unique_lock<std::mutex> guard(mu_);
    guard.unlock();
    n_ = mayThrow();
    guard.lock();
  }
  void negativeDeferred(bool some) {
    std::unique_lock<std::mutex> guard(mu_, std::defer_lock);
    if (some)
      guard.lock();
    n_ = mayThrow();
  }
};

// The implementation of a lock or guard locks manually.
class Wrapper {
public:
  void lock() { inner_.lock(); }
  void unlock() { inner_.unlock(); }

private:
  std::mutex inner_;
};
class Guard {
public:
  explicit Guard(std::mutex &m) : m_(m) { m_.lock(); }
  ~Guard() { m_.unlock(); }
  void suspend() {
    m_.unlock();
    mayThrow();
    m_.lock();
  }

private:
  std::mutex &m_;
};
void positiveWrapper(Wrapper &wrapper, bool early) {
  wrapper.lock();
  // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: 'wrapper' is not released on some path before the function returns; use a guard, which releases it on every path
  if (early)
    return;
  wrapper.unlock();
}
struct __attribute__((capability("mutex"))) Lock {
  void Acquire() __attribute__((acquire_capability()));
  void Release() __attribute__((release_capability()));
};
struct Annotated {
  Lock lock_;
  void negativeEntry() __attribute__((acquire_capability(lock_))) { lock_.Acquire(); }
  void negativeExit() __attribute__((release_capability(lock_))) { lock_.Release(); }
};
void negativeLocalPair() {
  static std::mutex mutex;
  static int n;
  mutex.lock();
  ++n;
  mutex.unlock();
}
template <class M> void positiveTemplate(M &m, bool early) {
  m.lock();
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'm' is not released on some path before the function returns; use a guard, which releases it on every path
  if (early)
    return;
  m.unlock();
}
template void positiveTemplate<std::mutex>(std::mutex &, bool);

// CHECK-FIXES: std::lock_guard<std::mutex> guard(mu_);
// CHECK-FIXES: std::lock_guard<std::mutex> guard(mu_);
// CHECK-FIXES: std::lock_guard<std::mutex> guard(mu_);
// CHECK-FIXES: std::lock_guard<std::mutex> guard(m);

// Another function releases the lock too; this one leaves it locked on one path only.
namespace leftOnOnePath {
std::mutex half;
void givesBack() { half.unlock(); }
void positiveReleasedOnOnePath(bool c) {
  half.lock();
// CHECK-MESSAGES: :[[@LINE-1]]:8: warning: 'half' is not released on some path before the function returns; use a guard, which releases it on every path [ward-manual-lock]
  if (c)
    return;
  half.unlock();
}
bool negativeResultTellsIfLocked(bool c) { half.lock(); if (c) { half.unlock(); return false; } return true; }
}
