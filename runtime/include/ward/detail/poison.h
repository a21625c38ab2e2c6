// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/detail/unwinding.h>

#include <atomic>

WARD_NAMESPACE_BEGIN
namespace detail {

/// Whether a thread threw while it held the lock. One byte beside the lock.
class PoisonFlag {
public:
  constexpr PoisonFlag() noexcept = default;
  // relaxed, all: written with the lock held, or by clear(), which promises no order; a read with the lock held
  // is ordered by the lock, and is_poisoned() without the lock is a hint (as in Rust).
  bool get() const noexcept { return failed_.load(std::memory_order_relaxed); }
  void set() noexcept { failed_.store(true, std::memory_order_relaxed); }
  void clear() noexcept { failed_.store(false, std::memory_order_relaxed); }
  // Called by a write guard just before the unlock.
  WARD_INLINE void done(const UnwindWatch &watch) noexcept {
#if WARD_HAS_EXCEPTIONS
    if (watch.unwinding()) [[unlikely]]
      failed_.store(true, std::memory_order_relaxed);
#else
    static_cast<void>(watch);
#endif
  }

private:
  std::atomic<bool> failed_{false};
};

} // namespace detail
WARD_NAMESPACE_END
