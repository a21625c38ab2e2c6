// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The platform policy that every lock uses. Tests replace it by one that runs all interleavings of a small program
// (test/runtime/interleave).
#pragma once

#include <ward/detail/abi.h>
#include <ward/detail/config.h>

#include <atomic>

WARD_NAMESPACE_BEGIN
namespace detail {

// A point in steady-clock time, in nanoseconds; negative means never.
struct Deadline {
  std::int64_t nanoseconds = -1;
};

struct System {
  template <class T> using Atomic = std::atomic<T>;

  // Sleeping threads may be of several kinds (readers and writers), which are woken separately.
  static constexpr std::uint32_t any_kind = 0xffffffff;

  static void wait(const std::atomic<std::uint32_t> &word, std::uint32_t expected,
                   std::uint32_t kind = any_kind) noexcept {
    ward_futex_wait(&word, expected, -1, kind);
  }
  // False only on a time-out.
  static bool wait_until(const std::atomic<std::uint32_t> &word, std::uint32_t expected, Deadline deadline) noexcept {
    return ward_futex_wait(&word, expected, deadline.nanoseconds, any_kind);
  }
  // Wake-ups use only the address: the word may be destroyed by then, and waking an unrelated thread is harmless.
  static void wake_one(const std::atomic<std::uint32_t> *word, std::uint32_t kind = any_kind) noexcept {
    ward_futex_wake(word, 1, kind);
  }
  static void wake_all(const std::atomic<std::uint32_t> *word, std::uint32_t kind = any_kind) noexcept {
    ward_futex_wake(word, 0x7fffffff, kind);
  }

  static void acquire_fence() noexcept {
#if !WARD_TSAN
    std::atomic_thread_fence(std::memory_order_acquire);
#endif
  }

  // How often a lock retries before it sleeps. A critical section shorter than this never costs a system call.
  static constexpr int spins = 100;
  static void relax() noexcept {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__) || defined(__arm__)
    __asm__ __volatile__("yield");
#endif
  }
};

} // namespace detail
WARD_NAMESPACE_END
