// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/detail/basic_condvar.h>
#include <ward/detail/rule.h>

#include <cstddef>

WARD_NAMESPACE_BEGIN

/// Whether this thread was the one that completed a Barrier. Mirrors `std::sync::BarrierWaitResult`.
class BarrierWaitResult {
public:
  /// True for exactly one of the threads that arrived.
  bool is_leader() const noexcept { return leader_; }

private:
  friend class Barrier;
  explicit BarrierWaitResult(bool leader) noexcept : leader_(leader) {}
  bool leader_;
};

/// Lets `n` threads wait for each other, repeatedly: each wait() returns when the n-th thread has arrived. What each
/// did before happens before what any does afterwards. 0 means 1. Mirrors `std::sync::Barrier`.
class Barrier {
public:
  constexpr explicit Barrier(std::size_t n) noexcept : parties_(n) {}
  Barrier(const Barrier &) = delete;
  Barrier &operator=(const Barrier &) = delete;

  /// Waits for the other threads.
  BarrierWaitResult wait() const noexcept {
    lock_.lock();
    const std::size_t turn = turn_;
    const bool leader = ++come_ >= parties_;
    if (leader) {
      come_ = 0;
      ++turn_;
      all_come_.notify_all();
    } else {
      while (turn == turn_)
        all_come_.wait_until(lock_, {});
    }
    lock_.unlock();
    return BarrierWaitResult(leader);
  }

private:
  std::size_t parties_;
  mutable raw::FutexMutex lock_;
  mutable detail::BasicCondvar<detail::System> all_come_;
  mutable std::size_t come_ = 0, turn_ = 0;
};

// Barrier: a lock and counters, made for several threads.
template <> struct detail::rule<Barrier> : detail::for_threads {};

WARD_NAMESPACE_END
