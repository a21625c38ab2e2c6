// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/detail/rule.h>

#include <memory>
#include <type_traits>
#include <utility>

WARD_NAMESPACE_BEGIN

/// A value that changes through const access, within one thread, by being copied in and out: no reference into it is ever
/// given away, so nothing can dangle. Costs nothing. Mirrors `std::cell::Cell`.
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

  /// A copy of the value.
  T get() const
    requires std::is_copy_constructible_v<T>
  {
    return value_;
  }
  /// Puts a value in; the old one is destroyed afterwards, when the cell already holds the new one.
  void set(T value) const { [[maybe_unused]] const T old = replace(std::move(value)); }
  /// Puts a value in and gives the old one.
  T replace(T value) const {
    T old = std::move(value_);
    value_ = std::move(value);
    return old;
  }
  /// Takes the value out and leaves a default one.
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
  template <class F> T update(F &&f) const {
    T next = std::forward<F>(f)(get());
    set(next);
    return next;
  }
  /// The value: whoever has the cell itself, not const, shares it with nobody.
  T &get_mut() & noexcept { return value_; }
  T into_inner() && { return std::move(value_); }

private:
  mutable T value_;
};
template <class T> Cell(T) -> Cell<T>;

/// A value that changes through const access with no check at all: the part from which the other cells are made. `get()` is a
/// raw pointer, and whoever uses it must rule out conflicting access. Mirrors `std::cell::UnsafeCell`.
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

// Cells: Send iff T is, since they own one. Never Sync: const access changes the value, with nothing that orders two threads.
template <class T> struct detail::rule<Cell<T>> {
  using send = all<on<T, is_send>>;
  using sync = never<"const access changes it, with no lock">;
  using owned = all<on<T, is_owned>>;
};
template <class T> struct detail::rule<UnsafeCell<T>> : detail::rule<Cell<T>> {};

WARD_NAMESPACE_END
