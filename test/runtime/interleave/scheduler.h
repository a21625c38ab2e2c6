// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs a small program under all interleavings of its atomic operations. The program's threads are fibers, of which one
// runs at a time; each stops before every atomic operation and every sleep, and the scheduler chooses who goes on. A run is the
// list of its choices; depth-first search goes through all of them. Memory is sequentially consistent here: what weaker orders
// allow is for ThreadSanitizer and for the comments beside each order. A state in which nobody can go on is a deadlock, and
// fails; so does a lost wake-up, for its sleeper stays.
#pragma once

#include <ward/detail/system.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace interleave {

/// One run of a program: threads to interleave, and what must hold after all have ended (empty: all is well).
struct Program {
  std::vector<std::function<void()>> threads;
  std::function<std::string()> check = [] { return std::string(); };
};

struct Report {
  std::size_t runs = 0;
  bool complete = false; // all interleavings were seen within the limit
  std::string failure;   // of the first run that failed, with its schedule
};

/// Explores `make()`, a fresh program for each run. Schedules with more than `preemptions` switches away from a thread that
/// could have gone on are left out; negative means none are.
Report explore(const std::function<Program()> &make, int preemptions = -1, std::size_t max_runs = 400000);

/// Says that something must hold, inside a program's thread.
void require(bool condition, const char *what);

// ---- What Platform is made of.
void step();                                                             // another thread may run here
bool sleep(const void *word, std::uint32_t kind, bool timed);            // false: the time came
void wake(const void *word, std::uint32_t kind, std::size_t how_many);

/// The platform to put in place of ward::detail::System. A timed wait may end by its time at any moment.
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
    step(); // between the last look and the kernel's comparison anything may happen
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
  static constexpr int spins = 0; // spinning only repeats a look
  static void relax() noexcept;   // gives the others a turn, so that a spin is no endless run
};

} // namespace interleave
