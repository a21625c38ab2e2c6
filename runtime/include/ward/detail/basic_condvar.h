// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/detail/system.h>
#include <ward/raw/futex_mutex.h>

WARD_NAMESPACE_BEGIN
namespace detail {

/// A queue of threads that released a lock to wait. Every notification changes `sequence_`; a waiter reads it while it
/// still holds the lock, so it cannot miss a later notification. `waiters_` saves the system call if there are no
/// waiters.
template <class Platform> class BasicCondvar {
public:
  constexpr BasicCondvar() noexcept = default;

  /// Called with the lock held, and returns with it held. False only on a time-out.
  template <class Raw> bool wait_until(Raw &raw, Deadline deadline) noexcept {
    // relaxed, all of them: the condition is changed with the lock held, which orders these operations with the change.
    waiters_.fetch_add(1, std::memory_order_relaxed);
    const std::uint32_t sequence = sequence_.load(std::memory_order_relaxed);
    raw::release(raw);
    const bool in_time = Platform::wait_until(sequence_, sequence, deadline);
    waiters_.fetch_sub(1, std::memory_order_relaxed);
    raw::acquire(raw);
    return in_time;
  }

  void notify_one() noexcept {
    sequence_.fetch_add(1, std::memory_order_relaxed);
    if (waiters_.load(std::memory_order_relaxed) != 0)
      Platform::wake_one(&sequence_);
  }
  void notify_all() noexcept {
    sequence_.fetch_add(1, std::memory_order_relaxed);
    if (waiters_.load(std::memory_order_relaxed) != 0)
      Platform::wake_all(&sequence_);
  }

private:
  typename Platform::template Atomic<std::uint32_t> sequence_{0};
  typename Platform::template Atomic<std::uint32_t> waiters_{0};
};

} // namespace detail
WARD_NAMESPACE_END
