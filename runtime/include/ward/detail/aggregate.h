// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The fields of an aggregate where C++20 can determine them, else the reason why not.
//
// C++20 has no reflection, but `T{x, x, x}` compiles if T has that many elements to initialise, and `auto &[a, b, c] =
// t` names the fields if the number is right, and is a hard error if it is wrong. So the elements are counted first,
// and everything that makes the two numbers differ is detected before anything is bound: bases, arrays (whose elements
// are counted one by one, since there are no braces), unions, types with a tuple interface.
#pragma once

#include <ward/detail/bind.h>
#include <ward/detail/config.h>
#include <ward/detail/text.h>
#include <ward/detail/type_name.h>

#include <cstddef>
#include <exception>
#include <type_traits>
#include <utility>

WARD_NAMESPACE_BEGIN
namespace detail {

/// Converts to anything (as a prvalue, so that fields that cannot be moved are counted). Never called.
struct Any {
  template <class U> operator U() const noexcept { std::terminate(); } // NOLINT(google-explicit-constructor)
};
/// Converts to unions only.
struct AnyUnion {
  template <class U>
    requires std::is_union_v<U>
  operator U() const noexcept { std::terminate(); } // NOLINT(google-explicit-constructor)
};
/// Converts to unnamed structs only: they may be anonymous members, whose fields are not bindings.
struct AnyUnnamed {
  template <class U>
    requires(std::is_class_v<U> && is_unnamed_class<U>())
  operator U() const noexcept { std::terminate(); } // NOLINT(google-explicit-constructor)
};
/// Converts to the bases of T only.
template <class T> struct AnyBaseOf {
  template <class U>
    requires(std::is_base_of_v<U, T> && !std::is_same_v<U, T>)
  operator U() const noexcept { std::terminate(); } // NOLINT(google-explicit-constructor)
};

/// Converts to nothing: a type that accepts it has a constructor template for everything, which tells nothing about
/// unions or bases.
struct Nothing {
  Nothing() = default;
  Nothing(const Nothing &) = delete;
  Nothing &operator=(const Nothing &) = delete;
};

template <std::size_t> using AnyAt = Any;

// T{Before times Any, Odd, After times Any}
template <class T, class Odd, std::size_t... Before, std::size_t... After>
consteval bool takes(std::index_sequence<Before...>, std::index_sequence<After...>) noexcept {
  return requires { T{AnyAt<Before>{}..., Odd{}, AnyAt<After>{}...}; };
}
// T{Before times Any, {Inner times Any}, After times Any}
template <class T, std::size_t... Before, std::size_t... Inner, std::size_t... After>
consteval bool takes_braced(std::index_sequence<Before...>, std::index_sequence<Inner...>,
                            std::index_sequence<After...>) noexcept {
  return requires { T{AnyAt<Before>{}..., {AnyAt<Inner>{}...}, AnyAt<After>{}...}; };
}
// Whether element Before accepts Odd because of Odd's conversion.
template <class T, class Odd, std::size_t Before, std::size_t After> consteval bool takes_exactly() noexcept {
  constexpr std::make_index_sequence<Before> before;
  constexpr std::make_index_sequence<After> after;
  if constexpr (takes<T, Odd>(before, after))
    return !takes<T, Nothing>(before, after);
  else
    return false;
}
template <class T, std::size_t... I> consteval bool takes_any(std::index_sequence<I...>) noexcept {
  return requires { T{AnyAt<I>{}...}; };
}
template <class T, std::size_t N>
inline constexpr bool initialised_by = takes_any<T>(std::make_index_sequence<N>{});

inline constexpr std::size_t cannot_count = static_cast<std::size_t>(-1);

/// The greatest N for which T{Any...} compiles. (Fewer may not compile: fields without a default need an initialiser.)
template <class T, std::size_t N = 0, bool Found = false> consteval std::size_t count_initialisers() noexcept {
  if constexpr (N > max_fields)
    return cannot_count;
  else if constexpr (initialised_by<T, N>)
    return count_initialisers<T, N + 1, true>();
  else if constexpr (Found)
    return N - 1;
  else
    return count_initialisers<T, N + 1, false>();
}

/// Whether element At of N takes more than one initialiser if its braces are omitted: an array. Tries the element with
/// braces around 0, 1, 2... values until one compiles, and counts how many elements can follow then.
template <class T, std::size_t N, std::size_t At, std::size_t Inner = 0, std::size_t Fewer = 0>
consteval bool is_elided() noexcept {
  if constexpr (At + Inner > N)
    return false; // no braces compile: a class without a matching constructor, which takes a single initialiser
  else if constexpr (takes_braced<T>(std::make_index_sequence<At>{}, std::make_index_sequence<Inner>{},
                                     std::make_index_sequence<N - At - 1 - Fewer>{}))
    return Fewer != 0;
  else if constexpr (Fewer < N - At - 1)
    return is_elided<T, N, At, Inner, Fewer + 1>();
  else
    return is_elided<T, N, At, Inner + 1, 0>();
}

template <class T, std::size_t N, std::size_t... At> consteval bool any_elided(std::index_sequence<At...>) noexcept {
  return (is_elided<T, N, At>() || ...);
}
template <class T, class Odd, std::size_t N, std::size_t... At>
consteval bool any_takes(std::index_sequence<At...>) noexcept {
  return (takes_exactly<T, Odd, At, N - At - 1>() || ...);
}
template <class T, std::size_t N> consteval bool has_base() noexcept {
  if constexpr (N == 0)
    return false;
  else
    return takes_exactly<T, AnyBaseOf<T>, 0, N - 1>();
}

template <class T>
concept TupleLike = requires { sizeof(std::tuple_size<T>); };

// Why the fields of a T cannot be determined.
template <Text Why> struct no_fields {};

template <class... Fields> consteval bool has_reference(fields<Fields...>) noexcept {
  return (std::is_reference_v<Fields> || ...);
}

template <class T> consteval bool compiler_agrees(std::size_t count) noexcept {
#if defined(__has_builtin)
#if __has_builtin(__builtin_structured_binding_size)
  if constexpr (requires { __builtin_structured_binding_size(T); })
    return __builtin_structured_binding_size(T) == count;
  else
    return false;
#endif
#endif
  return count != cannot_count;
}

/// `fields<...>` of T, or `no_fields<reason>`. T is a complete aggregate class.
template <class T> consteval auto fields_of() noexcept {
  constexpr std::size_t count = count_initialisers<T>();
  if constexpr (count == cannot_count)
    return no_fields<"its fields cannot be counted (a reference is among them, or more than 32)">{};
  else if constexpr (has_base<T, count>())
    return no_fields<"it has a base class">{};
  else if constexpr (TupleLike<T>)
    return no_fields<"its structured bindings are not its fields">{};
  else if constexpr (count == 0) {
    if constexpr (std::is_empty_v<T>)
      return fields<>{};
    else
      return no_fields<"it has a size but no fields that can be named">{};
  } else if constexpr (any_takes<T, AnyUnion, count>(std::make_index_sequence<count>{}))
    return no_fields<"it holds a union">{};
  else if constexpr (any_takes<T, AnyUnnamed, count>(std::make_index_sequence<count>{}))
    return no_fields<"it holds an unnamed struct">{};
  else if constexpr (any_elided<T, count>(std::make_index_sequence<count>{}))
    return no_fields<"it holds an array">{};
  else if constexpr (!compiler_agrees<T>(count))
    return no_fields<"its fields cannot be counted">{};
  else {
    using Bound = decltype(field_types<count>(std::declval<T &>()));
    if constexpr (has_reference(Bound{}))
      return no_fields<"it holds a reference">{};
    else
      return Bound{};
  }
}

} // namespace detail
WARD_NAMESPACE_END
