// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The parts of the libraries' condition variables that the tests need.
#ifndef TEST_WAITS_H
#define TEST_WAITS_H
#include <mutex>

namespace boost {
class mutex {
public:
  void lock();
  bool try_lock();
  void unlock();
};
template <class M> class unique_lock {
public:
  explicit unique_lock(M &);
  ~unique_lock();
  void lock();
  void unlock();
};
class condition_variable {
public:
  void wait(unique_lock<mutex> &);
  template <class P> void wait(unique_lock<mutex> &, P) {}
  template <class D> bool timed_wait(unique_lock<mutex> &, const D &);
  void notify_one();
  void notify_all();
};
} // namespace boost

namespace absl {
class Mutex {
public:
  void Lock();
  void Unlock();
};
class MutexLock {
public:
  explicit MutexLock(Mutex *);
  ~MutexLock();
};
class CondVar {
public:
  void Wait(Mutex *);
  bool WaitWithTimeout(Mutex *, int);
  void Signal();
  void SignalAll();
};
} // namespace absl

class QMutex {
public:
  void lock();
  void unlock();
};
class QMutexLocker {
public:
  explicit QMutexLocker(QMutex *);
  ~QMutexLocker();
};
class QWaitCondition {
public:
  bool wait(QMutex *, unsigned long time = ~0ul);
  void wakeOne();
  void wakeAll();
};

namespace ward {
void park();
template <class D> void park_timeout(D);
template <class T> class MutexGuard {
public:
  ~MutexGuard();
  T *operator->() const;
  T &operator*() const;
};
template <class T> class Mutex {
public:
  explicit Mutex(T = T());
  MutexGuard<T> lock() const;
};
class Condvar {
public:
  template <class T> MutexGuard<T> wait(MutexGuard<T> &&) const;
  template <class T> void wait(MutexGuard<T> &) const;
  template <class T, class P> MutexGuard<T> wait(MutexGuard<T> &&guard, P) const { return guard; }
  template <class T, class P> void wait(MutexGuard<T> &, P) const {}
  template <class T> bool wait_timeout(MutexGuard<T> &, int) const;
  void notify_one() const;
  void notify_all() const;
};
} // namespace ward
#endif
