// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/detail/system.h>
#include <ward/raw/futex_mutex.h>

WARD_NAMESPACE_BEGIN
namespace detail {

/// A queue of threads that released a lock to wait. A notification changes `sequence_`; a waiter reads it while it still
/// holds the lock, so it cannot miss a later notification. `threads_` counts, in two halves of a word, the threads that are
/// inside wait_until(), and those of them for which no notification was meant yet: without them it costs no system call.
/// The thread that leaves cannot know whether it was notified, so the second number may be too large after a time-out,
/// but never larger than the first, and never too small.
template <class Platform> class BasicCondvar {
public:
  constexpr BasicCondvar() noexcept = default;

  /// Called with the lock held, and returns with it held. False only on a time-out.
  template <class Raw> bool wait_until(Raw &raw, Deadline deadline) noexcept {
    const std::uint32_t sequence = sequence_.load(std::memory_order_relaxed); // relaxed: ordered by the next line
    // release: whoever takes this thread's unit changes the sequence after it was read here; pairs with take().
    threads_.fetch_add(inside + waiting, std::memory_order_release);
    raw::release(raw);
    const bool in_time = Platform::wait_until(sequence_, sequence, deadline);
    leave();
    raw::acquire(raw);
    return in_time;
  }

  void notify_one() noexcept {
    if (take(waiting)) {
      sequence_.fetch_add(1, std::memory_order_relaxed); // relaxed: take() has ordered it
      Platform::wake_one(&sequence_);
    }
  }
  void notify_all() noexcept {
    if (take(waiting_mask)) {
      sequence_.fetch_add(1, std::memory_order_relaxed); // relaxed: as above
      Platform::wake_all(&sequence_);
    }
  }

  /// Whether a thread that was notified has not left yet: the object must not be destroyed. It does not need the lock to
  /// leave.
  bool someone_leaves() const noexcept {
    const Word seen = threads_.load(std::memory_order_acquire); // acquire: pairs with leave()
    return seen / inside > (seen & waiting_mask);
  }

private:
  using Word = std::size_t;
  static constexpr Word waiting = 1, inside = Word{1} << (sizeof(Word) * 4), waiting_mask = inside - 1;

  // Takes up to `most` of those that wait for a notification; false if there are none. relaxed: the condition is changed
  // with the lock held, which orders the count with the change.
  bool take(Word most) noexcept {
    Word seen = threads_.load(std::memory_order_relaxed);
    for (;;) {
      const Word there = seen & waiting_mask;
      if (there == 0)
        return false;
      // acquire: pairs with the release in wait_until().
      if (threads_.compare_exchange_weak(seen, seen - (most < there ? most : there), std::memory_order_acquire,
                                         std::memory_order_relaxed))
        return true;
    }
  }
  void leave() noexcept {
    Word seen = threads_.load(std::memory_order_relaxed); // relaxed: the compare-exchange decides
    for (;;) {
      const Word left = seen / inside - 1, there = seen & waiting_mask;
      // release: pairs with someone_leaves().
      if (threads_.compare_exchange_weak(seen, left * inside + (there < left ? there : left), std::memory_order_release,
                                         std::memory_order_relaxed))
        return;
    }
  }

  typename Platform::template Atomic<std::uint32_t> sequence_{0};
  typename Platform::template Atomic<Word> threads_{0};
};

} // namespace detail
WARD_NAMESPACE_END
