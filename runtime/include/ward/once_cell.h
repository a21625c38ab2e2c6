// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/detail/rule.h>
#include <ward/result.h>

#include <optional>

WARD_NAMESPACE_BEGIN

/// A value that is set once, within one thread. Mirrors `std::cell::OnceCell`.
template <class T> class OnceCell {
public:
  constexpr OnceCell() noexcept = default;
  explicit OnceCell(T value) : value_(std::move(value)) {}
  OnceCell(OnceCell &&) = default;
  OnceCell &operator=(OnceCell &&) = default;

  /// The value, or null.
  const T *get() const noexcept WARD_LIFETIMEBOUND { return value_ ? std::addressof(*value_) : nullptr; }
  T *get_mut() noexcept WARD_LIFETIMEBOUND { return value_ ? std::addressof(*value_) : nullptr; }
  /// Sets the value; if there is one already, the error holds the argument.
  Result<void, T> set(T value) const {
    if (value_)
      return Result<void, T>::err(std::move(value));
    value_.emplace(std::move(value));
    return Result<void, T>::ok();
  }
  /// The value, created by `f()` if there is none. If `f` throws, there still is none. If `f` itself sets the cell, it
  /// panics.
  template <class F> const T &get_or_init(F &&f) const WARD_LIFETIMEBOUND {
    if (!value_) {
      T made = std::forward<F>(f)();
      if (value_)
        panic("ward::OnceCell: initialised by its own initialiser");
      value_.emplace(std::move(made));
    }
    return *value_;
  }
  /// Moves the value out; the cell can be set again.
  std::optional<T> take() { return std::exchange(value_, std::nullopt); }
  std::optional<T> into_inner() && { return take(); }

private:
  mutable std::optional<T> value_;
};

// OnceCell: Send iff T is, since it owns one. Never Sync: two threads could set it at once.
template <class T> struct detail::rule<OnceCell<T>> {
  using send = all<on<T, is_send>>;
  using sync = never<"const access sets it without a lock">;
  using owned = all<on<T, is_owned>>;
};

WARD_NAMESPACE_END
