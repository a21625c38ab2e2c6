// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/detail/place.h>

#include <type_traits>
#include <utility>

WARD_NAMESPACE_BEGIN
namespace detail {

template <class F, class Argument> struct mapped {
  using result = decltype(std::declval<F>()(std::declval<Argument>()));
  static_assert(std::is_lvalue_reference_v<result>,
                "map() needs a function that returns a reference into the guarded data, such as "
                "[](Pair &p) -> int & { return p.first; }");
  using type = std::remove_reference_t<result>;
};
/// The data of a guard that `map(guard, f)` returns.
template <class F, class Argument> using mapped_t = typename mapped<F, Argument>::type;

} // namespace detail
WARD_NAMESPACE_END
