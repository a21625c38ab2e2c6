// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/detail/raise.h>
#include <ward/poison_error.h>

#include <utility>

WARD_NAMESPACE_BEGIN

/// A guard, and whether the lock was poisoned. Holds the lock in both cases, until the guard that is moved out of it
/// (or the result itself) is destroyed. Returned by `lock_result()`, `read_result()`, `write_result()`. Mirrors
/// `std::sync::LockResult`.
template <class Guard>
class [[nodiscard("the lock is held by this result, and released when it is destroyed")]] LockResult {
public:
  LockResult(Guard guard, bool poisoned) noexcept : guard_(std::move(guard)), poisoned_(poisoned) {}

  /// Whether a thread threw while it held the lock.
  bool is_poisoned() const noexcept { return poisoned_; }
  bool has_value() const noexcept { return !poisoned_; }
  explicit operator bool() const noexcept { return !poisoned_; }

  /// The guard. Throws PoisonError (and releases the lock) when poisoned.
  [[nodiscard("the lock is released at once if the guard is dropped")]] Guard unwrap() && {
    if (poisoned_) {
      { Guard released(std::move(guard_)); }
      detail::raise<PoisonError>();
    }
    return std::move(guard_);
  }

  /// The guard, poisoned or not: for code that repairs the data and then calls `clear_poison()`.
  [[nodiscard("the lock is released at once if the guard is dropped")]] Guard into_inner() && noexcept {
    return std::move(guard_);
  }

private:
  Guard guard_;
  bool poisoned_;
};

WARD_NAMESPACE_END
