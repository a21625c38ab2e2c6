// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/detail/basic_once.h>
#include <ward/detail/raise.h>
#include <ward/detail/rule.h>
#include <ward/poison_error.h>

#include <utility>

WARD_NAMESPACE_BEGIN

/// The argument that `call_once_force` passes to its function. Mirrors `std::sync::OnceState`.
class OnceState {
public:
  /// Whether an earlier run threw.
  bool is_poisoned() const noexcept { return poisoned_; }

private:
  friend class Once;
  explicit OnceState(bool poisoned) noexcept : poisoned_(poisoned) {}
  bool poisoned_;
};

/// Runs a function once, on the first thread that calls; the others wait for it. If the function throws, its caller
/// gets the exception and the Once is poisoned: later calls throw PoisonError, except call_once_force. A function that
/// calls its own Once deadlocks. Constant-initialised. Cost after completion: one acquire load. Mirrors
/// `std::sync::Once`.
class Once {
public:
  constexpr Once() noexcept = default;
  Once(const Once &) = delete;
  Once &operator=(const Once &) = delete;

  template <class F> void call_once(F &&f) const {
    if (once_.completed()) [[likely]]
      return;
    if (!once_.run(false, [&](bool) { std::forward<F>(f)(); }))
      detail::raise<PoisonError>();
  }
  /// The same, also on a poisoned Once: `f(state)`, with a `const OnceState &` that tells whether it is poisoned.
  template <class F> void call_once_force(F &&f) const {
    if (once_.completed()) [[likely]]
      return;
    once_.run(true, [&](bool poisoned) {
      const OnceState state(poisoned);
      std::forward<F>(f)(state);
    });
  }
  /// Whether a run has completed. What it did then happened before the return.
  bool is_completed() const noexcept { return once_.completed(); }

private:
  mutable detail::BasicOnce<detail::System> once_;
};

// Once: an atomic word, made for several threads.
template <> struct detail::rule<Once> : detail::for_threads {};

WARD_NAMESPACE_END
