// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a type's author says about it, where the compiler cannot see.
#pragma once

#include <ward/detail/derive_macro.h>
#include <ward/detail/rule.h>

WARD_NAMESPACE_BEGIN
namespace detail {
// The value of a claim that nobody made; false where a bool is asked for.
struct Unclaimed {
  constexpr operator bool() const noexcept { return false; } // NOLINT(google-explicit-constructor)
};
} // namespace detail

/// "A value of T may move to another thread; I, who write this, have the proof":
///
///   // SAFETY: the handle is a number to the kernel, valid on every thread.
///   template <> inline constexpr bool ward::unsafe_impl_send<Handle> = true;
///
/// `false` claims the contrary. Decides before anything else, is not inherited by derived classes, holds for const T. A T
/// claimed to be Send counts as Owned unless one of its fields is known to borrow (a reference or a view; for a raw
/// pointer the claimant answers). Mirrors `unsafe impl Send`.
template <class T> inline constexpr detail::Unclaimed unsafe_impl_send{};

/// The same for "`const T &` may be used from several threads at once". Mirrors `unsafe impl Sync`.
template <class T> inline constexpr detail::Unclaimed unsafe_impl_sync{};

/// The same for "T borrows nothing", Rust's `'static`.
template <class T> inline constexpr detail::Unclaimed unsafe_impl_owned{};

WARD_NAMESPACE_END
