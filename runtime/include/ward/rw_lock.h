// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/claims.h>
#include <ward/detail/maybe.h>
#include <ward/detail/raise.h>
#include <ward/lock_result.h>
#include <ward/rw_lock_write_guard.h>

#include <type_traits>
#include <utility>

WARD_NAMESPACE_BEGIN

/// A lock that owns the data it protects, for many readers or one writer. A waiting writer blocks new readers, so a
/// thread that acquires it twice for reading can deadlock. Cannot be moved; a global RwLock of a constant is
/// initialised at compile time. Only a write guard poisons. `Raw` is any lock with the members of std::shared_mutex.
/// Mirrors `std::sync::RwLock`.
///
///   ward::RwLock<Config> config(load());
///   int limit = config.read()->limit;
template <class T, class Raw> class WARD_TS_CAPABILITY("shared_mutex") RwLock {
  static_assert(!std::is_reference_v<T> && !std::is_const_v<T>, "an RwLock owns a value, not a reference or a constant");
  static_assert(!detail::is_recursive_lock<Raw>(),
                "an RwLock over a recursive lock would give its thread two exclusive guards at once");

public:
  using ReadGuard = RwLockReadGuard<T, Raw>;
  using WriteGuard = RwLockWriteGuard<T, Raw>;

  // A template, so that T is examined on use only: inside a class that nests T, T has no default constructor yet.
  template <class U = T>
    requires std::is_default_constructible_v<U>
  constexpr RwLock() : data_() {}
  /// Owns `value`.
  template <class U = T>
    requires(std::is_constructible_v<T, U &&> && !std::is_same_v<std::remove_cvref_t<U>, RwLock> &&
             !std::is_same_v<std::remove_cvref_t<U>, std::in_place_t>)
  constexpr explicit RwLock(U &&value) : data_(std::forward<U>(value)) {}
  /// Owns a T constructed in place, which need not be movable.
  template <class... Args>
    requires std::is_constructible_v<T, Args &&...>
  constexpr explicit RwLock(std::in_place_t, Args &&...args) : data_(std::forward<Args>(args)...) {}

  RwLock(const RwLock &) = delete;
  RwLock &operator=(const RwLock &) = delete;

  /// Waits until no writer holds the lock or waits for it. Throws PoisonError (and holds nothing) when poisoned. Cost:
  /// one compare-exchange.
  [[nodiscard("the lock is released at once if the guard is dropped")]] ReadGuard read() const WARD_LIFETIMEBOUND
      WARD_TS_ACQUIRE_SHARED(this) WARD_TS_NO_ANALYSIS {
    raw_.lock_shared();
    if (poison_.get()) [[unlikely]]
      refuse_read();
    return ReadGuard(*this);
  }
  /// Waits until no thread holds the lock. Throws PoisonError (and holds nothing) when poisoned.
  [[nodiscard("the lock is released at once if the guard is dropped")]] WriteGuard write() const WARD_LIFETIMEBOUND
      WARD_TS_ACQUIRE(this) WARD_TS_NO_ANALYSIS {
    raw_.lock();
    if (poison_.get()) [[unlikely]]
      refuse_write();
    return WriteGuard(*this);
  }

  /// As read() and write(); the result holds the lock and tells whether it is poisoned. Never throw.
  [[nodiscard("the lock is released at once if the result is dropped")]] LockResult<ReadGuard> read_result() const
      WARD_LIFETIMEBOUND WARD_TS_NO_ANALYSIS {
    raw_.lock_shared();
    const bool poisoned = poison_.get();
    return LockResult<ReadGuard>(ReadGuard(*this), poisoned);
  }
  [[nodiscard("the lock is released at once if the result is dropped")]] LockResult<WriteGuard> write_result() const
      WARD_LIFETIMEBOUND WARD_TS_NO_ANALYSIS {
    raw_.lock();
    const bool poisoned = poison_.get();
    return LockResult<WriteGuard>(WriteGuard(*this), poisoned);
  }

  /// The guard if the lock can be acquired at once, else empty. Throw PoisonError if the acquired lock is poisoned.
  [[nodiscard("the lock is released at once if the guard is dropped")]] detail::Maybe<ReadGuard> try_read() const
      WARD_LIFETIMEBOUND WARD_TS_NO_ANALYSIS {
    if (!raw_.try_lock_shared())
      return {};
    if (poison_.get()) [[unlikely]]
      refuse_read();
    return detail::Maybe<ReadGuard>(ReadGuard(*this));
  }
  [[nodiscard("the lock is released at once if the guard is dropped")]] detail::Maybe<WriteGuard> try_write() const
      WARD_LIFETIMEBOUND WARD_TS_NO_ANALYSIS {
    if (!raw_.try_lock())
      return {};
    if (poison_.get()) [[unlikely]]
      refuse_write();
    return detail::Maybe<WriteGuard>(WriteGuard(*this));
  }

  /// As try_read() and try_write(); the result tells whether the lock is poisoned. Never throw.
  [[nodiscard("the lock is released at once if the result is dropped")]] detail::Maybe<LockResult<ReadGuard>>
  try_read_result() const WARD_LIFETIMEBOUND WARD_TS_NO_ANALYSIS {
    if (!raw_.try_lock_shared())
      return {};
    const bool poisoned = poison_.get();
    return detail::Maybe<LockResult<ReadGuard>>(LockResult<ReadGuard>(ReadGuard(*this), poisoned));
  }
  [[nodiscard("the lock is released at once if the result is dropped")]] detail::Maybe<LockResult<WriteGuard>>
  try_write_result() const WARD_LIFETIMEBOUND WARD_TS_NO_ANALYSIS {
    if (!raw_.try_lock())
      return {};
    const bool poisoned = poison_.get();
    return detail::Maybe<LockResult<WriteGuard>>(LockResult<WriteGuard>(WriteGuard(*this), poisoned));
  }

  /// The data, without locking. Throws a PoisonError that holds the reference when poisoned.
  T &get_mut() & WARD_LIFETIMEBOUND {
    if (poison_.get()) [[unlikely]]
      detail::raise<PoisonErrorWith<T &>>(data_);
    return data_;
  }
  /// Moves the data out: `std::move(l).into_inner()`. Throws a PoisonError that holds the data when poisoned.
  T into_inner() && {
    if (poison_.get()) [[unlikely]]
      detail::raise<PoisonErrorWith<T>>(std::move(data_));
    return std::move(data_);
  }

  /// Whether a thread threw while it held the write guard. Without the lock it is only a hint.
  bool is_poisoned() const noexcept { return poison_.get(); }
  /// Ends the poisoning.
  void clear_poison() const noexcept { poison_.clear(); }

private:
  friend class RwLockReadGuard<T, Raw>;
  friend class RwLockWriteGuard<T, Raw>;

  [[noreturn]] WARD_COLD void refuse_read() const WARD_TS_NO_ANALYSIS {
    raw_.unlock_shared();
    detail::raise<PoisonError>();
  }
  [[noreturn]] WARD_COLD void refuse_write() const WARD_TS_NO_ANALYSIS {
    raw_.unlock();
    detail::raise<PoisonError>();
  }

  mutable Raw raw_;
  mutable detail::PoisonFlag poison_;
  mutable T data_;
};

template <class T> RwLock(T) -> RwLock<T>;

template <> inline constexpr bool unsafe_impl_lock<raw::FutexRwLock> = true;

// RwLock: Send iff T is, since it owns one. Sync iff T is both: a writer on another thread has exclusive access to the
// T (Send), and readers on several threads access it at the same time (Sync).
template <class T, class Raw> struct detail::rule<RwLock<T, Raw>> {
  using send = all<on<T, is_send>, lock_of<Raw>>;
  using sync = all<on<T, is_send>, on<T, is_sync>, lock_of<Raw>>;
  using sync_mut = sync;
  using owned = all<on<T, is_owned>>;
};

WARD_NAMESPACE_END
