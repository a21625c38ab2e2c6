// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/claims.h>
#include <ward/detail/require.h>
#include <ward/markers.h>
#include <ward/std_traits.h>

WARD_NAMESPACE_BEGIN

/// A value of T may move to another thread. True only where that is known: by a claim, a row of the table, or the
/// fields of an aggregate; an Unknown type is not Send. The error of `require_send<T>()` explains why. Evaluated at
/// compile time. Mirrors `std::marker::Send`.
template <class T>
concept Send = detail::answer<detail::is_send, T> == detail::Answer::yes;

/// Several threads may use a `const T &` at the same time. True only where that is known. Mirrors `std::marker::Sync`.
template <class T>
concept Sync = detail::answer<detail::is_sync, T> == detail::Answer::yes;

/// T borrows nothing: no pointer, reference, view or iterator inside. True only where that is known. Mirrors `T:
/// 'static`.
template <class T>
concept Owned = detail::answer<detail::is_owned, T> == detail::Answer::yes;

/// Fails to compile, with the path to the field that prevents it, unless T is Send (Sync, Owned). For use in a
/// static_assert or a function: `static_assert(ward::require_send<Job>());`
template <class T> consteval bool require_send() noexcept { return detail::require<"Send", detail::is_send, T>(); }
template <class T> consteval bool require_sync() noexcept { return detail::require<"Sync", detail::is_sync, T>(); }
template <class T> consteval bool require_owned() noexcept { return detail::require<"Owned", detail::is_owned, T>(); }

WARD_NAMESPACE_END
