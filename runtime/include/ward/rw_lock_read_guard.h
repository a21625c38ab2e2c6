// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/detail/mapped.h>
#include <ward/detail/rule.h>
#include <ward/raw/futex_rw_lock.h>

WARD_NAMESPACE_BEGIN

template <class T, class Raw = DefaultRawRw> class RwLock;
template <class T, class Raw = DefaultRawRw> class RwLockWriteGuard;

/// Shared access to a part of the data of an `RwLock`; returned by `RwLockReadGuard<T>::map`. Mirrors
/// `std::sync::MappedRwLockReadGuard`.
template <class T, class Raw = DefaultRawRw>
class WARD_TS_SCOPED [[nodiscard("an unnamed guard releases the lock at once; give it a name")]] MappedRwLockReadGuard {
public:
  MappedRwLockReadGuard(MappedRwLockReadGuard &&other) noexcept WARD_TS_NO_ANALYSIS
      : part_(other.part_),
        raw_(std::exchange(other.raw_, nullptr)) {}
  MappedRwLockReadGuard &operator=(MappedRwLockReadGuard &&other) noexcept WARD_TS_NO_ANALYSIS {
    if (this != &other) {
      release();
      part_ = other.part_;
      raw_ = std::exchange(other.raw_, nullptr);
    }
    return *this;
  }
  ~MappedRwLockReadGuard() noexcept WARD_TS_RELEASE_GENERIC() { release(); }

  /// The part. The reference must not outlive the guard.
  const T &operator*() const noexcept WARD_LIFETIMEBOUND { return *part_; }
  const T *operator->() const noexcept WARD_LIFETIMEBOUND { return part_; }

  /// Releases the lock before the scope ends.
  void unlock() noexcept WARD_TS_RELEASE_GENERIC() { release(); }

  /// A guard of a part of the part.
  template <class F> static auto map(MappedRwLockReadGuard guard, F &&f) WARD_TS_NO_ANALYSIS {
    using Part = detail::mapped_t<F, const T &>;
    const Part &part = std::forward<F>(f)(*guard);
    return MappedRwLockReadGuard<std::remove_const_t<Part>, Raw>(part, std::exchange(guard.raw_, nullptr));
  }

private:
  template <class, class> friend class RwLockReadGuard;
  template <class, class> friend class MappedRwLockReadGuard;

  MappedRwLockReadGuard(const T &part, Raw *raw) noexcept WARD_TS_NO_ANALYSIS : part_(detail::address_of(part)), raw_(raw) {}

  void release() noexcept WARD_TS_NO_ANALYSIS {
    if (raw_ != nullptr)
      std::exchange(raw_, nullptr)->unlock_shared();
  }

  const T *part_;
  Raw *raw_;
};

/// Holds an `RwLock<T>` for reading and gives access to its data. Never poisons. Move-only, not Send: the thread that
/// acquired a lock must release it. A moved-from or unlocked guard may only be destroyed or assigned to. Mirrors
/// `std::sync::RwLockReadGuard`.
template <class T, class Raw = DefaultRawRw>
class WARD_TS_SCOPED [[nodiscard("an unnamed guard releases the lock at once; give it a name")]] RwLockReadGuard {
public:
  RwLockReadGuard(RwLockReadGuard &&other) noexcept WARD_TS_NO_ANALYSIS : lock_(std::exchange(other.lock_, nullptr)) {}
  RwLockReadGuard &operator=(RwLockReadGuard &&other) noexcept WARD_TS_NO_ANALYSIS {
    if (this != &other) {
      release();
      lock_ = std::exchange(other.lock_, nullptr);
    }
    return *this;
  }
  ~RwLockReadGuard() noexcept WARD_TS_RELEASE_GENERIC() { release(); }

  /// The data, read-only. The reference must not outlive the guard.
  const T &operator*() const noexcept WARD_LIFETIMEBOUND { return lock_->data_; }
  const T *operator->() const noexcept WARD_LIFETIMEBOUND { return detail::address_of(lock_->data_); }

  /// Releases the lock before the scope ends.
  void unlock() noexcept WARD_TS_RELEASE_GENERIC() { release(); }

  /// A read guard of a part of the data: `RwLockReadGuard<Pair>::map(l.read(), [](const Pair &p) -> const int &
  /// {...})`.
  template <class F> static auto map(RwLockReadGuard guard, F &&f) WARD_TS_NO_ANALYSIS {
    using Part = detail::mapped_t<F, const T &>;
    const Part &part = std::forward<F>(f)(*guard);
    return MappedRwLockReadGuard<std::remove_const_t<Part>, Raw>(part, &std::exchange(guard.lock_, nullptr)->raw_);
  }

private:
  friend class RwLock<T, Raw>;
  friend class RwLockWriteGuard<T, Raw>;

  // The lock is already held.
  explicit RwLockReadGuard(const RwLock<T, Raw> &lock) noexcept WARD_TS_NO_ANALYSIS : lock_(&lock) {}

  void release() noexcept WARD_TS_NO_ANALYSIS {
    if (lock_ != nullptr)
      std::exchange(lock_, nullptr)->raw_.unlock_shared();
  }

  const RwLock<T, Raw> *lock_;
};

// Read guards: never Send, because the thread that acquired a lock must release it. Sync iff T is: const access to the
// guard is const access to the T.
template <class T, class Raw> struct detail::rule<RwLockReadGuard<T, Raw>> {
  using send = never<"the thread that acquired the lock must release it">;
  using sync = all<on<T, is_sync>>;
  using owned = never<"a guard borrows its lock">;
};
template <class T, class Raw>
struct detail::rule<MappedRwLockReadGuard<T, Raw>> : detail::rule<RwLockReadGuard<T, Raw>> {};

WARD_NAMESPACE_END
