// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/detail/basic_once.h>
#include <ward/detail/rule.h>
#include <ward/result.h>

#include <optional>

WARD_NAMESPACE_BEGIN

/// A value that is set once, by the first thread, and then read by all without a lock. Constant-initialised, so
/// suitable for globals; cannot be moved. Cost of reading: one acquire load. Mirrors `std::sync::OnceLock`.
template <class T> class OnceLock {
public:
  constexpr OnceLock() noexcept : empty_() {}
  OnceLock(const OnceLock &) = delete;
  OnceLock &operator=(const OnceLock &) = delete;
  ~OnceLock()
    requires std::is_trivially_destructible_v<T>
  = default;
  ~OnceLock() {
    if (once_.completed())
      std::destroy_at(std::addressof(value_));
  }

  /// The value, or null. Never waits.
  const T *get() const noexcept WARD_LIFETIMEBOUND { return once_.completed() ? std::addressof(value_) : nullptr; }
  /// The value, through non-const access to the OnceLock; or null.
  T *get_mut() noexcept WARD_LIFETIMEBOUND { return once_.completed() ? std::addressof(value_) : nullptr; }

  /// Sets the value; if there is one already, the error holds the argument. Waits for a thread that is setting it.
  Result<void, T> set(T value) const {
    bool mine = false;
    once_.run(true, [&](bool) {
      std::construct_at(std::addressof(value_), std::move(value));
      mine = true;
    });
    if (mine)
      return Result<void, T>::ok();
    return Result<void, T>::err(std::move(value));
  }

  /// The value; if there is none, `f()` creates it, on one thread, while the others wait. If `f` throws, there still is
  /// none, and the next caller tries again. If `f` calls this on the same OnceLock, that is a deadlock.
  template <class F> const T &get_or_init(F &&f) const WARD_LIFETIMEBOUND {
    if (!once_.completed()) [[unlikely]]
      once_.run(true, [&](bool) { ::new (static_cast<void *>(std::addressof(value_))) T(std::forward<F>(f)()); });
    return value_;
  }

  /// Moves the value out; the OnceLock can be set again.
  std::optional<T> take() {
    if (!once_.completed())
      return std::nullopt;
    std::optional<T> value(std::move(value_));
    std::destroy_at(std::addressof(value_));
    once_.reset();
    return value;
  }
  std::optional<T> into_inner() && { return take(); }

private:
  mutable detail::BasicOnce<detail::System> once_;
  union {
    detail::Unit empty_;
    mutable T value_;
  };
};

// OnceLock: Send iff T is, since it owns one. Sync iff T is both: one thread sets the T and another may destroy it
// (Send), and all threads read it (Sync).
template <class T> struct detail::rule<OnceLock<T>> {
  using send = all<on<T, is_send>>;
  using sync = all<on<T, is_send>, on<T, is_sync>>;
  using sync_mut = sync;
  using owned = all<on<T, is_owned>>;
};

WARD_NAMESPACE_END
