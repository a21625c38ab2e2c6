// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/detail/basic_condvar.h>
#include <ward/detail/deadline.h>
#include <ward/mutex.h>
#include <ward/panic.h>

WARD_NAMESPACE_BEGIN

/// Whether a timed wait timed out. Mirrors `std::sync::WaitTimeoutResult`.
class WaitTimeoutResult {
public:
  explicit WaitTimeoutResult(bool timed_out) noexcept : timed_out_(timed_out) {}
  bool timed_out() const noexcept { return timed_out_; }

private:
  bool timed_out_;
};

/// What a timed wait returns: `auto [guard, result] = cv.wait_timeout(std::move(guard), 10ms);`
template <class T, class Raw = DefaultRaw> struct WaitTimeout {
  MutexGuard<T, Raw> guard;
  WaitTimeoutResult result;
};

namespace detail {
struct GuardAccess {
  template <class T, class Raw> static Raw &raw(MutexGuard<T, Raw> &guard) noexcept { return guard.mutex_->raw_; }
  template <class T, class Raw> static bool poisoned(MutexGuard<T, Raw> &guard) noexcept {
    return guard.mutex_->poison_.get();
  }
};
} // namespace detail

/// Releases a mutex, waits until another thread notifies, and acquires the mutex again:
///
///   auto queue = not_empty.wait(mutex.lock(), [](Queue &q) { return !q.empty(); });
///
/// A wait may return without a notification: pass a predicate, or call it in a loop that tests the condition. The
/// predicate is the condition waited *for* (as in C++; Rust's wait_while takes its negation) and is called with the
/// data, with the lock held. Each wait has two forms: one takes the guard and returns it, one takes it by reference.
/// All throw PoisonError if the mutex is poisoned when it is acquired again (the first form has released it then, the
/// second still holds it), and Panic if the Condvar was used with another mutex before. A notification without waiters
/// costs no system call; the thread that waits longest is woken first. Works with every Raw. Mirrors `std::sync::Condvar`.
class Condvar {
public:
  constexpr Condvar() noexcept = default;
  /// As for std::condition_variable: all waiting threads must have been notified, but need not have returned.
  ~Condvar() {
    while (queue_.someone_leaves())
      ward_yield();
  }
  Condvar(const Condvar &) = delete;
  Condvar &operator=(const Condvar &) = delete;

  template <class T, class Raw>
  [[nodiscard("the lock is released at once if the guard is dropped")]] MutexGuard<T, Raw>
  wait(MutexGuard<T, Raw> &&guard) const {
    MutexGuard<T, Raw> held(std::move(guard));
    sleep(held, {});
    return checked(std::move(held));
  }
  template <class T, class Raw> void wait(MutexGuard<T, Raw> &guard) const {
    sleep(guard, {});
    check(guard);
  }

  template <class T, class Raw, class Predicate>
  [[nodiscard("the lock is released at once if the guard is dropped")]] MutexGuard<T, Raw>
  wait(MutexGuard<T, Raw> &&guard, Predicate predicate) const {
    MutexGuard<T, Raw> held(std::move(guard));
    while (!predicate(*held)) {
      sleep(held, {});
      held = checked(std::move(held));
    }
    return held;
  }
  template <class T, class Raw, class Predicate> void wait(MutexGuard<T, Raw> &guard, Predicate predicate) const {
    while (!predicate(*guard))
      wait(guard);
  }

  /// Waits for at most `duration`; `timed_out()` is true if that passed.
  template <class T, class Raw, class Rep, class Period>
  [[nodiscard("the lock is released at once if the guard is dropped")]] WaitTimeout<T, Raw>
  wait_timeout(MutexGuard<T, Raw> &&guard, std::chrono::duration<Rep, Period> duration) const {
    MutexGuard<T, Raw> held(std::move(guard));
    const bool in_time = sleep(held, detail::deadline_after(duration));
    return {checked(std::move(held)), WaitTimeoutResult(!in_time)};
  }
  template <class T, class Raw, class Rep, class Period>
  WaitTimeoutResult wait_timeout(MutexGuard<T, Raw> &guard, std::chrono::duration<Rep, Period> duration) const {
    const bool in_time = sleep(guard, detail::deadline_after(duration));
    check(guard);
    return WaitTimeoutResult(!in_time);
  }

  /// Waits until the predicate is true, for at most `duration`; `timed_out()` is true if it is still false then.
  template <class T, class Raw, class Rep, class Period, class Predicate>
  [[nodiscard("the lock is released at once if the guard is dropped")]] WaitTimeout<T, Raw>
  wait_timeout(MutexGuard<T, Raw> &&guard, std::chrono::duration<Rep, Period> duration, Predicate predicate) const {
    const detail::Deadline deadline = detail::deadline_after(duration);
    MutexGuard<T, Raw> held(std::move(guard));
    while (!predicate(*held)) {
      const bool in_time = sleep(held, deadline);
      held = checked(std::move(held));
      if (!in_time) {
        const bool reached = predicate(*held);
        return {std::move(held), WaitTimeoutResult(!reached)};
      }
    }
    return {std::move(held), WaitTimeoutResult(false)};
  }
  template <class T, class Raw, class Rep, class Period, class Predicate>
  WaitTimeoutResult wait_timeout(MutexGuard<T, Raw> &guard, std::chrono::duration<Rep, Period> duration,
                                 Predicate predicate) const {
    const detail::Deadline deadline = detail::deadline_after(duration);
    while (!predicate(*guard)) {
      const bool in_time = sleep(guard, deadline);
      check(guard);
      if (!in_time)
        return WaitTimeoutResult(!predicate(*guard));
    }
    return WaitTimeoutResult(false);
  }

  /// Wakes one waiting thread, if there is one.
  void notify_one() const noexcept { queue_.notify_one(); }
  /// Wakes all waiting threads.
  void notify_all() const noexcept { queue_.notify_all(); }

private:
  template <class T, class Raw> bool sleep(MutexGuard<T, Raw> &guard, detail::Deadline deadline) const {
    Raw &raw = detail::GuardAccess::raw(guard);
    const void *bound = nullptr;
    // relaxed: only the address is compared.
    if (!mutex_.compare_exchange_strong(bound, &raw, std::memory_order_relaxed, std::memory_order_relaxed) &&
        bound != &raw)
      panic("ward::Condvar used with two mutexes");
    return queue_.wait_until(raw, deadline);
  }
  template <class T, class Raw> static void check(MutexGuard<T, Raw> &guard) {
    if (detail::GuardAccess::poisoned(guard)) [[unlikely]]
      detail::raise<PoisonError>();
  }
  template <class T, class Raw> static MutexGuard<T, Raw> checked(MutexGuard<T, Raw> &&guard) {
    if (detail::GuardAccess::poisoned(guard)) [[unlikely]] {
      guard.unlock();
      detail::raise<PoisonError>();
    }
    return std::move(guard);
  }

  mutable detail::BasicCondvar<detail::System> queue_;
  mutable std::atomic<const void *> mutex_{nullptr};
};

// Condvar: atomics, made for several threads.
template <> struct detail::rule<Condvar> : detail::for_threads {};

WARD_NAMESPACE_END
