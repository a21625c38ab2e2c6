// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The fields of an aggregate where C++20 can determine them, else the reason why not.
//
// C++20 has no reflection, but `T{x, x, x}` compiles if T has that many elements to initialise, and `auto &[a, b, c] =
// t` names the fields if the number is right, and is a hard error if it is wrong. So the elements are counted first, one
// at a time, with an initialiser that takes exactly one of them:
//   - `{}` for all elements up to the first that has no default: also for an array, whatever its length;
//   - `{Any}` for the elements behind that, where it compiles: an array too takes one pair of braces;
//   - `Any`, which converts to everything, for the others. An array without braces would take it for its first element
//     only, so it must be shown not to be one: see is_one_element.
// Elements behind that have no default need initialisers of their own: Suffix times Any, whose number does not matter.
// Everything that makes the number of elements differ from that of the bindings is detected on the way: bases, unions,
// types with a tuple interface.
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
/// Converts to anything that an lvalue reference can refer to.
struct AnyLvalue {
  template <class U> operator U &() const noexcept { std::terminate(); } // NOLINT(google-explicit-constructor)
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
/// unions or bases. (Two kinds, since such a constructor takes its argument by value or by reference.)
struct Nothing {};
struct NothingFixed {
  NothingFixed() = default;
  NothingFixed(const NothingFixed &) = delete;
  NothingFixed &operator=(const NothingFixed &) = delete;
};

template <std::size_t> using AnyAt = Any;

// What stands behind the counted initialisers: nothing, `{}`, or Inner times Any in one pair of braces.
enum class Then : unsigned char { nothing, braces, inner };

// Whether T{these initialisers, Tail..., what Behind says, Suffix times Any} compiles.
template <class T, std::size_t Braces, Then Behind, class... Tail, std::size_t... A, std::size_t... B,
          std::size_t... C, std::size_t... D, std::size_t... E, std::size_t... F, std::size_t... G, std::size_t... H,
          std::size_t... I, std::size_t... J, std::size_t... K, std::size_t... L, std::size_t... Inner,
          std::size_t... Suffix>
consteval bool takes_runs(std::index_sequence<A...>, std::index_sequence<B...>, std::index_sequence<C...>,
                          std::index_sequence<D...>, std::index_sequence<E...>, std::index_sequence<F...>,
                          std::index_sequence<G...>, std::index_sequence<H...>, std::index_sequence<I...>,
                          std::index_sequence<J...>, std::index_sequence<K...>, std::index_sequence<L...>,
                          std::index_sequence<Inner...>, std::index_sequence<Suffix...>) noexcept {
#define WARD_TAKES(n, ...)                                                                                             \
  requires {                                                                                                           \
    T{WARD_BIND_BRACES_##n AnyAt<A>{}..., {AnyAt<B>{}}..., AnyAt<C>{}..., {AnyAt<D>{}}..., AnyAt<E>{}...,              \
      {AnyAt<F>{}}..., AnyAt<G>{}..., {AnyAt<H>{}}..., AnyAt<I>{}..., {AnyAt<J>{}}..., AnyAt<K>{}..., {AnyAt<L>{}}..., \
      Tail{}..., __VA_ARGS__ AnyAt<Suffix>{}...};                                                                      \
  }
#define WARD_TAKES_LINE(n)                                                                                             \
  if constexpr (Braces == n) {                                                                                         \
    if constexpr (Behind == Then::braces)                                                                              \
      return WARD_TAKES(n, {}, );                                                                                      \
    else if constexpr (Behind == Then::inner)                                                                          \
      return WARD_TAKES(n, {AnyAt<Inner>{}...}, );                                                                     \
    else                                                                                                               \
      return WARD_TAKES(n, );                                                                                          \
  }
  WARD_TAKES_LINE(0)
  WARD_BIND_EACH(WARD_TAKES_LINE)
#undef WARD_TAKES_LINE
#undef WARD_TAKES
}

// The initialisers of the elements counted so far: Braces times `{}`, then alternately runs of `Any` and of `{Any}`.
template <std::size_t Braces, std::size_t... Runs> struct Shape {
  static constexpr std::size_t max_runs = 12;
  static constexpr std::size_t size = (Braces + ... + Runs);

  template <class T, std::size_t Suffix, Then Behind = Then::nothing, class... Tail>
  static consteval bool compiles() noexcept {
    return with_runs<T, 0, Suffix, Behind, Tail...>(std::make_index_sequence<max_runs - sizeof...(Runs)>{});
  }
  template <class T, std::size_t Inner, std::size_t Suffix> static consteval bool takes_inner() noexcept {
    return with_runs<T, Inner, Suffix, Then::inner>(std::make_index_sequence<max_runs - sizeof...(Runs)>{});
  }
  // Whether T{..., Tail, Suffix times Any} compiles; Suffix is searched for, downwards from Most. -1: for none.
  template <class T, int Most, Then Behind = Then::nothing, class... Tail> static consteval int suffix() noexcept {
    if constexpr (Most < 0)
      return -1;
    else if constexpr (compiles<T, static_cast<std::size_t>(Most), Behind, Tail...>())
      return Most;
    else
      return suffix<T, Most - 1, Behind, Tail...>();
  }

private:
  template <std::size_t> static constexpr std::size_t none = 0;
  template <class T, std::size_t Inner, std::size_t Suffix, Then Behind, class... Tail, std::size_t... Rest>
  static consteval bool with_runs(std::index_sequence<Rest...>) noexcept {
    return takes_runs<T, Braces, Behind, Tail...>(std::make_index_sequence<Runs>{}...,
                                                      std::make_index_sequence<none<Rest>>{}...,
                                                      std::make_index_sequence<Inner>{},
                                                      std::make_index_sequence<Suffix>{});
  }
};

// One more element: by `{}`, by `Any`, by `{Any}`. `cannot_extend` if there would be too many runs.
struct cannot_extend {};
template <std::size_t Braces, std::size_t... Runs> consteval auto with_braces(Shape<Braces, Runs...>) noexcept {
  if constexpr (sizeof...(Runs) == 0 && Braces < max_fields)
    return Shape<Braces + 1>{};
  else
    return cannot_extend{};
}
template <bool Braced, std::size_t Braces, std::size_t... Runs, std::size_t... I>
consteval auto longer_run(Shape<Braces, Runs...>, std::index_sequence<I...>) noexcept {
  return Shape<Braces, (Runs + (I + 1 == sizeof...(Runs) ? 1 : 0))...>{};
}
template <bool Braced, std::size_t Braces, std::size_t... Runs>
consteval auto with_any(Shape<Braces, Runs...> shape) noexcept {
  constexpr bool in_braced_run = sizeof...(Runs) % 2 == 0 && sizeof...(Runs) != 0;
  constexpr bool in_plain_run = sizeof...(Runs) % 2 != 0;
  if constexpr (shape.size == max_fields)
    return cannot_extend{};
  else if constexpr (Braced ? in_braced_run : in_plain_run)
    return longer_run<Braced>(shape, std::index_sequence_for<std::integral_constant<std::size_t, Runs>...>{});
  else if constexpr (sizeof...(Runs) + (Braced && sizeof...(Runs) == 0 ? 2 : 1) > shape.max_runs)
    return cannot_extend{};
  else if constexpr (Braced && sizeof...(Runs) == 0)
    return Shape<Braces, 0, 1>{};
  else
    return Shape<Braces, Runs..., 1>{};
}

// The number of Any that T needs after no other initialiser: 0 if it has a default. Where the search ends without a
// result, the most that is tried for each element.
inline constexpr int max_suffix = 160;
template <class T, int N = 0> consteval int find_suffix() noexcept {
  if constexpr (Shape<0>::compiles<T, static_cast<std::size_t>(N)>())
    return N;
  else if constexpr (N == max_suffix)
    return static_cast<int>(max_fields);
  else
    return find_suffix<T, N + 1>();
}

enum class Elements : unsigned char { counted, too_many, uncountable, base, union_, unnamed };
struct Count {
  std::size_t size;
  Elements result;
};

// Whether the element after Counted accepts Odd because of Odd's conversion, and not everything.
template <class T, class Counted, int Suffix, class Odd> consteval bool takes_exactly() noexcept {
  if constexpr (Counted::template compiles<T, static_cast<std::size_t>(Suffix), Then::nothing, Odd>())
    return !Counted::template compiles<T, static_cast<std::size_t>(Suffix), Then::nothing, NothingFixed>() &&
           !Counted::template compiles<T, static_cast<std::size_t>(Suffix), Then::nothing, Nothing>();
  else
    return false;
}
template <class T, class Counted, int Suffix> consteval bool takes_everything() noexcept {
  return Counted::template compiles<T, static_cast<std::size_t>(Suffix), Then::nothing, NothingFixed>() ||
         Counted::template compiles<T, static_cast<std::size_t>(Suffix), Then::nothing, Nothing>();
}

// The longest array of elements without a default that is recognised.
inline constexpr int max_elements = 16;

// Whether any of 2 to max_elements times Any in one pair of braces is an initialiser for the element after Counted.
template <class T, class Counted, int Suffix, int Inner = 2> consteval bool takes_several() noexcept {
  if constexpr (Suffix < 0)
    return false;
  else if constexpr (Inner > max_elements)
    return takes_several<T, Counted, Suffix - 1>();
  else if constexpr (Counted::template takes_inner<T, static_cast<std::size_t>(Inner), static_cast<std::size_t>(Suffix)>())
    return true;
  else
    return takes_several<T, Counted, Suffix, Inner + 1>();
}

// Whether the element after Counted, which accepts neither `{}` nor `{Any}`, is one that Any initialises, and not an
// array. The elements of such an array have no default: one Any does not do for it, and `{}` not for the next one, but as
// many in braces as it has elements do, for which there must be as many Any in the suffix. Most and Rest: the suffixes
// before and behind it.
template <class T, class Counted, int Most, int Rest> consteval bool is_one_element() noexcept {
  if constexpr (Counted::template compiles<T, 0, Then::nothing, Any>() ||
                Counted::template suffix<T, Most, Then::braces, Any>() >= 0)
    return true;
  else if constexpr (Most > max_elements)
    return false;
  else
    return !takes_several<T, Counted, Rest>();
}

template <class T, class Next, int Most> consteval int suffix_of() noexcept {
  if constexpr (std::is_same_v<Next, cannot_extend>)
    return -1;
  else
    return Next::template suffix<T, Most>();
}

// Whether there is an element after Counted, for which T{Counted} has a default, but which takes neither of the three
// initialisers: a reference, an array of elements without a default, what Any cannot convert to for other reasons.
template <class T, class Counted> consteval bool has_more() noexcept {
  return Counted::template compiles<T, 0, Then::braces>() || Counted::template compiles<T, 0, Then::nothing, AnyLvalue>() ||
         takes_everything<T, Counted, 0>() || Counted::template suffix<T, max_elements, Then::nothing, Any>() >= 0;
}

template <class T, class Counted, int Suffix> consteval Count count_from() noexcept;

// Next is Counted and one element more, behind which Suffix times Any compiles.
template <class T, class Counted, class Next, int Suffix> consteval Count count_next() noexcept {
  if constexpr (Counted::size == 0 && takes_exactly<T, Counted, Suffix, AnyBaseOf<T>>())
    return {0, Elements::base};
  else if constexpr (Counted::size == 0 && takes_everything<T, Counted, Suffix>())
    return {0, Elements::uncountable}; // may be a base
  else if constexpr (takes_exactly<T, Counted, Suffix, AnyUnion>())
    return {0, Elements::union_};
  else if constexpr (takes_exactly<T, Counted, Suffix, AnyUnnamed>())
    return {0, Elements::unnamed};
  else
    return count_from<T, Next, Suffix>();
}

// Suffix: T{Counted, Suffix times Any} compiles.
template <class T, class Counted, int Suffix> consteval Count count_from() noexcept {
  using Braces = decltype(with_braces(Counted{}));
  using Braced = decltype(with_any<true>(Counted{}));
  using Plain = decltype(with_any<false>(Counted{}));
  constexpr int braces = suffix_of<T, Braces, Suffix>();
  if constexpr (braces >= 0)
    return count_next<T, Counted, Braces, braces>();
  else {
    constexpr int braced = suffix_of<T, Braced, Suffix>();
    if constexpr (braced >= 0)
      return count_next<T, Counted, Braced, braced>();
    else {
      constexpr int plain = suffix_of<T, Plain, Suffix>();
      if constexpr (plain >= 0 && is_one_element<T, Counted, Suffix, plain>())
        return count_next<T, Counted, Plain, plain>();
      else if constexpr (!Counted::template compiles<T, 0>())
        return {0, Elements::uncountable};
      else if constexpr (has_more<T, Counted>())
        return {0, Counted::size == max_fields ? Elements::too_many : Elements::uncountable};
      else
        return {Counted::size, Elements::counted};
    }
  }
}

template <class T>
concept TupleLike = requires { sizeof(std::tuple_size<T>); };

// Why the fields of a T cannot be determined.
template <Text Why> struct no_fields {};

template <class... Fields> consteval bool has_reference(fields<Fields...>) noexcept {
  return (std::is_reference_v<Fields> || ...);
}

template <class T> consteval bool compiler_agrees([[maybe_unused]] std::size_t count) noexcept {
#if defined(__has_builtin)
#if __has_builtin(__builtin_structured_binding_size)
  if constexpr (requires { __builtin_structured_binding_size(T); })
    return __builtin_structured_binding_size(T) == count;
  else
    return count == 0; // no bindings at all
#endif
#endif
  return true;
}

/// `fields<...>` of T, or `no_fields<reason>`. T is a complete aggregate class.
template <class T> consteval auto fields_of() noexcept {
  constexpr Count count = count_from<T, Shape<0>, find_suffix<T>()>();
  if constexpr (count.result == Elements::too_many)
    return no_fields<"it has more than 64 fields">{};
  else if constexpr (count.result == Elements::uncountable)
    return no_fields<"its fields cannot be counted (one of them may be a reference)">{};
  else if constexpr (count.result == Elements::base)
    return no_fields<"it has a base class">{};
  else if constexpr (count.result == Elements::union_)
    return no_fields<"it holds a union">{};
  else if constexpr (count.result == Elements::unnamed)
    return no_fields<"it holds an unnamed struct">{};
  else if constexpr (TupleLike<T>)
    return no_fields<"its structured bindings are not its fields">{};
  else if constexpr (!compiler_agrees<T>(count.size))
    return no_fields<"its fields cannot be counted">{};
  else if constexpr (count.size == 0) {
    if constexpr (std::is_empty_v<T>)
      return fields<>{};
    else
      return no_fields<"it has a size but no fields that can be named">{};
  } else {
    using Bound = decltype(field_types<count.size>(std::declval<T &>()));
    if constexpr (has_reference(Bound{}))
      return no_fields<"it holds a reference">{};
    else
      return Bound{};
  }
}

} // namespace detail
WARD_NAMESPACE_END
