// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/detail/config.h>

#include <exception>
#include <utility>

WARD_NAMESPACE_BEGIN
namespace detail {
template <class T> inline constexpr char poison_tag{};
}

/// A lock was poisoned: a thread threw while it held the write guard, so the data may be half changed. Thrown by
/// `lock`, `try_lock`, `read`, `write`, `with`, `get_mut`, `into_inner`, `LockResult::unwrap` and by waits that
/// re-acquire the lock. The lock is not held while the error propagates. To access the data nevertheless:
/// `lock_result().into_inner()`. Mirrors `std::sync::PoisonError`.
class PoisonError : public std::exception {
public:
  PoisonError() noexcept = default;
  const char *what() const noexcept override {
    return "ward::PoisonError: a thread threw an exception while it held this lock; the data may be half changed";
  }

  /// The data that the error holds (from `into_inner()` and `get_mut()` of a poisoned lock), if it is a `T`; else null.
  template <class T> T *data() const noexcept {
    return tag_ == &detail::poison_tag<T> ? static_cast<T *>(data_) : nullptr;
  }

protected:
  template <class T> void carry(T *data) noexcept {
    data_ = data;
    tag_ = &detail::poison_tag<T>;
  }

private:
  void *data_ = nullptr;
  const void *tag_ = nullptr;
};

/// The PoisonError of `into_inner()`: it owns the data that was moved out of the lock.
template <class T> class PoisonErrorWith : public PoisonError {
public:
  explicit PoisonErrorWith(T &&value) : value_(std::move(value)) { this->carry(&value_); }
  PoisonErrorWith(PoisonErrorWith &&other) : value_(std::move(other.value_)) { this->carry(&value_); }
  // std::make_exception_ptr and some ABIs copy exceptions; this can be copied if T can.
  PoisonErrorWith(const PoisonErrorWith &other)
    requires requires(const T &t) { T(t); }
      : PoisonError(), value_(other.value_) {
    this->carry(&value_);
  }

  const T &get_ref() const noexcept WARD_LIFETIMEBOUND { return value_; }
  T &get_mut() noexcept WARD_LIFETIMEBOUND { return value_; }
  /// The data itself. Mirrors `PoisonError::into_inner`.
  T into_inner() && { return std::move(value_); }

private:
  T value_;
};

/// The PoisonError of `get_mut()`: it refers to the data, which stays in the lock.
template <class T> class PoisonErrorWith<T &> : public PoisonError {
public:
  explicit PoisonErrorWith(T &value) noexcept : value_(&value) { this->carry(&value); }
  T &get_mut() const noexcept { return *value_; }
  const T &get_ref() const noexcept { return *value_; }
  T &into_inner() const noexcept { return *value_; }

private:
  T *value_;
};

WARD_NAMESPACE_END
