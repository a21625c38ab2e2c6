// RUN: %check_ward %s ward-discarded-guard %t
// All libraries of the catalog.
#include "libraries.h"
#include <vector>

struct Absl {
  absl::Mutex mu;
  std::vector<int> items;
  void PositiveAbsl() {
    absl::MutexLock{&mu};
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
    items.clear();
    mu.TryLock();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: the result of 'TryLock' is discarded; the code that follows may run without the lock [ward-discarded-guard]
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
    // CHECK-MESSAGES: :[[@LINE-1]]:31: warning: this declares a variable named 'mu', which locks nothing; to lock 'mu', give the guard a name of its own [ward-discarded-guard]
    // CHECK-FIXES: boost::mutex::scoped_lock guard(mu);
    items.clear();
  }
  void PositiveBoostNeverLocked() {
    boost::unique_lock<boost::mutex> lock(mu, boost::defer_lock);
    // CHECK-MESSAGES: :[[@LINE-1]]:38: warning: 'lock' defers locking 'mu' and is never locked; the code in its scope runs without the lock [ward-discarded-guard]
    items.clear();
  }
  void PositiveBoostResults() {
    value.synchronize();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: the guard returned by 'synchronize' is discarded and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
    // CHECK-FIXES: auto guard = value.synchronize();
    mu.try_lock();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: the result of 'try_lock' is discarded; the code that follows may run without the lock [ward-discarded-guard]
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
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: the guard returned by 'rlock' is discarded and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
    items.wlock();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: the guard returned by 'wlock' is discarded and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
    items.tryWLock();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: the guard returned by 'tryWLock' is discarded and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
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
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
    items.clear();
    mu.tryLock();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: the result of 'tryLock' is discarded; the code that follows may run without the lock [ward-discarded-guard]
    rw.tryLockForRead();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: the result of 'tryLockForRead' is discarded; the code that follows may run without the lock [ward-discarded-guard]
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
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: this guard has no name and releases its lock at the end of the statement; the code that follows runs without the lock [ward-discarded-guard]
    items.clear();
    pthread_mutex_trylock(&mu);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: the result of 'pthread_mutex_trylock' is discarded; the code that follows may run without the lock [ward-discarded-guard]
    pthread_rwlock_tryrdlock(&rw);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: the result of 'pthread_rwlock_tryrdlock' is discarded; the code that follows may run without the lock [ward-discarded-guard]
  }
  void NegativePosix() {
    PosixLock lock(&mu);
    if (pthread_mutex_trylock(&mu) == 0)
      pthread_mutex_unlock(&mu);
  }
};
