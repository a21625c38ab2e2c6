// RUN: %check_ward %s ward-relock %t
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A lock that the thread already holds, acquired directly and through calls.
#include <optional>
#include <algorithm>
#include <condition_variable>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <vector>

std::mutex global;
void locksGlobal() { std::lock_guard g(global); }
void positiveGlobal() { std::lock_guard g(global); locksGlobal(); }
// CHECK-MESSAGES: :[[@LINE-1]]:52: warning: deadlock: this call acquires 'global', which this thread already holds; it is not reentrant [ward-relock]
void through() { locksGlobal(); }
void positiveThrough() { global.lock(); through(); global.unlock(); }
// CHECK-MESSAGES: :[[@LINE-1]]:41: warning: deadlock: this call acquires 'global', which this thread already holds; it is not reentrant [ward-relock]
void positiveRaw() { global.lock(); global.lock(); global.unlock(); }
// CHECK-MESSAGES: :[[@LINE-1]]:44: warning: deadlock: 'global' is acquired while this thread already holds it; it is not reentrant [ward-relock]
void positiveBranch(bool c) { std::unique_lock g(global, std::defer_lock); if (c) g.lock(); locksGlobal(); }
// CHECK-MESSAGES: :[[@LINE-1]]:93: warning: deadlock: this call acquires 'global', which this thread already holds; it is not reentrant [ward-relock]
void positiveGuardTwice() { std::unique_lock g(global); g.lock(); }
// CHECK-MESSAGES: :[[@LINE-1]]:59: warning: deadlock: 'global' is acquired while this thread already holds it; it is not reentrant [ward-relock]
void positiveLoop(int n) {
  for (int i = 0; i < n; ++i) {
    global.lock();
// CHECK-MESSAGES: :[[@LINE-1]]:12: warning: deadlock: 'global' is acquired while this thread already holds it; it is not reentrant [ward-relock]
    if (i == 3)
      continue;
    global.unlock();
  }
}
void positiveClosure() { std::lock_guard g(global); auto f = [] { std::lock_guard h(global); }; f(); }
// CHECK-MESSAGES: :[[@LINE-1]]:97: warning: deadlock: this call acquires 'global', which this thread already holds; it is not reentrant [ward-relock]
void positiveAlgorithm(std::vector<int> &v) {
  std::lock_guard g(global);
  std::for_each(v.begin(), v.end(), [](int) {
    std::lock_guard h(global);
// CHECK-MESSAGES: :[[@LINE-1]]:21: warning: deadlock: 'global' is acquired while this thread already holds it; it is not reentrant [ward-relock]
  });
}
template <class F> void withGlobal(F f) { std::lock_guard g(global); f(); }
void positiveWrapper() {
  withGlobal([] {
    std::lock_guard h(global);
// CHECK-MESSAGES: :[[@LINE-1]]:21: warning: deadlock: 'global' is acquired while this thread already holds it; it is not reentrant [ward-relock]
  });
}
void positiveWrapperCall() { withGlobal([] { locksGlobal(); }); }
// CHECK-MESSAGES: :[[@LINE-1]]:30: warning: deadlock: this call acquires 'global', which this thread already holds; it is not reentrant [ward-relock]

void negativeReleased() { std::unique_lock g(global); g.unlock(); locksGlobal(); }
void negativeScope() { { std::lock_guard g(global); } locksGlobal(); }
void negativeStored(std::vector<std::function<void()>> &v) { std::lock_guard g(global); v.push_back([] { locksGlobal(); }); }
void optional(bool locked) { std::unique_lock g(global, std::defer_lock); if (!locked) g.lock(); }
void negativeAsked() { std::lock_guard g(global); optional(true); }
void releases() { global.unlock(); global.lock(); }
void negativeReleasedInCallee() { std::lock_guard g(global); releases(); }
void negativeLoop(int n) { for (int i = 0; i < n; ++i) { global.lock(); global.unlock(); } }
void negativeTry() { if (global.try_lock()) { global.unlock(); } else { std::lock_guard g(global); } }
void negativeEarlyTry() { if (!global.try_lock()) { locksGlobal(); return; } global.unlock(); }

class Members {
  mutable std::mutex mu_;
  std::recursive_mutex rec_;
  mutable std::shared_mutex rw_;
  std::condition_variable cv_;
  std::mutex many_[4];
  std::vector<int> v_;
public:
  bool empty() const { std::lock_guard g(mu_); return v_.empty(); }
  void positive() { std::lock_guard g(mu_); while (!empty()) v_.pop_back(); }
// CHECK-MESSAGES: :[[@LINE-1]]:53: warning: deadlock: this call acquires 'mu_', which this thread already holds; it is not reentrant [ward-relock]
  void negativeRecursive() { std::lock_guard g(rec_); inner(); }
  void inner() { std::lock_guard g(rec_); }
  void positiveUpgrade() { std::shared_lock r(rw_); write(); }
// CHECK-MESSAGES: :[[@LINE-1]]:53: warning: deadlock: this call acquires 'rw_', which this thread already holds; the upgrade from shared to exclusive waits for itself [ward-relock]
  void write() { std::unique_lock w(rw_); }
  int read() const { std::shared_lock r(rw_); return v_[0]; }
  int positiveReaders() const { std::shared_lock r(rw_); return read(); }
// CHECK-MESSAGES: :[[@LINE-1]]:65: warning: deadlock: this call acquires 'rw_', which this thread already holds; a writer that waits in between blocks both acquisitions [ward-relock]
  void positiveDowngrade() { std::unique_lock w(rw_); (void)read(); }
// CHECK-MESSAGES: :[[@LINE-1]]:61: warning: deadlock: this call acquires 'rw_', which this thread already holds; the downgrade from exclusive to shared waits for itself [ward-relock]
  void negativeElements(int i, int j) { std::lock_guard g(many_[i]); std::lock_guard h(many_[j]); }
  void negativeOther(Members &o) { std::lock_guard g(mu_); o.empty(); std::lock_guard h(o.mu_); }
  void negativeWait() { std::unique_lock l(mu_); cv_.wait(l, [this] { return !v_.empty(); }); }
};

struct Node { std::mutex mu; Node *next = nullptr; };
void negativeHandOverHand(Node *at) {
  std::unique_lock held(at->mu);
  while (at->next) {
    std::unique_lock next(at->next->mu);
    at = at->next;
    held = std::move(next);
  }
}
void negativeStep(Node *at) {
  at->mu.lock();
  while (at) {
    Node *next = at->next;
    at->mu.unlock();
    at = next;
    if (at)
      at->mu.lock();
  }
}
void negativeAll(std::list<Node> &nodes) {
  for (Node &n : nodes)
    n.mu.lock();
  for (Node &n : nodes)
    n.mu.unlock();
}
void negativeTwoPointers(Node *a, Node *b) { std::lock_guard g(a->mu); std::lock_guard h(b->mu); }
void positivePointer(std::shared_ptr<Node> a) { std::lock_guard g(a->mu); std::lock_guard h(a->mu); }
// CHECK-MESSAGES: :[[@LINE-1]]:91: warning: deadlock: 'a->mu' is acquired while this thread already holds it; it is not reentrant [ward-relock]

#define GUARDED_BY(x) __attribute__((guarded_by(x)))
#define EXCLUDES(x) __attribute__((locks_excluded(x)))
#define REQUIRES(x) __attribute__((exclusive_locks_required(x)))
class __attribute__((capability("mutex"))) Annotated {
public:
  void Lock() __attribute__((acquire_capability()));
  void Unlock() __attribute__((release_capability()));
};
class WithAnnotations {
  Annotated mu_;
  void outside() EXCLUDES(mu_);
  void inside() REQUIRES(mu_);
  void positiveRequired() REQUIRES(mu_) { mu_.Lock(); }
// CHECK-MESSAGES: :[[@LINE-1]]:47: warning: deadlock: 'mu_' is acquired while this thread already holds it; it is not reentrant [ward-relock]
  void positiveExcluded() { mu_.Lock(); outside(); mu_.Unlock(); }
// CHECK-MESSAGES: :[[@LINE-1]]:41: warning: possible deadlock: 'outside' is called while holding 'mu_', which it excludes [ward-relock]
  void negativeExcluded() { mu_.Lock(); inside(); mu_.Unlock(); outside(); }
};

// A wrapper around a C lock, which may be initialised as recursive.
#include <pthread.h>
class Wrapper {
public:
  Wrapper();
  void lock() { pthread_mutex_lock(&mutex_); }
  void unlock() { pthread_mutex_unlock(&mutex_); }
private:
  pthread_mutex_t mutex_;
};
Wrapper wrapper;
void negativeUnknown() { std::lock_guard<Wrapper> g(wrapper); std::lock_guard<Wrapper> h(wrapper); }

std::mutex thrownOut;
int thrownOutCount;
void negativeThrownOut() { // stack unwinding destroys the guard
  try {
    std::lock_guard<std::mutex> guard(thrownOut);
    if (thrownOutCount)
      throw 1;
  } catch (int) {
    std::lock_guard<std::mutex> guard(thrownOut);
    thrownOutCount = 0;
  }
  std::lock_guard<std::mutex> guard(thrownOut);
  ++thrownOutCount;
}
// The condition around the call does not decide whether the lock is held.
class Asked {
  std::mutex m;
public:
  void f(bool again) { std::lock_guard<std::mutex> l(m); if (again) h(); }
// CHECK-MESSAGES: :[[@LINE-1]]:69: warning: deadlock: this call acquires 'm', which this thread already holds; it is not reentrant [ward-relock]
  void h() { std::lock_guard<std::mutex> l(m); }
  void g(bool locked) { std::unique_lock<std::mutex> l(m, std::defer_lock); if (!locked) l.lock(); if (locked) h(); }
};
struct EmplacedLater {
  std::mutex m;
  void inner() { std::lock_guard<std::mutex> k(m); }
  void positive() { std::optional<std::unique_lock<std::mutex>> l; l.emplace(m); inner(); }
// CHECK-MESSAGES: :[[@LINE-1]]:82: warning: deadlock: this call acquires 'm', which this thread already holds; it is not reentrant [ward-relock]
  void positiveAssigned() { std::unique_lock<std::mutex> l; l = std::unique_lock<std::mutex>(m); inner(); }
// CHECK-MESSAGES: :[[@LINE-1]]:98: warning: deadlock: this call acquires 'm', which this thread already holds; it is not reentrant [ward-relock]
  void negativeReset() { std::optional<std::unique_lock<std::mutex>> l; l.emplace(m); l.reset(); inner(); }
  void negativeNull() { std::optional<std::unique_lock<std::mutex>> l; l.emplace(m); l = std::nullopt; inner(); }
  void negativeDeferred() { std::optional<std::unique_lock<std::mutex>> l; l.emplace(m, std::defer_lock); inner(); }
};
// The initialiser or the attributes of a C lock decide whether it is recursive.
pthread_mutex_t recursiveLock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
void negativeInitializer() { pthread_mutex_lock(&recursiveLock); pthread_mutex_lock(&recursiveLock); pthread_mutex_unlock(&recursiveLock); pthread_mutex_unlock(&recursiveLock); }
pthread_mutex_t plainLock = PTHREAD_MUTEX_INITIALIZER;
void positiveInitializer() { pthread_mutex_lock(&plainLock); pthread_mutex_lock(&plainLock); pthread_mutex_unlock(&plainLock); pthread_mutex_unlock(&plainLock); }
// CHECK-MESSAGES: :[[@LINE-1]]:62: warning: deadlock: 'plainLock' is acquired while this thread already holds it; it is not reentrant [ward-relock]
class SetUp {
  pthread_mutex_t withAttributes, without;
public:
  explicit SetUp(pthread_mutexattr_t *attributes) { pthread_mutex_init(&withAttributes, attributes); pthread_mutex_init(&without, nullptr); }
  void negative() { pthread_mutex_lock(&withAttributes); pthread_mutex_lock(&withAttributes); pthread_mutex_unlock(&withAttributes); pthread_mutex_unlock(&withAttributes); }
  void positive() { pthread_mutex_lock(&without); pthread_mutex_lock(&without); pthread_mutex_unlock(&without); pthread_mutex_unlock(&without); }
// CHECK-MESSAGES: :[[@LINE-1]]:51: warning: deadlock: 'without' is acquired while this thread already holds it; it is not reentrant [ward-relock]
};
// TBB.
namespace tbb { namespace detail { namespace d1 {
template <class M> struct unique_scoped_lock { unique_scoped_lock(); unique_scoped_lock(M &); ~unique_scoped_lock(); void acquire(M &); bool try_acquire(M &); void release(); };
template <class M> struct rw_scoped_lock { rw_scoped_lock(); rw_scoped_lock(M &, bool write = true); ~rw_scoped_lock(); void acquire(M &, bool write = true); void release(); };
struct spin_mutex { using scoped_lock = unique_scoped_lock<spin_mutex>; void lock(); bool try_lock(); void unlock(); };
struct rw_mutex { using scoped_lock = rw_scoped_lock<rw_mutex>; void lock(); bool try_lock(); void unlock(); void lock_shared(); bool try_lock_shared(); void unlock_shared(); };
struct queuing_mutex { struct scoped_lock { scoped_lock(); scoped_lock(queuing_mutex &); ~scoped_lock(); void acquire(queuing_mutex &); void release(); }; };
} } using detail::d1::spin_mutex; using detail::d1::rw_mutex; using detail::d1::queuing_mutex; }
struct Tbb {
  tbb::spin_mutex m; tbb::queuing_mutex q; tbb::rw_mutex rw;
  void g() { tbb::spin_mutex::scoped_lock l(m); }
  void positiveAcquired() { tbb::spin_mutex::scoped_lock l; l.acquire(m); g(); }
// CHECK-MESSAGES: :[[@LINE-1]]:75: warning: deadlock: this call acquires 'm', which this thread already holds; it is not reentrant [ward-relock]
  void negativeReleased() { tbb::spin_mutex::scoped_lock l; l.acquire(m); l.release(); g(); }
  void h() { tbb::queuing_mutex::scoped_lock l(q); }
  void positiveQueuing() { tbb::queuing_mutex::scoped_lock l(q); h(); }
// CHECK-MESSAGES: :[[@LINE-1]]:66: warning: deadlock: this call acquires 'q', which this thread already holds; it is not reentrant [ward-relock]
  void positiveUpgrade() { tbb::rw_mutex::scoped_lock l(rw, false); tbb::rw_mutex::scoped_lock k(rw, true); }
// CHECK-MESSAGES: :[[@LINE-1]]:96: warning: deadlock: 'rw' is acquired while this thread already holds it; the upgrade from shared to exclusive waits for itself [ward-relock]
};
// The callee releases the caller's lock through a guard that it is passed, before it acquires the lock again.
struct ReleasesGuard {
  std::mutex m;
  int n = 0;
  void count() { std::lock_guard<std::mutex> l(m); ++n; }
  bool negativeCallee(std::unique_lock<std::mutex> &given) { given.unlock(); count(); return true; }
  void negativeCaller() { std::unique_lock<std::mutex> l(m); negativeCallee(l); }
  void negativeOwn(std::unique_lock<std::mutex> &given) { given.unlock(); std::lock_guard<std::mutex> l(m); ++n; }
  void negativeOwnCaller() { std::unique_lock<std::mutex> l(m); negativeOwn(l); }
  void negativeMutex() { m.unlock(); count(); m.lock(); }
  void negativeMutexCaller() { std::lock_guard<std::mutex> l(m); negativeMutex(); }
  void keeps(std::unique_lock<std::mutex> &given) { count(); given.unlock(); }
  void positiveCaller() { std::unique_lock<std::mutex> l(m); keeps(l); }
// CHECK-MESSAGES: :[[@LINE-1]]:62: warning: deadlock: this call acquires 'm', which this thread already holds; it is not reentrant [ward-relock]
};
