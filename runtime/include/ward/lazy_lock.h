// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/detail/basic_once.h>
#include <ward/detail/raise.h>
#include <ward/detail/rule.h>
#include <ward/poison_error.h>

#include <memory>
#include <new>
#include <type_traits>
#include <utility>

WARD_NAMESPACE_BEGIN

/// A value that is created on first use, by the thread that uses it first:
///
///   static const ward::LazyLock<Config> config([] { return load(); });
///   use(config->limit);
///
/// If the function throws, the first user gets the exception, and every later use throws PoisonError. A function that
/// uses its own LazyLock deadlocks. A global one that threads use at exit is a NoDestructor<LazyLock<T>>. Cost after creation: one acquire load. Mirrors `std::sync::LazyLock`.
template <class T, class F = T (*)()> class LazyLock {
public:
  constexpr explicit LazyLock(F f) noexcept(std::is_nothrow_move_constructible_v<F>)
      : function_(std::move(f)), empty_() {}
  LazyLock(const LazyLock &) = delete;
  LazyLock &operator=(const LazyLock &) = delete;
  ~LazyLock()
    requires(std::is_trivially_destructible_v<T> && std::is_trivially_destructible_v<F>)
  = default;
  ~LazyLock() {
    if (once_.completed())
      std::destroy_at(std::addressof(value_));
    else if (!once_.is_running()) // else another thread is in the function, which destroys it: at exit, a detached one
      std::destroy_at(std::addressof(function_));
  }

  /// The value, created now if it does not exist.
  const T &operator*() const WARD_LIFETIMEBOUND { return force(); }
  const T *operator->() const WARD_LIFETIMEBOUND { return std::addressof(force()); }
  const T &force() const WARD_LIFETIMEBOUND {
    if (!once_.completed()) [[unlikely]]
      if (!once_.run(false, [this](bool) { make(); }))
        detail::raise<PoisonError>();
    return value_;
  }

private:
  void make() const {
    ::new (static_cast<void *>(std::addressof(value_))) T(std::move(function_)());
    std::destroy_at(std::addressof(function_));
  }

  mutable detail::BasicOnce<detail::System> once_;
  union {
    mutable F function_; // until the value exists
  };
  union {
    char empty_;
    mutable T value_;
  };
};
template <class F> LazyLock(F) -> LazyLock<std::invoke_result_t<F>, F>;

// LazyLock: Send iff both the T and the function are. Sync iff several threads may access the T (T Sync), a T may be
// created on one thread and destroyed on another (T Send), and the function may be called on any one thread (F Send; it
// is not shared).
template <class T, class F> struct detail::rule<LazyLock<T, F>> {
  using send = all<on<T, is_send>, on<F, is_send>>;
  using sync = all<on<T, is_send>, on<T, is_sync>, on<F, is_send>>;
  using sync_mut = sync;
  using owned = all<on<T, is_owned>, on<F, is_owned>>;
};

WARD_NAMESPACE_END
