// RUN: %check_ward %s ward-manual-lock,ward-relock %t -std=c++20
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Functions of the user's that lock and unlock what they are given; locks that a helper initialises; flags that decide both.
#include <mutex>
#include <pthread.h>

namespace wrappers {
struct Lock { pthread_mutex_t raw; };
void setUp(Lock *l) { pthread_mutex_init(&l->raw, nullptr); }
void take(Lock *l) { pthread_mutex_lock(&l->raw); }
void give(Lock *l) { pthread_mutex_unlock(&l->raw); }
struct Port { Lock lock; int users; };
int positiveEarlyReturn(Port *p) {
  take(&p->lock);
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'p->lock.raw' is not released on some path before the function returns; use a guard, which releases it on every path [ward-manual-lock]
  if (--p->users == 0)
    return 1;
  give(&p->lock);
  return 0;
}
int negativeBothPaths(Port *p) {
  take(&p->lock);
  if (--p->users == 0) {
    give(&p->lock);
    return 1;
  }
  give(&p->lock);
  return 0;
}
void positiveGivenTwice(Port *p) {
  take(&p->lock);
  ++p->users;
  give(&p->lock);
  give(&p->lock);
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'p->lock.raw' is unlocked here, but is not held; this is undefined behaviour, and may release the lock of another thread [ward-manual-lock]
}
void use(Port *p) { take(&p->lock); ++p->users; give(&p->lock); }
void positiveTwice(Port *p) { take(&p->lock); use(p); give(&p->lock); }
// CHECK-MESSAGES: :[[@LINE-1]]:47: warning: deadlock: this call acquires 'p->lock.raw', which this thread already holds; it is not reentrant [ward-relock]
} // namespace wrappers

// Two functions that belong together.
namespace halves {
struct Lock { pthread_mutex_t raw; };
void take(Lock *l) { pthread_mutex_lock(&l->raw); }
void give(Lock *l) { pthread_mutex_unlock(&l->raw); }
struct Port { Lock lock; };
void negativeFirst(Port *p) { take(&p->lock); }
void negativeSecond(Port *p) { give(&p->lock); }
} // namespace halves

namespace set_up_by_helper {
void make(pthread_mutex_t *m, int kind) {
  pthread_mutexattr_t how;
  pthread_mutexattr_init(&how);
  pthread_mutexattr_settype(&how, kind);
  pthread_mutex_init(m, &how);
  pthread_mutexattr_destroy(&how);
}
void makePlain(pthread_mutex_t *m) { pthread_mutex_init(m, nullptr); }
extern "C" void lib_mutex_init(pthread_mutex_t *m);
template <int Kind> struct Made {
  Made() {
    if constexpr (Kind == 0)
      make(&raw, PTHREAD_MUTEX_RECURSIVE);
    else if constexpr (Kind == 1)
      makePlain(&raw);
    else
      lib_mutex_init(&raw);
  }
  void lock() { pthread_mutex_lock(&raw); }
  void unlock() { pthread_mutex_unlock(&raw); }
  pthread_mutex_t raw;
};
Made<0> recursive;
Made<1> plain;
Made<2> unknown;
void negativeRecursive() { std::lock_guard a(recursive); std::lock_guard b(recursive); }
void positivePlain() { std::lock_guard a(plain); std::lock_guard b(plain); }
// CHECK-MESSAGES: :[[@LINE-1]]:66: warning: deadlock: 'plain' is acquired while this thread already holds it; it is not reentrant [ward-relock]
void negativeUnknown() { std::lock_guard a(unknown); std::lock_guard b(unknown); }
pthread_mutex_t nested = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
void negativeByHand() {
  pthread_mutex_lock(&nested);
  pthread_mutex_lock(&nested);
  pthread_mutex_unlock(&nested);
  pthread_mutex_unlock(&nested);
}
} // namespace set_up_by_helper

namespace decided_twice {
class Counter {
public:
  int positiveEarly(bool need, bool early) noexcept {
    if (need)
      m_.lock();
// CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'm_' is not released on some path before the function returns; use a guard, which releases it on every path [ward-manual-lock]
    if (early)
      return 0;
    int n = n_;
    if (need)
      m_.unlock();
    return n;
  }
  int negative(bool need) noexcept {
    if (need)
      m_.lock();
    int n = ++n_;
    if (need)
      m_.unlock();
    return n;
  }

private:
  std::mutex m_;
  int n_ = 0;
};
class Pool { // without a lock it is used by one thread
public:
  explicit Pool(std::mutex *m) : m_(m) {}
  bool positiveFull(int n) noexcept {
    if (m_)
      m_->lock();
// CHECK-MESSAGES: :[[@LINE-1]]:11: warning: 'm_' is not released on some path before the function returns; use a guard, which releases it on every path [ward-manual-lock]
    if (used_ > n)
      return true;
    if (m_)
      m_->unlock();
    return false;
  }
  void negativeTake(int n) noexcept {
    if (m_)
      m_->lock();
    used_ += n;
    if (m_)
      m_->unlock();
  }

private:
  std::mutex *const m_;
  int used_ = 0;
};
} // namespace decided_twice
