// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/detail/rule.h>
#include <ward/mapped_mutex_guard.h>
#include <ward/raw/futex_mutex.h>

WARD_NAMESPACE_BEGIN

template <class T, class Raw = DefaultRaw> class Mutex;
namespace detail {
struct GuardAccess;
}

/// Holds the lock of a `Mutex<T>` and gives access to its data. Move-only and not Send: the thread that acquired the
/// lock must release it. A moved-from or unlocked guard may only be destroyed or assigned to. If it is destroyed during
/// unwinding from an exception that was thrown after the lock was acquired, the mutex is poisoned. Cost: two words;
/// destruction is one atomic exchange and one read of the count of uncaught exceptions. Mirrors
/// `std::sync::MutexGuard`.
template <class T, class Raw>
class WARD_TS_SCOPED [[nodiscard("an unnamed guard releases the lock at once; give it a name")]] MutexGuard {
public:
  MutexGuard(MutexGuard &&other) noexcept WARD_TS_NO_ANALYSIS : mutex_(std::exchange(other.mutex_, nullptr)),
                                                                watch_(other.watch_) {}
  /// Releases the lock of this guard, then takes over that of the other: `g = cv.wait(std::move(g));`
  MutexGuard &operator=(MutexGuard &&other) noexcept WARD_TS_NO_ANALYSIS {
    if (this != &other) {
      release();
      mutex_ = std::exchange(other.mutex_, nullptr);
      watch_ = other.watch_;
    }
    return *this;
  }
  ~MutexGuard() noexcept WARD_TS_RELEASE() { release(); }

  /// The data; a const guard, which several threads may share, gives it read-only. The reference must not outlive the
  /// guard; Clang warns where it can detect that.
  T &operator*() noexcept WARD_LIFETIMEBOUND { return mutex_->data_; }
  const T &operator*() const noexcept WARD_LIFETIMEBOUND { return mutex_->data_; }
  T *operator->() noexcept WARD_LIFETIMEBOUND { return detail::address_of(mutex_->data_); }
  const T *operator->() const noexcept WARD_LIFETIMEBOUND { return detail::address_of(mutex_->data_); }

  /// Releases the lock before the scope ends, as `ward::drop(std::move(guard))` does. A second call has no effect.
  void unlock() noexcept WARD_TS_RELEASE() { release(); }

  /// A guard of a part of the data: `MutexGuard<Pair>::map(m.lock(), [](Pair &p) -> int & { return p.first; })`. If `f`
  /// throws, the lock is poisoned and released. Mirrors `MutexGuard::map`.
  template <class F> static auto map(MutexGuard guard, F &&f) WARD_TS_NO_ANALYSIS {
    using Part = detail::mapped_t<F, T &>;
    Part &part = std::forward<F>(f)(*guard);
    const Mutex<T, Raw> *mutex = std::exchange(guard.mutex_, nullptr);
    return MappedMutexGuard<Part, Raw>(part, mutex->raw_, mutex->poison_, guard.watch_);
  }

private:
  friend class Mutex<T, Raw>;
  friend struct detail::GuardAccess;

  // The lock is already held.
  explicit MutexGuard(const Mutex<T, Raw> &mutex) noexcept WARD_TS_NO_ANALYSIS : mutex_(&mutex) {}

  WARD_INLINE void release() noexcept WARD_TS_NO_ANALYSIS {
    if (mutex_ != nullptr) {
      mutex_->poison_.done(watch_);
      raw::release(std::exchange(mutex_, nullptr)->raw_);
    }
  }

  const Mutex<T, Raw> *mutex_;
  [[no_unique_address]] detail::UnwindWatch watch_;
};

// MutexGuard: never Send, because the thread that acquired a lock must release it (pthread mutexes require it, and
// poisoning compares this thread's exception counts). Sync iff T is: a const guard gives a const T.
template <class T, class Raw> struct detail::rule<MutexGuard<T, Raw>> {
  using send = never<"the thread that acquired the lock must release it">;
  using sync = all<on<T, is_sync>>;
  using owned = never<"a guard borrows its mutex">;
};

WARD_NAMESPACE_END
