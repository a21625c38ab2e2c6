// RUN: %check_ward %s ward-discarded-guard %t
// Every library of the catalog.
#include "libraries.h"
#include <vector>

struct Absl {
  absl::Mutex mu;
  std::vector<int> items;
  void PositiveAbsl() {
    absl::MutexLock{&mu};
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: this guard has no name: its lock is released at the end of this statement, and what follows runs without it [ward-discarded-guard]
    items.clear();
    mu.TryLock();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: the result of 'TryLock' is thrown away: nothing knows whether the lock is held from here on [ward-discarded-guard]
  }
  void NegativeAbsl() {
    absl::MutexLock lock(&mu);
    if (mu.TryLock())
      mu.Unlock();
  }
};

struct Boost {
  boost::mutex mu;
  std::vector<int> items;
  boost::weak_ptr<int> weak;
  boost::synchronized_value<std::vector<int>> value;
  void PositiveBoost() {
    boost::mutex::scoped_lock(mu);
    // CHECK-MESSAGES: :[[@LINE-1]]:31: warning: this declares a variable named 'mu' that locks nothing; a guard of 'mu' needs a name of its own [ward-discarded-guard]
    // CHECK-FIXES: boost::mutex::scoped_lock guard(mu);
    items.clear();
  }
  void PositiveBoostNeverLocked() {
    boost::unique_lock<boost::mutex> lock(mu, boost::defer_lock);
    // CHECK-MESSAGES: :[[@LINE-1]]:38: warning: 'lock' is told not to lock 'mu' yet, and nothing locks it later [ward-discarded-guard]
    items.clear();
  }
  void PositiveBoostResults() {
    value.synchronize();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: the guard that 'synchronize' returns is thrown away: its lock is released at the end of this statement, and what follows runs without it [ward-discarded-guard]
    // CHECK-FIXES: auto guard = value.synchronize();
    mu.try_lock();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: the result of 'try_lock' is thrown away: nothing knows whether the lock is held from here on [ward-discarded-guard]
  }
  void NegativeBoost() {
    boost::unique_lock<boost::mutex> lock(mu, boost::defer_lock);
    lock.lock();
    value->clear();
    weak.lock();
  }
};

struct Folly {
  folly::Synchronized<std::vector<int>> items;
  void PositiveFolly() {
    items.rlock();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: the guard that 'rlock' returns is thrown away: its lock is released at the end of this statement, and what follows runs without it [ward-discarded-guard]
    items.wlock();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: the guard that 'wlock' returns is thrown away: its lock is released at the end of this statement, and what follows runs without it [ward-discarded-guard]
    items.tryWLock();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: the guard that 'tryWLock' returns is thrown away: its lock is released at the end of this statement, and what follows runs without it [ward-discarded-guard]
  }
  void NegativeFolly() {
    items.wlock()->clear();
    auto locked = items.wlock();
    items.copy();
  }
};

struct Qt {
  QMutex mu;
  QReadWriteLock rw;
  std::vector<int> items;
  void PositiveQt() {
    QMutexLocker<QMutex>{&mu};
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: this guard has no name: its lock is released at the end of this statement, and what follows runs without it [ward-discarded-guard]
    items.clear();
    mu.tryLock();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: the result of 'tryLock' is thrown away: nothing knows whether the lock is held from here on [ward-discarded-guard]
    rw.tryLockForRead();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: the result of 'tryLockForRead' is thrown away: nothing knows whether the lock is held from here on [ward-discarded-guard]
  }
  void NegativeQt() {
    QMutexLocker lock(&mu);
    items.clear();
  }
};

struct PosixLock {
  pthread_mutex_t *mu;
  explicit PosixLock(pthread_mutex_t *mu) : mu(mu) { pthread_mutex_lock(mu); }
  ~PosixLock() { pthread_mutex_unlock(mu); }
};
struct Posix {
  pthread_mutex_t mu;
  pthread_rwlock_t rw;
  std::vector<int> items;
  void PositivePosix() {
    PosixLock{&mu};
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: this guard has no name: its lock is released at the end of this statement, and what follows runs without it [ward-discarded-guard]
    items.clear();
    pthread_mutex_trylock(&mu);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: the result of 'pthread_mutex_trylock' is thrown away: nothing knows whether the lock is held from here on [ward-discarded-guard]
    pthread_rwlock_tryrdlock(&rw);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: the result of 'pthread_rwlock_tryrdlock' is thrown away: nothing knows whether the lock is held from here on [ward-discarded-guard]
  }
  void NegativePosix() {
    PosixLock lock(&mu);
    if (pthread_mutex_trylock(&mu) == 0)
      pthread_mutex_unlock(&mu);
  }
};
