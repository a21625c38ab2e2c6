// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/result.h>

#include <atomic>
#include <type_traits>
#include <utility>

WARD_NAMESPACE_BEGIN

/// Replaces an atomic's value by `f(value)` in one atomic step: reads, calls `f`, and tries a compare-exchange, until
/// it succeeds. `f` returns an optional; an empty one leaves the value unchanged. The result is the previous value on
/// success, else the value for which `f` returned nothing. `set_order` applies to the successful exchange,
/// `fetch_order` to the reads (not release). `f` may run several times. Mirrors `AtomicUsize::fetch_update`.
template <class T, class F>
  requires std::is_invocable_v<F &, const T &> // it gets the value that is compared, and cannot change it
Result<T, T> fetch_update(std::atomic<T> &atomic, std::memory_order set_order, std::memory_order fetch_order, F &&f) {
  T seen = atomic.load(fetch_order);
  for (;;) {
    auto next = f(std::as_const(seen));
    if (!next)
      return Result<T, T>::err(seen);
    if (atomic.compare_exchange_weak(seen, static_cast<T>(*next), set_order, fetch_order))
      return Result<T, T>::ok(seen);
  }
}

WARD_NAMESPACE_END
