// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/detail/system.h>

WARD_NAMESPACE_BEGIN
namespace detail {

/// One token, and one thread that may sleep for it.
///
///   state    | park()                    | unpark()
///   ---------+---------------------------+-----------------------
///   empty    | -> parked, sleep          | -> token
///   token    | -> empty, return at once  | unchanged: at most one token
///   parked   | (only one thread parks)   | -> token, wake
template <class Platform> class BasicParker {
public:
  constexpr BasicParker() noexcept = default;

  /// Only the thread that owns the parker.
  void park() noexcept { sleep([](const auto &word) { return Platform::wait(word, parked), true; }); }
  void park_until(Deadline deadline) noexcept {
    sleep([deadline](const auto &word) { return Platform::wait_until(word, parked, deadline); });
  }

  /// Any thread.
  void unpark() noexcept {
    const auto *word = &state_;
    // release: what precedes unpark() happens before the return of the park() that takes the token; pairs with
    // sleep()'s acquires.
    if (state_.exchange(token, std::memory_order_release) == parked)
      Platform::wake_one(word);
  }

private:
  static constexpr std::uint32_t empty = 0, token = 1, parked = 2;

  template <class Wait> void sleep(Wait wait) noexcept {
    std::uint32_t seen = empty;
    // acquire: if the token is set, the compare-exchange fails and reads it; pairs with unpark().
    if (state_.compare_exchange_strong(seen, parked, std::memory_order_acquire, std::memory_order_acquire))
      while (wait(state_) && state_.load(std::memory_order_relaxed) == parked) {
      }
    // acquire: pairs with unpark(). Clears the token if it is set; after a time-out, no thread is parked any more.
    state_.exchange(empty, std::memory_order_acquire);
  }

  typename Platform::template Atomic<std::uint32_t> state_{empty};
};
using Parker = BasicParker<System>;

} // namespace detail
WARD_NAMESPACE_END
