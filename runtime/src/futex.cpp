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

bool ward_futex_wait(const void *word, std::uint32_t expected, std::int64_t deadline, std::uint32_t kinds) noexcept {
  const int saved = errno; // a lock must not change errno
  timespec until{};
  const timespec *timeout = nullptr;
  if (deadline >= 0) {
    until.tv_sec = static_cast<time_t>(deadline / second);
    until.tv_nsec = static_cast<long>(deadline % second);
    timeout = &until;
  }
  // WAIT_BITSET takes an absolute time on CLOCK_MONOTONIC: no drift on spurious wake-ups.
  const long rc = syscall(SYS_futex, word, FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG, expected, timeout, nullptr,
                          kinds);
  const bool timed_out = rc < 0 && errno == ETIMEDOUT;
  errno = saved;
  return !timed_out;
}

void ward_futex_wake(const void *word, int count, std::uint32_t kinds) noexcept {
  const int saved = errno;
  syscall(SYS_futex, word, FUTEX_WAKE_BITSET | FUTEX_PRIVATE_FLAG, count, nullptr, nullptr, kinds);
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
