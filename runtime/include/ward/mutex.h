// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/claims.h>
#include <ward/detail/maybe.h>
#include <ward/detail/raise.h>
#include <ward/lock_result.h>
#include <ward/mutex_guard.h>

#include <type_traits>
#include <utility>

WARD_NAMESPACE_BEGIN

/// A lock that owns the data it protects: only a guard gives access to the data.
///
///   ward::Mutex<std::vector<int>> numbers(std::vector<int>{});
///   numbers.lock()->push_back(1);
///
/// A global Mutex of a constant is initialised at compile time. A Mutex cannot be moved, since threads use its address.
/// There is no `unlock()`: the guard's destructor unlocks. It is not reentrant: locking it twice on one thread
/// deadlocks. If a thread throws while it holds the guard, the mutex is poisoned: see PoisonError. `Raw` is any lock
/// with lock/unlock/try_lock or Lock/Unlock/TryLock. Mirrors `std::sync::Mutex`.
template <class T, class Raw> class WARD_TS_CAPABILITY("mutex") Mutex {
  static_assert(!std::is_reference_v<T> && !std::is_const_v<T>, "a Mutex owns a value, not a reference or a constant");
  static_assert(!detail::is_recursive_lock<Raw>(),
                "a Mutex over a recursive lock would give its thread two exclusive guards at once");

public:
  using Guard = MutexGuard<T, Raw>;

  // A template, so that T is examined on use only: inside a class that nests T, T has no default constructor yet.
  template <class U = T>
    requires std::is_default_constructible_v<U>
  constexpr Mutex() : data_() {}
  /// Owns `value`.
  template <class U = T>
    requires(std::is_constructible_v<T, U &&> && !std::is_same_v<std::remove_cvref_t<U>, Mutex> &&
             !std::is_same_v<std::remove_cvref_t<U>, std::in_place_t>)
  constexpr explicit Mutex(U &&value) : data_(std::forward<U>(value)) {}
  /// Owns a T constructed in place, which need not be movable.
  template <class... Args>
    requires std::is_constructible_v<T, Args &&...>
  constexpr explicit Mutex(std::in_place_t, Args &&...args) : data_(std::forward<Args>(args)...) {}

  Mutex(const Mutex &) = delete;
  Mutex &operator=(const Mutex &) = delete;

  /// Acquires the lock and returns its guard. Throws PoisonError (and holds nothing) when poisoned. It is const, since
  /// an Arc gives const access only. Cost: one compare-exchange and one read of the count of uncaught exceptions.
  [[nodiscard("the lock is released at once if the guard is dropped")]] Guard lock() const WARD_LIFETIMEBOUND
      WARD_TS_ACQUIRE(this) WARD_TS_NO_ANALYSIS {
    raw::acquire(raw_);
    if (poison_.get()) [[unlikely]]
      refuse();
    return Guard(*this);
  }

  /// Acquires the lock; the result holds it, and tells whether it is poisoned. Never throws. Mirrors `Mutex::lock`.
  [[nodiscard("the lock is released at once if the result is dropped")]] LockResult<Guard> lock_result() const
      WARD_LIFETIMEBOUND WARD_TS_NO_ANALYSIS {
    raw::acquire(raw_);
    const bool poisoned = poison_.get();
    return LockResult<Guard>(Guard(*this), poisoned);
  }

  /// The guard if the lock is free now, else empty: `if (auto g = m.try_lock()) (*g)->push_back(1);`. Throws
  /// PoisonError if the acquired lock is poisoned. Cost: one compare-exchange. Mirrors `Mutex::try_lock`.
  [[nodiscard("the lock is released at once if the guard is dropped")]] detail::Maybe<Guard> try_lock() const
      WARD_LIFETIMEBOUND WARD_TS_NO_ANALYSIS {
    if (!raw::try_acquire(raw_))
      return {};
    if (poison_.get()) [[unlikely]]
      refuse();
    return detail::Maybe<Guard>(Guard(*this));
  }

  /// As try_lock(); the result tells whether the lock is poisoned. Never throws.
  [[nodiscard("the lock is released at once if the result is dropped")]] detail::Maybe<LockResult<Guard>>
  try_lock_result() const WARD_LIFETIMEBOUND WARD_TS_NO_ANALYSIS {
    if (!raw::try_acquire(raw_))
      return {};
    const bool poisoned = poison_.get();
    return detail::Maybe<LockResult<Guard>>(LockResult<Guard>(Guard(*this), poisoned));
  }

  /// Returns `f(data)`, called with the lock held. Throws as lock() does; if `f` does not return (it throws, or calls
  /// pthread_exit), the lock is poisoned.
  template <class F> decltype(auto) with(F &&f) const WARD_TS_NO_ANALYSIS {
    Guard guard = lock();
    WARD_TRY { return std::forward<F>(f)(*guard); }
    WARD_CATCH_ALL { // also the unwinding of pthread_exit and cancellation, which the guard cannot tell from a return
      poison_.set();
      WARD_RETHROW;
    }
  }

  /// The data, without locking: non-const access to the Mutex means that it is not shared. Throws a PoisonError
  /// that holds the reference when poisoned. Mirrors `Mutex::get_mut`.
  T &get_mut() & WARD_LIFETIMEBOUND {
    if (poison_.get()) [[unlikely]]
      detail::raise<PoisonErrorWith<T &>>(data_);
    return data_;
  }

  /// Moves the data out: `std::move(m).into_inner()`. Throws a PoisonError that holds the data when poisoned. Mirrors
  /// `Mutex::into_inner`.
  T into_inner() && {
    if (poison_.get()) [[unlikely]]
      detail::raise<PoisonErrorWith<T>>(std::move(data_));
    return std::move(data_);
  }

  /// Whether a thread threw while it held the lock. Without the lock it is only a hint.
  bool is_poisoned() const noexcept { return poison_.get(); }
  /// Ends the poisoning, usually after a repair of the data through `lock_result().into_inner()`.
  void clear_poison() const noexcept { poison_.clear(); }

private:
  friend class MutexGuard<T, Raw>;
  friend struct detail::GuardAccess;

  [[noreturn]] WARD_COLD void refuse() const WARD_TS_NO_ANALYSIS {
    raw::release(raw_);
    detail::raise<PoisonError>();
  }

  mutable Raw raw_;
  mutable detail::PoisonFlag poison_;
  mutable T data_;
};

template <class T> Mutex(T) -> Mutex<T>;

template <> inline constexpr bool unsafe_impl_lock<raw::FutexMutex> = true;

#if defined(__linux__) && defined(__x86_64__)
static_assert(sizeof(Mutex<int>) <= 12 && sizeof(MutexGuard<int>) <= 16);
#endif

// Mutex: Send iff T is, since it owns one. Sync iff T is *Send*: the lock gives the T to one thread at a time, so the
// threads that share the mutex never access the T at the same time.
template <class T, class Raw> struct detail::rule<Mutex<T, Raw>> {
  using send = all<on<T, is_send>, lock_of<Raw>>;
  using sync = all<on<T, is_send>, lock_of<Raw>>;
  using sync_mut = sync;
  using owned = all<on<T, is_owned>>;
};

WARD_NAMESPACE_END
