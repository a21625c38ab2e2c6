// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/detail/poison.h>
#include <ward/rw_lock_read_guard.h>

WARD_NAMESPACE_BEGIN

/// The exclusive right to a part of what an `RwLock` owns; made by `RwLockWriteGuard<T>::map`. Keeps the poison rule of
/// the guard it came from. Mirrors `std::sync::MappedRwLockWriteGuard`.
template <class T, class Raw = DefaultRawRw>
class WARD_TS_SCOPED [[nodiscard("a guard that is not kept releases the lock at once: name it")]] MappedRwLockWriteGuard {
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

  /// The part. The reference must not outlive the guard.
  T &operator*() const noexcept WARD_LIFETIMEBOUND { return *part_; }
  T *operator->() const noexcept WARD_LIFETIMEBOUND { return part_; }

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

/// The exclusive right to what an `RwLock<T>` owns. Poisons the lock if it dies while its thread unwinds from an
/// exception thrown since it was taken. Move-only, not Send. A moved-from or unlocked guard may only be destroyed or
/// assigned to. Mirrors `std::sync::RwLockWriteGuard`.
template <class T, class Raw>
class WARD_TS_SCOPED [[nodiscard("a guard that is not kept releases the lock at once: name it")]] RwLockWriteGuard {
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

  /// The data. The reference must not outlive the guard.
  T &operator*() const noexcept WARD_LIFETIMEBOUND { return lock_->data_; }
  T *operator->() const noexcept WARD_LIFETIMEBOUND { return detail::address_of(lock_->data_); }

  /// Releases the lock before the scope ends.
  void unlock() noexcept WARD_TS_RELEASE() { release(); }

  /// A guard of a part of the data. If `f` throws, the lock is poisoned and released.
  template <class F> static auto map(RwLockWriteGuard guard, F &&f) WARD_TS_NO_ANALYSIS {
    using Part = detail::mapped_t<F, T &>;
    Part &part = std::forward<F>(f)(*guard);
    const RwLock<T, Raw> *lock = std::exchange(guard.lock_, nullptr);
    return MappedRwLockWriteGuard<Part, Raw>(part, &lock->raw_, &lock->poison_, guard.watch_);
  }

  /// Turns writing into reading, with no writer in between: `auto r = RwLockWriteGuard<T>::downgrade(std::move(w));`
  /// Needs a Raw that can `downgrade()`. Mirrors `RwLockWriteGuard::downgrade`.
  [[nodiscard("the lock is released at once if the guard is dropped")]] static RwLockReadGuard<T, Raw>
  downgrade(RwLockWriteGuard guard) noexcept WARD_TS_NO_ANALYSIS {
    const RwLock<T, Raw> *lock = std::exchange(guard.lock_, nullptr);
    lock->poison_.done(guard.watch_); // the writing ends here, and so does its chance to poison
    lock->raw_.downgrade();
    return RwLockReadGuard<T, Raw>(*lock);
  }

private:
  friend class RwLock<T, Raw>;

  // The lock is held already.
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

// Write guards: never Send, because the thread that took a lock must release it. Sync iff T is.
template <class T, class Raw>
struct detail::rule<RwLockWriteGuard<T, Raw>> : detail::rule<RwLockReadGuard<T, Raw>> {};
template <class T, class Raw>
struct detail::rule<MappedRwLockWriteGuard<T, Raw>> : detail::rule<RwLockReadGuard<T, Raw>> {};

WARD_NAMESPACE_END
