// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Claims by a type's author about properties that the compiler cannot derive.
#pragma once

#include <ward/detail/derive_macro.h>
#include <ward/detail/rule.h>

WARD_NAMESPACE_BEGIN
namespace detail {
// Whether the lock is called recursive, as those of std, Boost and others are. By its name, since <mutex> is large.
template <class Lock> consteval bool is_recursive_lock() noexcept {
  constexpr const char *name = __PRETTY_FUNCTION__;
  constexpr const char word[] = "recursive_";
  bool in_argument = false; // behind `Lock = `, not in the name of this function
  for (const char *at = name; *at != 0; ++at) {
    in_argument = in_argument || *at == '=';
    std::size_t same = 0;
    while (in_argument && same + 1 < sizeof word && at[same] == word[same])
      ++same;
    if (same + 1 == sizeof word)
      return true;
  }
  return false;
}

// The value of a claim that is not made; false as a bool.
struct Unclaimed {
  constexpr operator bool() const noexcept { return false; } // NOLINT(google-explicit-constructor)
};
} // namespace detail

/// Claims that a value of T may move to another thread. The author of the claim is responsible for the proof:
///
///   // SAFETY: the handle is a number that the kernel accepts from every thread.
///   template <> inline constexpr bool ward::unsafe_impl_send<Handle> = true;
///
/// `false` claims the contrary. Takes precedence over everything else, is not inherited by derived classes, holds for
/// const T. A T claimed to be Send counts as Owned unless one of its fields is known to borrow (a reference or a view;
/// for a raw pointer the claim decides). Mirrors `unsafe impl Send`.
template <class T> inline constexpr detail::Unclaimed unsafe_impl_send{};

/// The same for "`const T &` may be used from several threads at once". Mirrors `unsafe impl Sync`.
template <class T> inline constexpr detail::Unclaimed unsafe_impl_sync{};

/// The same for "T borrows nothing", Rust's `'static`.
template <class T> inline constexpr detail::Unclaimed unsafe_impl_owned{};

/// The same for "several threads may use a `T &` at once, not only a `const T &`", which a std::shared_ptr<T> or a const
/// std::unique_ptr<T> gives: a class with a lock inside, whose non-const members acquire it.
template <class T> inline constexpr detail::Unclaimed unsafe_impl_sync_mut{};

/// Claims that every class derived from the polymorphic class T is Send (Sync), so that a std::unique_ptr<T> or an
/// Arc<T> may be, too. It says nothing about T itself. Mirrors `trait T: Send`.
template <class T> inline constexpr bool unsafe_impl_derived_send = false;
template <class T> inline constexpr bool unsafe_impl_derived_sync = false;

/// Claims that a lock excludes other threads: from lock() to unlock(), no other thread's lock() returns, and not the same
/// thread's either. A Mutex<T, Raw> or RwLock<T, Raw> over another Raw is neither Send nor Sync.
template <class Raw> inline constexpr bool unsafe_impl_lock = false;

WARD_NAMESPACE_END
