// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whether a type is Send, Sync or Owned: which rule decides (`derivation`), and its result (`answer`).
#pragma once

#include <ward/claims.h>
#include <ward/detail/aggregate.h>
#include <ward/detail/rule.h>
#include <ward/detail/std_names.h>
#include <ward/detail/type_name.h>
#include <ward/markers.h>

#include <type_traits>

WARD_NAMESPACE_BEGIN
namespace detail {

enum class Answer : unsigned char { no, unknown, yes };

// ---- The table's row for a question.

// What a non-const reference to a type without synchronisation of its own is to several threads.
using changeable = never<"several threads could change it at once; give them a pointer to const, or an Arc<Mutex<T>>">;

template <class Question, class T> struct row {};
template <class T>
  requires requires { typename rule<T>::send; }
struct row<is_send, T> {
  using type = typename rule<T>::send;
};
template <class T>
  requires requires { typename rule<T>::sync; }
struct row<is_sync, T> {
  using type = typename rule<T>::sync;
};
template <class T>
  requires requires { typename rule<T>::owned; }
struct row<is_owned, T> {
  using type = typename rule<T>::owned;
};
template <class T>
  requires(requires { typename rule<T>::send; } && !requires { typename rule<T>::sync_mut; })
struct row<is_sync_mut, T> {
  using type = changeable;
};
template <class T>
  requires requires { typename rule<T>::sync_mut; }
struct row<is_sync_mut, T> {
  using type = typename rule<T>::sync_mut;
};

// ---- Claims.

template <class T> consteval bool is_complete() noexcept { return requires { sizeof(T); }; }

template <class T>
concept ClaimsSend = !std::is_same_v<std::remove_cv_t<decltype(unsafe_impl_send<T>)>, Unclaimed>;
template <class T>
concept ClaimsSync = !std::is_same_v<std::remove_cv_t<decltype(unsafe_impl_sync<T>)>, Unclaimed>;
template <class T>
concept ClaimsOwned = !std::is_same_v<std::remove_cv_t<decltype(unsafe_impl_owned<T>)>, Unclaimed>;
template <class T>
concept ClaimsSyncMut = !std::is_same_v<std::remove_cv_t<decltype(unsafe_impl_sync_mut<T>)>, Unclaimed>;
template <class T>
concept ListsFields = std::is_class_v<T> && requires { ward_listed_fields(listed_fields_of<T>{}); };

// An unsafe_impl for exactly this question.
template <class Question, class T> consteval bool has_word_on() noexcept {
  if constexpr (std::is_same_v<Question, is_send>)
    return ClaimsSend<T>;
  else if constexpr (std::is_same_v<Question, is_sync>)
    return ClaimsSync<T>;
  else if constexpr (std::is_same_v<Question, is_sync_mut>)
    return ClaimsSyncMut<T>;
  else
    return ClaimsOwned<T>;
}

// Any claim that decides the question: an unsafe_impl, a list of fields, or Send's for Owned.
template <class Question, class T> consteval bool is_claimed() noexcept {
  if constexpr (has_word_on<Question, T>() || ListsFields<T>)
    return true;
  else if constexpr (std::is_same_v<Question, is_owned> && ClaimsSend<T>)
    return static_cast<bool>(unsafe_impl_send<T>);
  else
    return false;
}

// ---- Derivation from fields.

// Field names are determined only for a message: see explain.h.
template <class Question, class T, class... Fields> struct of_fields {};
// The fields of a type that is claimed to be Send: for raw pointers and Unknown types, the claim decides.
template <class T, class... Fields> struct of_claimed_fields {};

template <class Question, class T, class... Fields>
consteval auto derive_from(fields<Fields...>) noexcept -> of_fields<Question, T, Fields...> {
  return {};
}
template <class Question, class T, Text Why> consteval auto derive_from(no_fields<Why>) noexcept -> undecided<Why> {
  return {};
}
template <class T, class... Fields>
consteval auto derive_claimed(fields<Fields...>) noexcept -> of_claimed_fields<T, Fields...> {
  return {};
}
template <class T, Text Why> consteval auto derive_claimed(no_fields<Why>) noexcept -> always { return {}; }

template <class Question, class... Fields, Text... Labels>
consteval auto derive_listed(listed_fields<listed_field<Fields, Labels>...>) noexcept
    -> all<on<Fields, Question, (Text{"."} + Labels)>...> {
  return {};
}

template <bool Value> consteval auto from_claim() noexcept {
  if constexpr (Value)
    return always{};
  else
    return never<"a claim says that it is not">{};
}

template <class Question, class T> consteval auto derive_claim() noexcept {
  if constexpr (std::is_same_v<Question, is_send> && ClaimsSend<T>)
    return from_claim<static_cast<bool>(unsafe_impl_send<T>)>();
  else if constexpr (std::is_same_v<Question, is_sync> && ClaimsSync<T>)
    return from_claim<static_cast<bool>(unsafe_impl_sync<T>)>();
  else if constexpr (std::is_same_v<Question, is_owned> && ClaimsOwned<T>)
    return from_claim<static_cast<bool>(unsafe_impl_owned<T>)>();
  else if constexpr (std::is_same_v<Question, is_sync_mut> && ClaimsSyncMut<T>)
    return from_claim<static_cast<bool>(unsafe_impl_sync_mut<T>)>();
  else if constexpr (ListsFields<T>)
    return derive_listed<Question>(ward_listed_fields(listed_fields_of<T>{}));
  else if constexpr (is_complete<T>()) { // is_owned, and claimed to be Send
    if constexpr (std::is_aggregate_v<T> && std::is_class_v<T>)
      return derive_claimed<T>(fields_of<T>());
    else
      return always{};
  } else
    return always{};
}

// ---- The order of the rules.

template <class T> consteval bool is_plain_scalar() noexcept {
#if defined(__SIZEOF_INT128__)
  __extension__ using Wide = __int128;
  __extension__ using UnsignedWide = unsigned __int128;
  if (std::is_same_v<T, Wide> || std::is_same_v<T, UnsignedWide>)
    return true; // the library does not count them as scalars in strict mode
#endif
  if constexpr (std::is_pointer_v<T>)
    return std::is_function_v<std::remove_pointer_t<T>>;
  else
    return std::is_scalar_v<T> || std::is_void_v<T> || std::is_function_v<T>;
}

template <class T>
concept IteratorLike = requires { typename T::iterator_category; } || requires { typename T::iterator_concept; };

// Rules 4 to 6, for classes without a row.
template <class Question, class T> consteval auto derive_class() noexcept {
  if constexpr (std::is_union_v<T>)
    return undecided<"it is a union">{};
  else if constexpr (std::is_base_of_v<NotSend, T> && std::is_same_v<Question, is_send>)
    return never<"it derives from NotSend">{};
  else if constexpr (std::is_base_of_v<NotSync, T> && std::is_same_v<Question, is_sync>)
    return never<"it derives from NotSync">{};
  else if constexpr (std::is_aggregate_v<T>)
    return derive_from<Question, T>(fields_of<T>());
  else if constexpr (is_lambda<T>()) {
    if constexpr (std::is_empty_v<T> && std::is_default_constructible_v<T>)
      return always{}; // captures nothing
    else if constexpr (std::is_same_v<Question, is_sync_mut>)
      return changeable{};
    else
      return undecided<"it is a lambda that captures, and the compiler cannot inspect captures">{};
  } else if constexpr (IteratorLike<T>)
    return never<"an iterator refers to elements that it does not own">{};
  else if constexpr (std::is_same_v<Question, is_sync_mut>)
    return changeable{};
  else
    return undecided<"it is a class whose fields the compiler does not show">{};
}

template <class Question, class T> consteval auto derive() noexcept {
  if constexpr (is_claimed<Question, T>())
    return derive_claim<Question, T>();
  else if constexpr (is_plain_scalar<T>()) {
    if constexpr (std::is_same_v<Question, is_sync_mut> && !std::is_function_v<T>)
      return changeable{};
    else
      return always{};
  } else if constexpr (std::is_pointer_v<T>) {
    if constexpr (std::is_same_v<Question, is_owned>)
      return never<"a raw pointer borrows">{};
    else
      return never<"a raw pointer does not show which threads may use its pointee">{};
  } else if constexpr (std::is_reference_v<T>) {
    using To = std::remove_reference_t<T>;
    if constexpr (std::is_function_v<To>)
      return always{};
    else if constexpr (std::is_same_v<Question, is_owned>)
      return never<"a reference borrows">{};
    else if constexpr (std::is_const_v<To>)
      return all<on<To, is_sync>>{}; // both: its holder reads the object at the same time as the owner
    else
      return all<on<To, Question>>{}; // as &mut T
  } else if constexpr (std::is_array_v<T>)
    return all<on<std::remove_extent_t<T>, Question, "[]">>{};
  else if constexpr (requires { typename row<Question, T>::type; })
    return typename row<Question, T>::type{};
  else if constexpr (!is_complete<T>()) {
    // An answer would stay the same in the whole translation unit, also where the type is complete.
    static_assert(is_complete<T>(), "ward: whether it is Send, Sync or Owned is asked of an incomplete type, or of a "
                                    "pointer to one: include its definition, or ask after it");
    return undecided<"it is an incomplete type here">{};
  } else if constexpr (requires { typename std_row<Question, T>::type; })
    return typename std_row<Question, T>::type{};
  else
    return derive_class<Question, T>();
}

// A question as it is answered: of the type without const, since const T answers as T; but nobody changes a const T.
template <class Question, class T> struct asked {
  using question = Question;
  using type = std::remove_cv_t<T>;
};
template <class T> struct asked<is_sync_mut, const T> {
  using question = is_sync;
  using type = std::remove_cv_t<T>;
};

template <class Question, class T> using derivation = decltype(derive<Question, T>());

// ---- The answer. Stack holds the questions under evaluation: what depends on itself is assumed to be Yes meanwhile, as
// a list's node is Send if the rest of the node is.

template <class Question, class T> struct open_question {};
// More of them than any type that is finite: template <class T> struct Tower { Tower<std::pair<T, T>> *next; };
inline constexpr std::size_t max_depth = 48;

template <class Question, class T, class... Stack> consteval Answer answer_of() noexcept;
template <class Question, class T, class... Stack>
inline constexpr Answer answer =
    answer_of<typename asked<Question, T>::question, typename asked<Question, T>::type, Stack...>();

consteval Answer both(Answer a, Answer b) noexcept { return a < b ? a : b; }

// A polymorphic class that is neither final nor claimed: the object behind a pointer may be of any derived class, of
// which a list of this one's fields says nothing. The pointee of a void pointer is not known either.
template <class Question, class T> consteval bool is_open_base() noexcept {
  if constexpr (std::is_void_v<T>)
    return true;
  if constexpr (std::is_class_v<T> && is_complete<T>()) {
    if constexpr (std::is_polymorphic_v<T> && !std::is_final_v<T>) {
      if constexpr (has_word_on<Question, T>())
        return false;
      else if constexpr (std::is_same_v<Question, is_owned>)
        return !unsafe_impl_derived_send<T> && !static_cast<bool>(unsafe_impl_send<T>);
      else if constexpr (std::is_same_v<Question, is_send>)
        return !unsafe_impl_derived_send<T>;
      else
        return !unsafe_impl_derived_sync<T>;
    }
  }
  return false;
}

template <class Condition, class... Stack> struct condition;
template <class T, class Question, Text Label, class... Stack> struct condition<on<T, Question, Label>, Stack...> {
  static constexpr Answer value = answer<Question, T, Stack...>;
};
template <class T, class Question, Text Label, class... Stack> struct condition<on_pointee<T, Question, Label>, Stack...> {
  static constexpr Answer value = is_open_base<Question, std::remove_cv_t<T>>()
                                      ? both(answer<Question, T, Stack...>, Answer::unknown)
                                      : answer<Question, T, Stack...>;
};

template <class Lock, class... Stack> struct condition<lock_of<Lock>, Stack...> {
  static constexpr Answer value = unsafe_impl_lock<Lock> ? Answer::yes : Answer::unknown;
};

template <class Expression, class... Stack> struct outcome;
template <class... Stack> struct outcome<always, Stack...> {
  static constexpr Answer value = Answer::yes;
};
template <Text Why, class... Stack> struct outcome<never<Why>, Stack...> {
  static constexpr Answer value = Answer::no;
};
template <Text Why, class... Stack> struct outcome<undecided<Why>, Stack...> {
  static constexpr Answer value = Answer::unknown;
};
template <class... Conditions, class... Stack> struct outcome<all<Conditions...>, Stack...> {
  static consteval Answer work_out() noexcept {
    Answer least = Answer::yes;
    ((least = both(least, condition<Conditions, Stack...>::value)), ...);
    return least;
  }
  static constexpr Answer value = work_out();
};
template <class Question, class T, class... Fields, class... Stack>
struct outcome<of_fields<Question, T, Fields...>, Stack...> : outcome<all<on<Fields, Question>...>, Stack...> {};

template <class Field, class... Stack> consteval Answer claimed_field() noexcept {
  if constexpr (std::is_pointer_v<std::remove_all_extents_t<Field>>)
    return Answer::yes;
  else
    return answer<is_owned, Field, Stack...> == Answer::no ? Answer::no : Answer::yes;
}
template <class T, class... Fields, class... Stack> struct outcome<of_claimed_fields<T, Fields...>, Stack...> {
  static consteval Answer work_out() noexcept {
    Answer least = Answer::yes;
    ((least = both(least, claimed_field<Fields, Stack...>())), ...);
    return least;
  }
  static constexpr Answer value = work_out();
};

template <class Question, class T, class... Stack> consteval Answer answer_of() noexcept {
  if constexpr ((std::is_same_v<open_question<Question, T>, Stack> || ...))
    return Answer::yes;
  else if constexpr (sizeof...(Stack) > max_depth)
    return Answer::unknown;
  else
    return outcome<derivation<Question, T>, open_question<Question, T>, Stack...>::value;
}

} // namespace detail
WARD_NAMESPACE_END
