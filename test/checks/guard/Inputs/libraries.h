// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Declarations of the lock types of absl, boost, folly and Qt, as far as the checks look at them, and POSIX's own headers.
#ifndef WARD_TEST_LIBRARIES_H
#define WARD_TEST_LIBRARIES_H

#include <pthread.h>

namespace absl {
inline namespace lts_20240722 {
class Condition;
class Mutex {
public:
  void Lock();
  void Unlock();
  bool TryLock();
  void ReaderLock();
  void ReaderUnlock();
};
class MutexLock {
public:
  explicit MutexLock(Mutex *mu);
  MutexLock(Mutex *mu, const Condition &cond);
  ~MutexLock();
};
class ReaderMutexLock {
public:
  explicit ReaderMutexLock(Mutex *mu);
  ~ReaderMutexLock();
};
class WriterMutexLock {
public:
  explicit WriterMutexLock(Mutex *mu);
  ~WriterMutexLock();
};
class CondVar {
public:
  void Wait(Mutex *mu);
  void Signal();
};
class ReleasableMutexLock {
public:
  explicit ReleasableMutexLock(Mutex *mu);
  ~ReleasableMutexLock();
  void Release();
};
} // namespace lts_20240722
} // namespace absl

namespace boost {
struct adopt_lock_t {};
struct defer_lock_t {};
struct try_to_lock_t {};
constexpr defer_lock_t defer_lock{};
constexpr try_to_lock_t try_to_lock{};
template <class M> class unique_lock {
public:
  unique_lock();
  explicit unique_lock(M &m);
  unique_lock(M &m, defer_lock_t);
  unique_lock(M &m, try_to_lock_t);
  unique_lock(unique_lock &&);
  ~unique_lock();
  void lock();
  bool try_lock();
  void unlock();
  bool owns_lock() const;
  explicit operator bool() const;
};
template <class M> class lock_guard {
public:
  explicit lock_guard(M &m);
  ~lock_guard();
};
class mutex {
public:
  typedef unique_lock<mutex> scoped_lock;
  void lock();
  void unlock();
  bool try_lock();
};
class shared_mutex {
public:
  void lock();
  void unlock();
  void lock_shared();
  void unlock_shared();
};
template <class M> class shared_lock {
public:
  explicit shared_lock(M &m);
  ~shared_lock();
};
template <class T> class strict_lock_ptr {
public:
  ~strict_lock_ptr();
  T *operator->();
  T &operator*();
};
template <class T> class synchronized_value {
public:
  strict_lock_ptr<T> synchronize();
  strict_lock_ptr<T> operator->();
};
template <class T> class shared_ptr {
public:
  T *operator->() const;
  explicit operator bool() const;
};
template <class T> class weak_ptr {
public:
  shared_ptr<T> lock() const;
};
} // namespace boost

namespace folly {
template <class S> class LockedPtr {
public:
  LockedPtr(LockedPtr &&);
  ~LockedPtr();
  typename S::Data *operator->() const;
  typename S::Data &operator*() const;
  explicit operator bool() const;
  bool isNull() const;
  void unlock();
};
template <class T> class Synchronized {
public:
  using Data = T;
  LockedPtr<Synchronized> wlock();
  LockedPtr<Synchronized> rlock() const;
  LockedPtr<Synchronized> lock();
  LockedPtr<Synchronized> tryWLock();
  T copy() const;
};
} // namespace folly

class QBasicMutex {
public:
  void lock();
  void unlock();
  bool tryLock(int timeout = 0);
};
class QMutex : public QBasicMutex {};
template <class M> class QMutexLocker {
public:
  explicit QMutexLocker(M *m);
  ~QMutexLocker();
  void unlock();
  void relock();
  M *mutex() const;
};
class QReadWriteLock {
public:
  void lockForRead();
  void lockForWrite();
  bool tryLockForRead();
  void unlock();
};
class QReadLocker {
public:
  explicit QReadLocker(QReadWriteLock *l);
  ~QReadLocker();
  void unlock();
};
class QWriteLocker {
public:
  explicit QWriteLocker(QReadWriteLock *l);
  ~QWriteLocker();
};
class QWaitCondition {
public:
  bool wait(QMutex *m, unsigned long time = 0);
  void wakeOne();
};
template <class T> class QSharedPointer {
public:
  T *operator->() const;
  explicit operator bool() const;
};
template <class T> class QWeakPointer {
public:
  QSharedPointer<T> lock() const;
};

#endif // WARD_TEST_LIBRARIES_H
