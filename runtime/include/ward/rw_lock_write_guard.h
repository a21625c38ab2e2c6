// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/detail/poison.h>
#include <ward/rw_lock_read_guard.h>

WARD_NAMESPACE_BEGIN

/// Exclusive access to a part of the data of an `RwLock`; returned by `RwLockWriteGuard<T>::map`. Poisons as the
/// original guard does. Mirrors `std::sync::MappedRwLockWriteGuard`.
template <class T, class Raw = DefaultRawRw>
class WARD_TS_SCOPED [[nodiscard("an unnamed guard releases the lock at once; give it a name")]] MappedRwLockWriteGuard {
public:
  MappedRwLockWriteGuard(MappedRwLockWriteGuard &&other) noexcept WARD_TS_NO_ANALYSIS
      : part_(other.part_),
        raw_(std::exchange(other.raw_, nullptr)),
        poison_(other.poison_),
        watch_(other.watch_) {}
  MappedRwLockWriteGuard &operator=(MappedRwLockWriteGuard &&other) noexcept WARD_TS_NO_ANALYSIS {
    if (this != &other) {
      release();
      part_ = other.part_;
      raw_ = std::exchange(other.raw_, nullptr);
      poison_ = other.poison_;
      watch_ = other.watch_;
    }
    return *this;
  }
  ~MappedRwLockWriteGuard() noexcept WARD_TS_RELEASE() { release(); }

  /// The part; a const guard gives it read-only. The reference must not outlive the guard.
  T &operator*() noexcept WARD_LIFETIMEBOUND { return *part_; }
  const T &operator*() const noexcept WARD_LIFETIMEBOUND { return *part_; }
  T *operator->() noexcept WARD_LIFETIMEBOUND { return part_; }
  const T *operator->() const noexcept WARD_LIFETIMEBOUND { return part_; }

  /// Releases the lock before the scope ends.
  void unlock() noexcept WARD_TS_RELEASE() { release(); }

  /// A guard of a part of the part. If `f` throws, the lock is poisoned and released.
  template <class F> static auto map(MappedRwLockWriteGuard guard, F &&f) WARD_TS_NO_ANALYSIS {
    using Part = detail::mapped_t<F, T &>;
    Part &part = std::forward<F>(f)(*guard);
    return MappedRwLockWriteGuard<Part, Raw>(part, std::exchange(guard.raw_, nullptr), guard.poison_, guard.watch_);
  }

private:
  template <class, class> friend class RwLockWriteGuard;
  template <class, class> friend class MappedRwLockWriteGuard;

  MappedRwLockWriteGuard(T &part, Raw *raw, detail::PoisonFlag *poison, detail::UnwindWatch watch) noexcept
      WARD_TS_NO_ANALYSIS : part_(detail::address_of(part)),
                            raw_(raw),
                            poison_(poison),
                            watch_(watch) {}

  void release() noexcept WARD_TS_NO_ANALYSIS {
    if (raw_ != nullptr) {
      poison_->done(watch_);
      std::exchange(raw_, nullptr)->unlock();
    }
  }

  T *part_;
  Raw *raw_;
  detail::PoisonFlag *poison_;
  detail::UnwindWatch watch_;
};

/// Holds an `RwLock<T>` for writing and gives access to its data. Poisons the lock if it is destroyed during unwinding
/// from an exception thrown after the lock was acquired. Move-only, not Send. A moved-from or unlocked guard may only
/// be destroyed or assigned to. Mirrors `std::sync::RwLockWriteGuard`.
template <class T, class Raw>
class WARD_TS_SCOPED [[nodiscard("an unnamed guard releases the lock at once; give it a name")]] RwLockWriteGuard {
public:
  RwLockWriteGuard(RwLockWriteGuard &&other) noexcept WARD_TS_NO_ANALYSIS : lock_(std::exchange(other.lock_, nullptr)),
                                                                            watch_(other.watch_) {}
  RwLockWriteGuard &operator=(RwLockWriteGuard &&other) noexcept WARD_TS_NO_ANALYSIS {
    if (this != &other) {
      release();
      lock_ = std::exchange(other.lock_, nullptr);
      watch_ = other.watch_;
    }
    return *this;
  }
  ~RwLockWriteGuard() noexcept WARD_TS_RELEASE() { release(); }

  /// The data; a const guard, which several threads may share, gives it read-only. The reference must not outlive the
  /// guard.
  T &operator*() noexcept WARD_LIFETIMEBOUND { return lock_->data_; }
  const T &operator*() const noexcept WARD_LIFETIMEBOUND { return lock_->data_; }
  T *operator->() noexcept WARD_LIFETIMEBOUND { return detail::address_of(lock_->data_); }
  const T *operator->() const noexcept WARD_LIFETIMEBOUND { return detail::address_of(lock_->data_); }

  /// Releases the lock before the scope ends.
  void unlock() noexcept WARD_TS_RELEASE() { release(); }

  /// A guard of a part of the data. If `f` throws, the lock is poisoned and released.
  template <class F> static auto map(RwLockWriteGuard guard, F &&f) WARD_TS_NO_ANALYSIS {
    using Part = detail::mapped_t<F, T &>;
    Part &part = std::forward<F>(f)(*guard);
    const RwLock<T, Raw> *lock = std::exchange(guard.lock_, nullptr);
    return MappedRwLockWriteGuard<Part, Raw>(part, &lock->raw_, &lock->poison_, guard.watch_);
  }

  /// Turns the write lock into a read lock, with no other writer in between: `auto r =
  /// RwLockWriteGuard<T>::downgrade(std::move(w));` Requires a Raw with `downgrade()`. Mirrors
  /// `RwLockWriteGuard::downgrade`.
  [[nodiscard("the lock is released at once if the guard is dropped")]] static RwLockReadGuard<T, Raw>
  downgrade(RwLockWriteGuard guard) noexcept WARD_TS_NO_ANALYSIS {
    const RwLock<T, Raw> *lock = std::exchange(guard.lock_, nullptr);
    lock->poison_.done(guard.watch_); // the write lock ends here, and no longer poisons
    lock->raw_.downgrade();
    return RwLockReadGuard<T, Raw>(*lock);
  }

private:
  friend class RwLock<T, Raw>;

  // The lock is already held.
  explicit RwLockWriteGuard(const RwLock<T, Raw> &lock) noexcept WARD_TS_NO_ANALYSIS : lock_(&lock) {}

  void release() noexcept WARD_TS_NO_ANALYSIS {
    if (lock_ != nullptr) {
      lock_->poison_.done(watch_);
      std::exchange(lock_, nullptr)->raw_.unlock();
    }
  }

  const RwLock<T, Raw> *lock_;
  detail::UnwindWatch watch_;
};

// Write guards: never Send, because the thread that acquired a lock must release it. Sync iff T is.
template <class T, class Raw>
struct detail::rule<RwLockWriteGuard<T, Raw>> : detail::rule<RwLockReadGuard<T, Raw>> {};
template <class T, class Raw>
struct detail::rule<MappedRwLockWriteGuard<T, Raw>> : detail::rule<RwLockReadGuard<T, Raw>> {};

WARD_NAMESPACE_END
