// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Several locks at once, without a deadlock whatever their order.
#pragma once

#include <ward/mutex.h>
#include <ward/panic.h>
#include <ward/rw_lock.h>

#include <array>
#include <cstddef>
#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>

WARD_NAMESPACE_BEGIN
namespace detail {

// One lock of several, and how it is acquired.
template <class T, class Raw> struct MutexRequest {
  using Guard = MutexGuard<T, Raw>;
  const Mutex<T, Raw> &lock;
  LockResult<Guard> wait() const WARD_TS_NO_ANALYSIS { return lock.lock_result(); }
  Maybe<LockResult<Guard>> attempt() const WARD_TS_NO_ANALYSIS { return lock.try_lock_result(); }
};
template <class T, class Raw> struct ReadRequest {
  using Guard = RwLockReadGuard<T, Raw>;
  const RwLock<T, Raw> &lock;
  LockResult<Guard> wait() const WARD_TS_NO_ANALYSIS { return lock.read_result(); }
  Maybe<LockResult<Guard>> attempt() const WARD_TS_NO_ANALYSIS { return lock.try_read_result(); }
};
template <class T, class Raw> struct WriteRequest {
  using Guard = RwLockWriteGuard<T, Raw>;
  const RwLock<T, Raw> &lock;
  LockResult<Guard> wait() const WARD_TS_NO_ANALYSIS { return lock.write_result(); }
  Maybe<LockResult<Guard>> attempt() const WARD_TS_NO_ANALYSIS { return lock.try_write_result(); }
};

template <class T, class Raw> MutexRequest<T, Raw> request(const Mutex<T, Raw> &lock) noexcept { return {lock}; }
template <class T, class Raw> ReadRequest<T, Raw> request(const ReadRequest<T, Raw> &which) noexcept { return which; }
template <class T, class Raw> WriteRequest<T, Raw> request(const WriteRequest<T, Raw> &which) noexcept { return which; }
template <class T, class Raw> void request(const RwLock<T, Raw> &) noexcept {
  static_assert(sizeof(T) == 0, "say how an RwLock is to be acquired: ward::read(lock) or ward::write(lock)");
}

template <class... Requests> class ManyLocks {
  template <std::size_t... I> using Indices = std::index_sequence<I...>;

public:
  explicit ManyLocks(const Requests &...requests) : requests_(requests...) {
    const std::array<const void *, sizeof...(Requests)> all{std::addressof(requests.lock)...};
    for (std::size_t i = 0; i < all.size(); ++i)
      for (std::size_t j = i + 1; j < all.size(); ++j)
        if (all[i] == all[j])
          panic("one lock is given twice to a call that acquires several");
  }

  // Waits for one lock only while it holds none, so no cycle of waiting threads comes about: holds the one that was taken
  // last time, and starts with that.
  void wait() { wait_for(std::index_sequence_for<Requests...>{}); }
  // All of them, or none.
  bool attempt() { return attempt_others(sizeof...(Requests), std::index_sequence_for<Requests...>{}) == sizeof...(Requests); }

  std::tuple<LockResult<typename Requests::Guard>...> results() && {
    return std::apply([](auto &&...held) { return std::tuple(*std::move(held)...); }, std::move(held_));
  }
  // Throws PoisonError if one is poisoned; it releases all before, since a guard that dies by an exception would poison its lock.
  std::tuple<typename Requests::Guard...> guards() && {
    if (std::apply([](const auto &...held) { return (held->is_poisoned() || ...); }, held_)) {
      std::apply([](auto &...held) { (held.reset(), ...); }, held_);
      detail::raise<PoisonError>();
    }
    return std::apply([](auto &&...held) { return std::tuple(std::move(*held).unwrap()...); }, std::move(held_));
  }

private:
  template <std::size_t... I> void wait_for(Indices<I...> all) {
    std::size_t first = 0;
    for (;;) {
      ((I == first ? wait_one<I>() : void()), ...);
      const std::size_t taken = attempt_others(first, all);
      if (taken == sizeof...(I))
        return;
      first = taken;
    }
  }

  // Tries all but `held`, which is held if it is an index. The index of the one that is taken, when all have been released
  // again; else the number of locks.
  template <std::size_t... I> std::size_t attempt_others(std::size_t held, Indices<I...>) {
    std::size_t taken = sizeof...(I);
    ((I != held && taken == sizeof...(I) && !attempt_one<I>() ? void(taken = I) : void()), ...);
    if (taken != sizeof...(I))
      (std::get<I>(held_).reset(), ...);
    return taken;
  }

  template <std::size_t I> void wait_one() {
    auto &held = std::get<I>(held_);
    held = std::remove_reference_t<decltype(held)>(std::get<I>(requests_).wait());
  }
  template <std::size_t I> bool attempt_one() {
    std::get<I>(held_) = std::get<I>(requests_).attempt();
    return std::get<I>(held_).has_value();
  }

  std::tuple<Requests...> requests_;
  std::tuple<Maybe<LockResult<typename Requests::Guard>>...> held_;
};

template <class... Requests> ManyLocks(const Requests &...) -> ManyLocks<Requests...>;

} // namespace detail

/// How an RwLock is acquired among the arguments of lock_all() and its like.
template <class T, class Raw>
detail::ReadRequest<T, Raw> read(const RwLock<T, Raw> &lock WARD_LIFETIMEBOUND) noexcept {
  return {lock};
}
template <class T, class Raw>
detail::WriteRequest<T, Raw> write(const RwLock<T, Raw> &lock WARD_LIFETIMEBOUND) noexcept {
  return {lock};
}

/// Acquires all of the locks and returns their guards, in order:
///
///   auto [from, to] = ward::lock_all(a.balance, b.balance);
///   auto [config, log] = ward::lock_all(ward::read(shared_config), log_mutex);
///
/// Threads that name the same locks in another order do not deadlock: it waits only while it holds none of them, and tries
/// the others. Throws PoisonError (and holds nothing) if one is poisoned; panics if one lock is given twice. The locks must
/// not be held by this thread already. Cost: an acquisition of each; more where others hold them. Mirrors nothing of Rust's
/// std; `std::scoped_lock` of C++.
template <class... Locks>
[[nodiscard("the locks are released at once if the guards are dropped")]] auto lock_all(const Locks &...locks) {
  detail::ManyLocks all(detail::request(locks)...);
  all.wait();
  return std::move(all).guards();
}

/// The same; the results hold the locks, and each tells whether its lock is poisoned.
template <class... Locks>
[[nodiscard("the locks are released at once if the results are dropped")]] auto lock_all_result(const Locks &...locks) {
  detail::ManyLocks all(detail::request(locks)...);
  all.wait();
  return std::move(all).results();
}

/// All guards if all of the locks are free now, else empty, holding none:
/// `if (auto both = ward::try_lock_all(a, b)) { auto &[x, y] = *both; }`. Throws as lock_all() does.
template <class... Locks>
[[nodiscard("the locks are released at once if the guards are dropped")]] auto try_lock_all(const Locks &...locks) {
  detail::ManyLocks all(detail::request(locks)...);
  using Guards = decltype(std::move(all).guards());
  return all.attempt() ? detail::Maybe<Guards>(std::move(all).guards()) : detail::Maybe<Guards>();
}

WARD_NAMESPACE_END
