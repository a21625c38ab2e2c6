// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// std::addressof, construct_at and destroy_at without <memory>, which would double the cost of including a lock.
#pragma once

#include <ward/detail/config.h>

#include <new>
#include <utility>

WARD_NAMESPACE_BEGIN
namespace detail {

template <class T> constexpr T *address_of(T &object) noexcept { return __builtin_addressof(object); }
template <class T> const T *address_of(const T &&) = delete;

template <class T, class... Args> T *create_at(T &place, Args &&...args) {
  return ::new (const_cast<void *>(static_cast<const volatile void *>(__builtin_addressof(place))))
      T(std::forward<Args>(args)...);
}
template <class T> void end_life(T &object) noexcept { object.~T(); }

} // namespace detail
WARD_NAMESPACE_END
