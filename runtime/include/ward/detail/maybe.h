// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/detail/place.h>

#include <utility>

WARD_NAMESPACE_BEGIN
namespace detail {

/// The result of a `try_` form of a lock or borrow: a guard or nothing. As std::optional<Guard>, without its header: if
/// it is true, `*x` is the guard, which can be moved out of an rvalue.
template <class T> class [[nodiscard("the lock is released at once if the guard is dropped")]] Maybe {
public:
  Maybe() noexcept : empty_(), has_(false) {}
  explicit Maybe(T value) noexcept : value_(std::move(value)), has_(true) {}
  Maybe(Maybe &&other) noexcept : empty_(), has_(other.has_) {
    if (has_)
      create_at(value_, std::move(other.value_));
  }
  Maybe &operator=(Maybe &&other) noexcept {
    if (this != &other) {
      reset();
      if (other.has_) {
        create_at(value_, std::move(other.value_));
        has_ = true;
      }
    }
    return *this;
  }
  ~Maybe() { reset(); }

  bool has_value() const noexcept { return has_; }
  explicit operator bool() const noexcept { return has_; }
  T &operator*() & noexcept WARD_LIFETIMEBOUND { return value_; }
  const T &operator*() const & noexcept WARD_LIFETIMEBOUND { return value_; }
  T &&operator*() && noexcept WARD_LIFETIMEBOUND { return std::move(value_); }
  T *operator->() noexcept WARD_LIFETIMEBOUND { return address_of(value_); }
  const T *operator->() const noexcept WARD_LIFETIMEBOUND { return address_of(value_); }
  /// Destroys the guard, if there is one.
  void reset() noexcept {
    if (std::exchange(has_, false))
      end_life(value_);
  }

private:
  union {
    char empty_;
    T value_;
  };
  bool has_;
};

} // namespace detail
WARD_NAMESPACE_END
