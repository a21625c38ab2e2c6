// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/detail/system.h>
#include <ward/detail/thread_safety.h>

WARD_NAMESPACE_BEGIN
namespace raw {

/// A lock of four bytes, without data and poisoning, which `ward::Mutex` adds.
///
///   state | meaning                        | lock()             | unlock()
///   ------+--------------------------------+--------------------+------------------
///     0   | free                           | -> 1, enter        | (never)
///     1   | held, no thread sleeps         | spin, -> 2, sleep  | -> 0
///     2   | held, a thread may sleep       | sleep              | -> 0, wake one
///
/// Cost: one compare-exchange to acquire, one exchange to release; a system call only under contention. Not reentrant,
/// not fair. Only the thread that holds it may call unlock(). Mirrors the futex mutex of Rust's `std::sync::Mutex`.
template <class Platform> class WARD_TS_CAPABILITY("mutex") BasicFutexMutex {
public:
  constexpr BasicFutexMutex() noexcept = default;
  BasicFutexMutex(const BasicFutexMutex &) = delete;
  BasicFutexMutex &operator=(const BasicFutexMutex &) = delete;

  /// Acquires the lock; waits without a time limit. A second call on the thread that holds it deadlocks.
  void lock() noexcept WARD_TS_ACQUIRE() {
    std::uint32_t seen = free;
    // acquire: pairs with the release exchange in unlock(), so that the last holder's writes are visible.
    if (!state_.compare_exchange_strong(seen, held, std::memory_order_acquire, std::memory_order_relaxed)) [[unlikely]]
      lock_contended();
  }

  /// Acquires the lock if it is free now. Cost: one compare-exchange.
  [[nodiscard("a lock that is acquired and ignored is never released")]] bool try_lock() noexcept {
    std::uint32_t seen = free;
    // acquire: as in lock().
    return state_.compare_exchange_strong(seen, held, std::memory_order_acquire, std::memory_order_relaxed);
  }

  /// Releases the lock, and wakes one sleeping thread if there may be one. Another thread may free the memory as soon
  /// as it has the lock, so only the address is used after the exchange.
  void unlock() noexcept WARD_TS_RELEASE() {
    const auto *word = &state_;
    // release: pairs with the acquires in lock(), try_lock() and lock_contended().
    if (state_.exchange(free, std::memory_order_release) == contended) [[unlikely]]
      Platform::wake_one(word);
  }

private:
  static constexpr std::uint32_t free = 0, held = 1, contended = 2;

  // Spins while the lock is held and no thread sleeps; returns the last state.
  std::uint32_t spin() const noexcept {
    for (int left = Platform::spins;; --left) {
      // relaxed: only a hint; the exchange that follows orders.
      const std::uint32_t seen = state_.load(std::memory_order_relaxed);
      if (seen != held || left <= 0)
        return seen;
      Platform::relax();
    }
  }

  WARD_COLD void lock_contended() noexcept {
    std::uint32_t seen = spin();
    // acquire: pairs with unlock()'s release.
    if (seen == free &&
        state_.compare_exchange_strong(seen, held, std::memory_order_acquire, std::memory_order_relaxed))
      return;
    for (;;) {
      // A thread that has slept acquires with `contended`: others may sleep too, and its unlock() must wake them.
      // acquire: pairs with unlock()'s release.
      if (seen != contended && state_.exchange(contended, std::memory_order_acquire) == free)
        return;
      Platform::wait(state_, contended);
      seen = spin();
    }
  }

  typename Platform::template Atomic<std::uint32_t> state_{free};
};

/// The default lock of `ward::Mutex`.
using FutexMutex = BasicFutexMutex<detail::System>;
#if defined(__linux__)
static_assert(sizeof(FutexMutex) == 4);
#endif

/// How Ward calls a lock: `lock`/`unlock`/`try_lock` (BasicLockable), or `Lock`/`Unlock`/`TryLock` as absl::Mutex does.
template <class Raw> void acquire(Raw &raw) WARD_TS_NO_ANALYSIS {
  if constexpr (requires { raw.lock(); })
    raw.lock();
  else
    raw.Lock();
}
template <class Raw> bool try_acquire(Raw &raw) WARD_TS_NO_ANALYSIS {
  if constexpr (requires { raw.try_lock(); })
    return raw.try_lock();
  else
    return raw.TryLock();
}
template <class Raw> void release(Raw &raw) noexcept WARD_TS_NO_ANALYSIS {
  if constexpr (requires { raw.unlock(); })
    raw.unlock();
  else
    raw.Unlock();
}

} // namespace raw

/// The default `Raw` of `Mutex<T>`.
using DefaultRaw = raw::FutexMutex;

WARD_NAMESPACE_END
