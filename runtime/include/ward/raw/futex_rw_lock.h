// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/detail/system.h>
#include <ward/detail/thread_safety.h>

WARD_NAMESPACE_BEGIN
namespace raw {

/// A lock of four bytes for many readers or one writer, without data and poisoning, which `ward::RwLock` adds.
///
///   bit 31      a writer holds it
///   bit 30      a writer waits: new readers wait too, so that a stream of readers cannot starve it
///   bit 29      a reader may sleep
///   bits 28..0  how many readers hold it
///
/// The last reader leaves bit 30 set and wakes one writer: no reader comes in before that writer has had the lock. The
/// writer that frees the lock clears both waiting bits in the same step and wakes one writer and all readers; they set the
/// bits again if they must sleep again. A writer that has slept acquires with bit 30 set, since other writers may sleep.
/// After the step that frees the lock only its address is used, so the next holder may destroy it. Cost: one
/// compare-exchange to acquire and one to release, for readers and writers. Not reentrant, not even for readers: a
/// second read() on one thread can wait for a writer that waits for the first. Mirrors the lock of Rust's RwLock.
template <class Platform> class WARD_TS_CAPABILITY("shared_mutex") BasicFutexRwLock {
public:
  constexpr BasicFutexRwLock() noexcept = default;
  BasicFutexRwLock(const BasicFutexRwLock &) = delete;
  BasicFutexRwLock &operator=(const BasicFutexRwLock &) = delete;

  /// Acquires the lock for writing.
  void lock() noexcept WARD_TS_ACQUIRE() {
    std::uint32_t seen = 0;
    // acquire: pairs with the releases in unlock() and unlock_shared().
    if (!state_.compare_exchange_strong(seen, writer, std::memory_order_acquire, std::memory_order_relaxed)) [[unlikely]]
      lock_contended();
  }

  /// Acquires the lock for writing if no thread holds it.
  [[nodiscard("a lock that is acquired and ignored is never released")]] bool try_lock() noexcept {
    std::uint32_t seen = state_.load(std::memory_order_relaxed); // relaxed: the compare-exchange orders
    while ((seen & (writer | readers)) == 0)
      // acquire: as in lock().
      if (state_.compare_exchange_weak(seen, seen | writer, std::memory_order_acquire, std::memory_order_relaxed))
        return true;
    return false;
  }

  /// Releases the write lock.
  void unlock() noexcept WARD_TS_RELEASE() {
    const auto *word = &state_;
    // release: pairs with the acquire of the next holder.
    const std::uint32_t seen = state_.exchange(0, std::memory_order_release);
    if (seen != writer) [[unlikely]]
      wake(word, seen);
  }

  /// Acquires the lock for reading. Waits while a writer holds it or waits for it. Terminates past 2^29 - 1 readers.
  void lock_shared() noexcept WARD_TS_ACQUIRE_SHARED() {
    std::uint32_t seen = state_.load(std::memory_order_relaxed); // relaxed: the compare-exchange orders
    // acquire: pairs with the release in unlock(); weak is enough, the slow path tries again.
    if (!readable(seen) ||
        !state_.compare_exchange_weak(seen, seen + 1, std::memory_order_acquire, std::memory_order_relaxed)) [[unlikely]]
      lock_shared_contended();
  }

  /// Acquires the lock for reading if no writer holds it or waits for it.
  [[nodiscard("a lock that is acquired and ignored is never released")]] bool try_lock_shared() noexcept {
    std::uint32_t seen = state_.load(std::memory_order_relaxed); // relaxed: the compare-exchange orders
    while (readable(seen))
      // acquire: as in lock_shared().
      if (state_.compare_exchange_weak(seen, seen + 1, std::memory_order_acquire, std::memory_order_relaxed))
        return true;
    return false;
  }

  /// Releases one read lock.
  void unlock_shared() noexcept WARD_TS_RELEASE_GENERIC() {
    const auto *word = &state_;
    std::uint32_t seen = state_.load(std::memory_order_relaxed); // relaxed: the compare-exchange orders
    for (;;) {
      const bool last = (seen & readers) == 1;
      const bool to_writer = (seen & writers_wait) != 0; // it keeps its bit, so that readers go on waiting
      // release: this reader's reads happen before the next writer's writes; pairs with lock()'s acquire.
      if (state_.compare_exchange_weak(seen, last && !to_writer ? 0 : seen - 1, std::memory_order_release,
                                       std::memory_order_relaxed)) {
        if (last && seen != 1) [[unlikely]]
          wake(word, to_writer ? writers_wait : seen);
        return;
      }
    }
  }

  /// Turns the held write lock into a read lock, with no other writer in between. Waiting readers acquire the lock; a
  /// waiting writer is woken and queues again.
  void downgrade() noexcept {
    // release: the writes happen before the reads of the other readers; pairs with their acquires.
    const std::uint32_t seen = state_.exchange(1, std::memory_order_release);
    if (seen != writer) [[unlikely]]
      wake(&state_, seen);
  }

private:
  static constexpr std::uint32_t writer = 1u << 31, writers_wait = 1u << 30, readers_wait = 1u << 29;
  static constexpr std::uint32_t readers = readers_wait - 1;
  // Kinds of sleepers.
  static constexpr std::uint32_t kind_reader = 1, kind_writer = 2;

  static bool readable(std::uint32_t state) noexcept {
    if ((state & readers) == readers) [[unlikely]]
      ward_panic_and_terminate("ward::RwLock: too many readers");
    return (state & (writer | writers_wait)) == 0;
  }

  static void wake(const typename Platform::template Atomic<std::uint32_t> *word, std::uint32_t left) noexcept {
    if ((left & writers_wait) != 0)
      Platform::wake_one(word, kind_writer);
    if ((left & readers_wait) != 0)
      Platform::wake_all(word, kind_reader);
  }

  // Spins for a while, unless a thread already sleeps.
  template <class Enough> std::uint32_t spin(Enough enough) const noexcept {
    for (int left = Platform::spins;; --left) {
      const std::uint32_t seen = state_.load(std::memory_order_relaxed); // relaxed: only a hint
      if (enough(seen) || (seen & (writers_wait | readers_wait)) != 0 || left <= 0)
        return seen;
      Platform::relax();
    }
  }

  WARD_COLD void lock_contended() noexcept {
    std::uint32_t others = 0;
    for (;;) {
      std::uint32_t seen = spin([](std::uint32_t s) { return (s & (writer | readers)) == 0; });
      if ((seen & (writer | readers)) == 0) {
        // acquire: pairs with the releases in unlock() and unlock_shared().
        if (state_.compare_exchange_weak(seen, seen | writer | others, std::memory_order_acquire,
                                         std::memory_order_relaxed))
          return;
        continue;
      }
      // relaxed: the bit carries no data; the futex compares the word again before it sleeps.
      if ((seen & writers_wait) == 0 &&
          !state_.compare_exchange_weak(seen, seen | writers_wait, std::memory_order_relaxed, std::memory_order_relaxed))
        continue;
      others = writers_wait;
      Platform::wait(state_, seen | writers_wait, kind_writer);
    }
  }

  WARD_COLD void lock_shared_contended() noexcept {
    for (;;) {
      std::uint32_t seen = spin(readable);
      if (readable(seen)) {
        // acquire: pairs with the release in unlock().
        if (state_.compare_exchange_weak(seen, seen + 1, std::memory_order_acquire, std::memory_order_relaxed))
          return;
        continue;
      }
      // relaxed: as in lock_contended().
      if ((seen & readers_wait) == 0 &&
          !state_.compare_exchange_weak(seen, seen | readers_wait, std::memory_order_relaxed, std::memory_order_relaxed))
        continue;
      Platform::wait(state_, seen | readers_wait, kind_reader);
    }
  }

  typename Platform::template Atomic<std::uint32_t> state_{0};
};

/// The default lock of `ward::RwLock`.
using FutexRwLock = BasicFutexRwLock<detail::System>;
#if defined(__linux__)
static_assert(sizeof(FutexRwLock) == 4);
#endif

} // namespace raw

/// The default `Raw` of `RwLock<T>`.
using DefaultRawRw = raw::FutexRwLock;

WARD_NAMESPACE_END
