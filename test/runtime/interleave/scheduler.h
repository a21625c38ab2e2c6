// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs a small program under all interleavings of its atomic operations. The program's threads are fibers, of which one
// runs at a time; each stops before every atomic operation and every sleep, and the scheduler chooses the next. A run
// is the list of these choices; depth-first search visits all of them. Memory is sequentially consistent here: the
// effects of weaker orders are left to ThreadSanitizer and to the comments beside each order. A state in which no
// thread can continue is a deadlock, and fails; so does a lost wakeup, since its waiter still sleeps.
#pragma once

#include <ward/detail/system.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace interleave {

/// A program: threads to interleave, and a check after all have ended (it returns an empty string on success).
struct Program {
  std::vector<std::function<void()>> threads;
  std::function<std::string()> check = [] { return std::string(); };
};

struct Report {
  std::size_t runs = 0;
  bool complete = false; // all interleavings were visited within the limit
  std::string failure;   // of the first run that failed, with its schedule
};

/// Explores `make()`, a fresh program for each run. Skips schedules with more than `preemptions` switches away from a
/// thread that could have continued; negative means no limit.
Report explore(const std::function<Program()> &make, int preemptions = -1, std::size_t max_runs = 400000);

/// An assertion inside a program's thread.
void require(bool condition, const char *what);

// ---- The parts of Platform.
void step();                                                             // another thread may run here
bool sleep(const void *word, std::uint32_t kind, bool timed);            // false: timed out
void wake(const void *word, std::uint32_t kind, std::size_t how_many);

/// The platform that replaces ward::detail::System. A timed wait may time out at any moment.
struct Platform {
  template <class T> class Atomic {
  public:
    constexpr Atomic(T value = T()) noexcept : value_(value) {}
    Atomic(const Atomic &) = delete;
    T load(std::memory_order) const noexcept { return step(), value_; }
    void store(T value, std::memory_order) noexcept { step(), value_ = value; }
    T exchange(T value, std::memory_order) noexcept {
      step();
      const T old = value_;
      value_ = value;
      return old;
    }
    T fetch_add(T value, std::memory_order) noexcept {
      step();
      const T old = value_;
      value_ = static_cast<T>(value_ + value);
      return old;
    }
    T fetch_sub(T value, std::memory_order) noexcept {
      step();
      const T old = value_;
      value_ = static_cast<T>(value_ - value);
      return old;
    }
    bool compare_exchange_strong(T &expected, T desired, std::memory_order, std::memory_order) noexcept {
      step();
      if (value_ == expected)
        return value_ = desired, true;
      expected = value_;
      return false;
    }
    bool compare_exchange_weak(T &expected, T desired, std::memory_order a, std::memory_order b) noexcept {
      return compare_exchange_strong(expected, desired, a, b);
    }
    T peek() const noexcept { return value_; } // no step: for the kernel's comparison

  private:
    T value_;
  };
  using Word = Atomic<std::uint32_t>;
  static constexpr std::uint32_t any_kind = 0xffffffff;

  static void wait(const Word &word, std::uint32_t expected, std::uint32_t kind = any_kind) noexcept {
    step(); // other threads may run between the last test and the kernel's comparison
    if (word.peek() == expected)
      sleep(&word, kind, false);
  }
  static bool wait_until(const Word &word, std::uint32_t expected, ward::detail::Deadline deadline) noexcept {
    step();
    return word.peek() != expected || sleep(&word, any_kind, deadline.nanoseconds >= 0);
  }
  static void wake_one(const Word *word, std::uint32_t kind = any_kind) noexcept { step(), wake(word, kind, 1); }
  static void wake_all(const Word *word, std::uint32_t kind = any_kind) noexcept {
    step(), wake(word, kind, static_cast<std::size_t>(-1));
  }
  static void acquire_fence() noexcept {}
  static constexpr int spins = 0; // spinning would only repeat a load
  static void relax() noexcept;   // lets the other threads run, so that a spin is not an endless run
};

} // namespace interleave
