// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/detail/basic_once.h>
#include <ward/detail/rule.h>
#include <ward/result.h>

#include <optional>

WARD_NAMESPACE_BEGIN

/// A value that is set once, by whichever thread comes first, and then read by all without a lock. Constant-initialised, so
/// good for globals; does not move. Cost of reading: one acquire load. Mirrors `std::sync::OnceLock`.
template <class T> class OnceLock {
public:
  constexpr OnceLock() noexcept : empty_() {}
  OnceLock(const OnceLock &) = delete;
  OnceLock &operator=(const OnceLock &) = delete;
  ~OnceLock() {
    if (once_.completed())
      std::destroy_at(std::addressof(value_));
  }

  /// The value, or null. Never waits.
  const T *get() const noexcept WARD_LIFETIMEBOUND { return once_.completed() ? std::addressof(value_) : nullptr; }
  /// The value to whoever has the OnceLock itself, not const; or null.
  T *get_mut() noexcept WARD_LIFETIMEBOUND { return once_.completed() ? std::addressof(value_) : nullptr; }

  /// Sets the value, or gives the argument back if there is one; waits for a thread that is setting it.
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

  /// The value; if there is none, `f()` makes it, on one thread, while the others wait. If `f` throws, there still is none,
  /// and the next caller tries. If `f` calls this on the same OnceLock, it never returns.
  template <class F> const T &get_or_init(F &&f) const WARD_LIFETIMEBOUND {
    if (!once_.completed()) [[unlikely]]
      once_.run(true, [&](bool) { ::new (static_cast<void *>(std::addressof(value_))) T(std::forward<F>(f)()); });
    return value_;
  }

  /// Takes the value out; the OnceLock can be set again.
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

// OnceLock: Send iff T is, since it owns one. Sync iff T is both: the thread that sets it gives a T away (Send), and all
// threads look at it (Sync).
template <class T> struct detail::rule<OnceLock<T>> {
  using send = all<on<T, is_send>>;
  using sync = all<on<T, is_send>, on<T, is_sync>>;
  using owned = all<on<T, is_owned>>;
};

WARD_NAMESPACE_END
