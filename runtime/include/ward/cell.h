// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/detail/rule.h>

#include <memory>
#include <type_traits>
#include <utility>

WARD_NAMESPACE_BEGIN

/// A value that changes through const access, within one thread, and is copied in and out: there is never a reference
/// into it that could dangle. Costs nothing. Mirrors `std::cell::Cell`.
template <class T> class Cell {
public:
  // A template, for classes that nest T: see Mutex.
  template <class U = T>
    requires std::is_default_constructible_v<U>
  constexpr Cell() : value_() {}
  constexpr explicit Cell(T value) noexcept(std::is_nothrow_move_constructible_v<T>) : value_(std::move(value)) {}
  Cell(Cell &&) = default;
  Cell &operator=(Cell &&) = default;
  Cell(const Cell &) = delete;
  Cell &operator=(const Cell &) = delete;

  /// A copy of the value. As in Rust, only of a type that is copied bit by bit: another copy constructor could use the
  /// cell, and destroy what it copies.
  T get() const
    requires std::is_trivially_copyable_v<T>
  {
    return value_;
  }
  /// Sets the value; the old one is destroyed afterwards, when the cell already holds the new one.
  void set(T value) const { [[maybe_unused]] const T old = replace(std::move(value)); }
  /// Sets the value and returns the old one.
  T replace(T value) const {
    T old = std::move(value_);
    value_ = std::move(value);
    return old;
  }
  /// Moves the value out and leaves a default one.
  T take() const
    requires std::is_default_constructible_v<T>
  {
    return replace(T());
  }
  /// Exchanges the values of two cells, which may be the same.
  void swap(const Cell &other) const {
    if (this != &other)
      std::swap(value_, other.value_);
  }
  /// Replaces the value by `f(copy of it)` and returns the new one.
  template <class F>
  T update(F &&f) const
    requires std::is_trivially_copyable_v<T>
  {
    T next = std::forward<F>(f)(get());
    set(next);
    return next;
  }
  /// The value. Non-const access to the cell means that it is not shared.
  T &get_mut() & noexcept { return value_; }
  T into_inner() && { return std::move(value_); }

private:
  mutable T value_;
};
template <class T> Cell(T) -> Cell<T>;

/// A value that changes through const access without any check; the other cells are built on it. `get()` is a raw
/// pointer, and its user must rule out conflicting accesses. Mirrors `std::cell::UnsafeCell`.
template <class T> class UnsafeCell {
public:
  // A template, for classes that nest T: see Mutex.
  template <class U = T>
    requires std::is_default_constructible_v<U>
  constexpr UnsafeCell() : value_() {}
  constexpr explicit UnsafeCell(T value) noexcept(std::is_nothrow_move_constructible_v<T>) : value_(std::move(value)) {}

  T *get() const noexcept { return std::addressof(value_); }
  T &get_mut() & noexcept { return value_; }
  T into_inner() && { return std::move(value_); }

private:
  mutable T value_;
};
template <class T> UnsafeCell(T) -> UnsafeCell<T>;

// Cells: Send iff T is, since they own one. Never Sync: const access changes the value, without synchronisation.
template <class T> struct detail::rule<Cell<T>> {
  using send = all<on<T, is_send>>;
  using sync = never<"const access changes it without a lock">;
  using owned = all<on<T, is_owned>>;
};
template <class T> struct detail::rule<UnsafeCell<T>> : detail::rule<Cell<T>> {};

WARD_NAMESPACE_END
