// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Claims by a type's author about properties that the compiler cannot derive.
#pragma once

#include <ward/detail/derive_macro.h>
#include <ward/detail/rule.h>

WARD_NAMESPACE_BEGIN
namespace detail {
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

WARD_NAMESPACE_END
