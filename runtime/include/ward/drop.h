// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/detail/config.h>

#include <type_traits>
#include <utility>

WARD_NAMESPACE_BEGIN

/// Destroys a value early: `ward::drop(std::move(guard));` releases the lock before the scope ends. The value moves
/// into the call and is destroyed there. An lvalue is rejected: it would be copied. Mirrors `std::mem::drop`.
template <class T>
  requires(!std::is_lvalue_reference_v<T>)
constexpr void drop(T &&value) noexcept(std::is_nothrow_move_constructible_v<T>) {
  static_assert(!std::is_const_v<T>, "drop() moves its argument, and a const value cannot be moved");
  [[maybe_unused]] T ended(std::move(value));
}

WARD_NAMESPACE_END
