// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/detail/rule.h>
#include <ward/panic.h>

#include <exception>
#include <memory>
#include <type_traits>
#include <utility>

WARD_NAMESPACE_BEGIN
namespace detail {

struct Unit {};

// What is stored for a T: void as nothing, a reference as a pointer.
template <class T> struct Stored {
  using type = T;
  static T &&out(T &stored) noexcept { return std::move(stored); }
  static const T &look(const T &stored) noexcept { return stored; }
};
template <class T> struct Stored<T &> {
  struct type {
    type(T &to) noexcept : pointer(std::addressof(to)) {} // NOLINT(google-explicit-constructor)
    T *pointer;
  };
  static T &out(type stored) noexcept { return *stored.pointer; }
  static T &look(const type &stored) noexcept { return *stored.pointer; }
};
template <> struct Stored<void> {
  using type = Unit;
  static void out(Unit) noexcept {}
  static void look(const Unit &) noexcept {}
};

// Throws an unhandled error: an exception as itself, anything else as a Panic.
template <class E> [[noreturn]] WARD_COLD void raise_error(E &&error) {
  using Error = std::remove_cvref_t<E>;
#if WARD_HAS_EXCEPTIONS
  if constexpr (std::is_same_v<Error, std::exception_ptr>)
    std::rethrow_exception(std::forward<E>(error));
  else if constexpr (std::is_base_of_v<std::exception, Error>)
    throw Error(std::forward<E>(error));
  else
    panic("ward::Result::unwrap() of an error");
#else
  if constexpr (std::is_base_of_v<std::exception, Error>)
    ward_panic_and_terminate(error.what());
  else
    ward_panic_and_terminate("ward::Result::unwrap() of an error");
#endif
}

} // namespace detail

/// A T, or the reason why there is none. `unwrap()` returns the T or throws the error: an exception_ptr or an exception
/// as itself, anything else as a Panic. Both are moved out, so it requires an rvalue: `rx.recv().unwrap()`,
/// `std::move(result).unwrap()`. A Result may be discarded (`std::move(handle).join();`) if success does not matter,
/// where Rust's must_use requires `let _ =`. Mirrors `std::result::Result`.
template <class T, class E = std::exception_ptr>
class Result {
  using Storage = detail::Stored<T>;

public:
  using value_type = T;
  using error_type = E;

  /// A success, from the arguments of T's constructor (none for void).
  template <class... Args> static Result ok(Args &&...args) { return Result(Ok{}, std::forward<Args>(args)...); }
  /// A failure.
  static Result err(E error) { return Result(Err{}, std::move(error)); }

  Result(Result &&other) noexcept(std::is_nothrow_move_constructible_v<typename Storage::type> &&
                                  std::is_nothrow_move_constructible_v<E>)
      : nothing_(), has_(other.has_) {
    if (has_)
      std::construct_at(std::addressof(value_), std::move(other.value_));
    else
      std::construct_at(std::addressof(error_), std::move(other.error_));
  }
  Result(const Result &other)
    requires(std::is_copy_constructible_v<typename Storage::type> && std::is_copy_constructible_v<E>)
      : nothing_(), has_(other.has_) {
    if (has_)
      std::construct_at(std::addressof(value_), other.value_);
    else
      std::construct_at(std::addressof(error_), other.error_);
  }
  Result &operator=(Result &&other) noexcept(std::is_nothrow_move_constructible_v<typename Storage::type> &&
                                             std::is_nothrow_move_constructible_v<E>) {
    static_assert(std::is_nothrow_move_constructible_v<typename Storage::type> && std::is_nothrow_move_constructible_v<E>,
                  "assigning a Result requires moves that do not throw; construct a new one");
    if (this != &other) {
      std::destroy_at(this);
      std::construct_at(this, std::move(other));
    }
    return *this;
  }
  ~Result() {
    if (has_)
      std::destroy_at(std::addressof(value_));
    else
      std::destroy_at(std::addressof(error_));
  }

  bool has_value() const noexcept { return has_; }
  explicit operator bool() const noexcept { return has_; }

  /// The value; throws the error if there is none.
  [[nodiscard("the value is lost: it was moved out of the Result")]] T unwrap() &&
    requires(!std::is_void_v<T>)
  {
    if (!has_)
      detail::raise_error(std::move(error_));
    return Storage::out(value_);
  }
  void unwrap() &&
    requires std::is_void_v<T>
  {
    if (!has_)
      detail::raise_error(std::move(error_));
  }
  /// The value, or `otherwise`.
  template <class U> [[nodiscard("the value is lost: it was moved out of the Result")]] T unwrap_or(U &&otherwise) && {
    if (has_)
      return Storage::out(value_);
    return static_cast<T>(std::forward<U>(otherwise));
  }
  /// The error; a Panic if there is none.
  [[nodiscard("the error is lost: it was moved out of the Result")]] E unwrap_err() && {
    if (has_)
      panic("ward::Result::unwrap_err() of a value");
    return std::move(error_);
  }

  /// The value, without moving it out; a Panic if there is none.
  decltype(auto) value() const & WARD_LIFETIMEBOUND
    requires(!std::is_void_v<T>)
  {
    if (!has_)
      panic("ward::Result::value() of an error");
    return Storage::look(value_);
  }
  /// The error, without moving it out; a Panic if there is none.
  const E &error() const & WARD_LIFETIMEBOUND {
    if (has_)
      panic("ward::Result::error() of a value");
    return error_;
  }

private:
  struct Ok {};
  struct Err {};
  template <class... Args> explicit Result(Ok, Args &&...args) : value_(std::forward<Args>(args)...), has_(true) {}
  Result(Err, E &&error) : error_(std::move(error)), has_(false) {}

  union {
    detail::Unit nothing_;
    typename Storage::type value_;
    E error_;
  };
  bool has_;
};

// Result: it owns one of the two.
template <class T, class E> struct detail::rule<Result<T, E>> : detail::as_parts<T, E> {};

WARD_NAMESPACE_END
