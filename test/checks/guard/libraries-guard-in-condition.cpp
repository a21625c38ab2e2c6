// RUN: %check_ward %s ward-guard-in-condition %t
// All libraries of the catalog.
#include "libraries.h"
#include <string>
#include <vector>

void process(int);
void slow();

struct Absl {
  absl::Mutex mu;
  absl::CondVar changed;
  std::vector<int> items;
  void PositiveAbsl() {
    if (absl::MutexLock lock(&mu); items.empty())
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: 'lock' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { absl::MutexLock lock(&mu); return items.empty(); }())
      slow();
    if (absl::ReaderMutexLock lock(&mu); items.empty())
    // CHECK-MESSAGES: :[[@LINE-1]]:31: warning: 'lock' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { absl::ReaderMutexLock lock(&mu); return items.empty(); }())
      slow();
    if (absl::WriterMutexLock lock(&mu); items.empty())
    // CHECK-MESSAGES: :[[@LINE-1]]:31: warning: 'lock' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { absl::WriterMutexLock lock(&mu); return items.empty(); }())
      slow();
    if (absl::ReleasableMutexLock lock(&mu); items.empty())
    // CHECK-MESSAGES: :[[@LINE-1]]:35: warning: 'lock' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { absl::ReleasableMutexLock lock(&mu); return items.empty(); }())
      slow();
  }
  void NegativeAbsl() {
    if (absl::MutexLock lock(&mu); items.empty())
      items.push_back(1);
    if (absl::MutexLock lock(&mu); items.empty())
      changed.Wait(&mu);
    if (absl::ReleasableMutexLock lock(&mu); items.empty()) {
      lock.Release();
      slow();
    }
  }
};

struct Boost {
  boost::mutex mu;
  boost::shared_mutex shared;
  std::vector<int> items;
  boost::weak_ptr<int> weak;
  boost::synchronized_value<std::vector<int>> value;
  void PositiveBoost() {
    if (boost::mutex::scoped_lock lock(mu); items.empty())
    // CHECK-MESSAGES: :[[@LINE-1]]:35: warning: 'lock' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { boost::mutex::scoped_lock lock(mu); return items.empty(); }())
      slow();
    if (boost::lock_guard<boost::mutex> lock(mu); items.empty())
    // CHECK-MESSAGES: :[[@LINE-1]]:41: warning: 'lock' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { boost::lock_guard<boost::mutex> lock(mu); return items.empty(); }())
      slow();
    if (boost::shared_lock<boost::shared_mutex> lock(shared); items.empty())
    // CHECK-MESSAGES: :[[@LINE-1]]:49: warning: 'lock' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { boost::shared_lock<boost::shared_mutex> lock(shared); return items.empty(); }())
      slow();
    if (auto locked = value.synchronize(); locked->empty())
    // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: 'locked' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { auto locked = value.synchronize(); return locked->empty(); }())
      slow();
    for (int i : *value.synchronize())
    // CHECK-MESSAGES: :[[@LINE-1]]:19: warning: possible data race: the lock acquired here is released before the first iteration, and the loop accesses what it protects; keep the guard in a variable [ward-guard-in-condition]
    // CHECK-FIXES: for (auto guard = value.synchronize(); int i : *guard)
      process(i);
  }
  void NegativeBoost() {
    if (boost::unique_lock<boost::mutex> lock(mu, boost::try_to_lock); lock.owns_lock())
      slow();
    if (boost::mutex::scoped_lock lock(mu); items.empty()) {
      lock.unlock();
      slow();
    }
    if (auto strong = weak.lock())
      slow();
    if (value->empty())
      slow();
  }
};

struct Folly {
  folly::Synchronized<std::vector<int>> items;
  void PositiveFolly() {
    if (auto locked = items.wlock(); locked->empty())
    // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: 'locked' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { auto locked = items.wlock(); return locked->empty(); }())
      slow();
    if (auto locked = items.rlock(); locked->empty())
    // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: 'locked' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { auto locked = items.rlock(); return locked->empty(); }())
      slow();
    for (int i : *items.rlock())
    // CHECK-MESSAGES: :[[@LINE-1]]:19: warning: possible data race: the lock acquired here is released before the first iteration, and the loop accesses what it protects; keep the guard in a variable [ward-guard-in-condition]
    // CHECK-FIXES: for (auto guard = items.rlock(); int i : *guard)
      process(i);
    for (auto locked = items.rlock(); int i : std::vector<int>(*locked))
    // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: 'locked' holds its lock over the body of this 'for', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: for (int i : [&] { auto locked = items.rlock(); return std::vector<int>(*locked); }())
      process(i);
  }
  void NegativeFolly() {
    if (auto locked = items.wlock(); locked->empty())
      locked->push_back(1);
    if (auto locked = items.wlock(); locked->empty()) {
      locked.unlock();
      slow();
    }
    if (auto locked = items.tryWLock())
      slow();
    if (auto locked = items.tryWLock(); locked && locked->empty())
      slow();
    if (items.rlock()->empty())
      slow();
    for (auto locked = items.rlock(); int i : *locked)
      process(i);
  }
};

struct Qt {
  QMutex mu;
  QReadWriteLock rw;
  QWaitCondition changed;
  std::vector<int> items;
  QWeakPointer<int> weak;
  void PositiveQt() {
    if (QMutexLocker lock(&mu); items.empty())
    // CHECK-MESSAGES: :[[@LINE-1]]:22: warning: 'lock' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { QMutexLocker lock(&mu); return items.empty(); }())
      slow();
    if (QReadLocker lock(&rw); items.empty())
    // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: 'lock' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { QReadLocker lock(&rw); return items.empty(); }())
      slow();
    if (QWriteLocker lock(&rw); items.empty())
    // CHECK-MESSAGES: :[[@LINE-1]]:22: warning: 'lock' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { QWriteLocker lock(&rw); return items.empty(); }())
      slow();
  }
  void NegativeQt() {
    if (QMutexLocker lock(&mu); items.empty())
      changed.wait(&mu);
    if (QMutexLocker lock(&mu); items.empty()) {
      lock.unlock();
      slow();
    }
    if (auto strong = weak.lock())
      slow();
  }
};

struct PosixLock {
  pthread_mutex_t *mu;
  explicit PosixLock(pthread_mutex_t *mu) : mu(mu) { pthread_mutex_lock(mu); }
  ~PosixLock() { pthread_mutex_unlock(mu); }
};
struct PosixReadLock {
  pthread_rwlock_t &lock;
  explicit PosixReadLock(pthread_rwlock_t &lock) : lock(lock) { pthread_rwlock_rdlock(&lock); }
  ~PosixReadLock() { pthread_rwlock_unlock(&lock); }
};
struct Posix {
  pthread_mutex_t mu;
  pthread_rwlock_t rw;
  pthread_cond_t changed;
  std::vector<int> items;
  void PositivePosix() {
    if (PosixLock lock(&mu); items.empty())
    // CHECK-MESSAGES: :[[@LINE-1]]:19: warning: 'lock' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { PosixLock lock(&mu); return items.empty(); }())
      slow();
    if (PosixReadLock lock(rw); items.empty())
    // CHECK-MESSAGES: :[[@LINE-1]]:23: warning: 'lock' holds its lock over the body of this 'if', but only the condition needs the lock; other threads are blocked meanwhile [ward-guard-in-condition]
    // CHECK-FIXES: if ([&] { PosixReadLock lock(rw); return items.empty(); }())
      slow();
  }
  void NegativePosix() {
    if (PosixLock lock(&mu); items.empty())
      items.push_back(1);
    if (PosixLock lock(&mu); items.empty())
      pthread_cond_wait(&changed, &mu);
  }
};
