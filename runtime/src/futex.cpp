// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sleeping on a word. Linux: the futex system call. Elsewhere: std::atomic's wait, and short sleeps for timed waits.
#include <ward/detail/abi.h>

#include <cerrno>
#include <ctime>

#if defined(__linux__)
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>
#else
#include <atomic>
#endif

namespace {
constexpr std::int64_t second = 1'000'000'000;
}

std::int64_t ward_steady_now() noexcept {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::int64_t>(now.tv_sec) * second + now.tv_nsec;
}

#if defined(__linux__)

namespace {

// The kernel's own struct of a time, and the call that takes it, whatever the size of the C library's time_t: a 32-bit
// program may have either.
#if defined(SYS_futex_time64) && __SIZEOF_LONG__ == 4
#define WARD_FUTEX_TIME64 1
constexpr long futex_call = SYS_futex_time64;
struct KernelTime {
  std::int64_t seconds, nanoseconds;
};
struct OldKernelTime {
  long seconds, nanoseconds;
};
#else
#define WARD_FUTEX_TIME64 0
constexpr long futex_call = SYS_futex;
struct KernelTime {
  std::int64_t seconds, nanoseconds;
};
#if __SIZEOF_LONG__ == 4 && !defined(__x86_64__)
#error "this 32-bit system's headers lack SYS_futex_time64 (Linux 5.1): the kernel's time would be misread"
#endif
#endif
#if defined(SYS_futex)
constexpr long wake_call = SYS_futex; // no time in it
#else
constexpr long wake_call = SYS_futex_time64;
#endif

} // namespace

bool ward_futex_wait(const void *word, std::uint32_t expected, std::int64_t deadline, std::uint32_t kinds) noexcept {
  const int saved = errno; // a lock must not change errno
  // WAIT_BITSET takes an absolute time on CLOCK_MONOTONIC: no drift on spurious wake-ups.
  const int operation = FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG;
  long rc = -1;
  if (deadline < 0) {
    rc = syscall(futex_call, word, operation, expected, nullptr, nullptr, kinds);
  } else {
    const KernelTime until{deadline / second, deadline % second};
    rc = syscall(futex_call, word, operation, expected, &until, nullptr, kinds);
#if WARD_FUTEX_TIME64 && defined(SYS_futex)
    if (rc < 0 && errno == ENOSYS) { // a kernel before 5.1: seconds of 32 bits
      const OldKernelTime old{static_cast<long>(deadline / second), static_cast<long>(deadline % second)};
      rc = syscall(SYS_futex, word, operation, expected, &old, nullptr, kinds);
    }
#endif
  }
  const bool timed_out = rc < 0 && errno == ETIMEDOUT;
  errno = saved;
  return !timed_out;
}

void ward_futex_wake(const void *word, int count, std::uint32_t kinds) noexcept {
  const int saved = errno;
  syscall(wake_call, word, FUTEX_WAKE_BITSET | FUTEX_PRIVATE_FLAG, count, nullptr, nullptr, kinds);
  errno = saved;
}

#else

bool ward_futex_wait(const void *word, std::uint32_t expected, std::int64_t deadline, std::uint32_t) noexcept {
  const auto &atomic = *static_cast<const std::atomic<std::uint32_t> *>(word);
  if (deadline < 0) {
    atomic.wait(expected, std::memory_order_relaxed);
    return true;
  }
  // std::atomic has no timed wait: poll once a millisecond.
  while (atomic.load(std::memory_order_relaxed) == expected) {
    const std::int64_t left = deadline - ward_steady_now();
    if (left <= 0)
      return false;
    const timespec pause{0, static_cast<long>(left < 1'000'000 ? left : 1'000'000)};
    nanosleep(&pause, nullptr);
  }
  return true;
}

void ward_futex_wake(const void *word, int count, std::uint32_t kinds) noexcept {
  auto &atomic = *const_cast<std::atomic<std::uint32_t> *>(static_cast<const std::atomic<std::uint32_t> *>(word));
  // std::atomic has no kinds: all threads wake, and the wrong kinds sleep again.
  if (count == 1 && kinds == 0xffffffff)
    atomic.notify_one();
  else
    atomic.notify_all();
}

#endif
