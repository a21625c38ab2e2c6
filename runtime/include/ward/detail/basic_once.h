// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/detail/system.h>

WARD_NAMESPACE_BEGIN
namespace detail {

/// Runs a function once, for any number of threads.
///
///   incomplete -> running -> complete         poisoned: it threw; `force` runs it again
///                 running -> poisoned         waited: running, and a thread sleeps
template <class Platform> class BasicOnce {
public:
  constexpr BasicOnce() noexcept = default;

  // acquire: pairs with the release at the end of run(): the run happens before the return of completed().
  bool completed() const noexcept { return state_.load(std::memory_order_acquire) == complete; }

  /// Runs `f(was_poisoned)` unless it is complete, or waits for the thread that runs it. Returns false and does nothing
  /// if it is poisoned and `force` is not set.
  template <class F> bool run(bool force, F &&f) {
    for (;;) {
      std::uint32_t seen = state_.load(std::memory_order_acquire); // acquire: as in completed()
      switch (seen) {
      case complete:
        return true;
      case poisoned:
        if (!force)
          return false;
        [[fallthrough]];
      case incomplete:
        // acquire: the effects of a failed run are visible; pairs with the release in Finish.
        if (state_.compare_exchange_strong(seen, running, std::memory_order_acquire, std::memory_order_relaxed)) {
          Finish finish{*this};
          f(seen == poisoned);
          finish.next = complete;
          return true;
        }
        break;
      case running:
        // relaxed: the bit carries no data; the futex compares again.
        if (!state_.compare_exchange_strong(seen, waited, std::memory_order_relaxed, std::memory_order_relaxed))
          break;
        [[fallthrough]];
      default:
        Platform::wait(state_, waited);
      }
    }
  }

  /// Only while no other thread can access it.
  void reset() noexcept { state_.store(incomplete, std::memory_order_relaxed); } // relaxed: no other thread reads it
  bool is_running() const noexcept {
    const std::uint32_t seen = state_.load(std::memory_order_acquire); // acquire: as completed()
    return seen == running || seen == waited;
  }
  bool is_poisoned() const noexcept { return state_.load(std::memory_order_acquire) == poisoned; } // acquire: as completed()

private:
  static constexpr std::uint32_t incomplete = 0, poisoned = 1, running = 2, waited = 3, complete = 4;

  struct Finish {
    BasicOnce &once;
    std::uint32_t next = poisoned;
    ~Finish() {
      const auto *word = &once.state_;
      // release: pairs with the acquires above.
      if (once.state_.exchange(next, std::memory_order_release) == waited)
        Platform::wake_all(word);
    }
  };

  typename Platform::template Atomic<std::uint32_t> state_{incomplete};
};

} // namespace detail
WARD_NAMESPACE_END
