// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// WARD_DERIVE_SEND_SYNC, and the loop over macro arguments that it uses.
#pragma once

#include <ward/detail/text.h>

WARD_NAMESPACE_BEGIN
namespace detail {
// One field from the macro's list, and the list.
template <class T, Text Label> struct listed_field {};
template <class... Fields> struct listed_fields {};
// The list of a class: found by argument-dependent lookup, for exactly this class and no derived one.
template <class T> struct listed_fields_of {};

template <class... Fields, class T, Text Label>
constexpr auto operator+(listed_fields<Fields...>, listed_field<T, Label>) noexcept {
  return listed_fields<Fields..., listed_field<T, Label>>{};
}
} // namespace detail
WARD_NAMESPACE_END

/// In a class whose fields the compiler cannot count: `WARD_DERIVE_SEND_SYNC(Type, field, field, ...);`. Type is then
/// Send, Sync and Owned iff all listed fields are; Ward's analyser proves that none is missing. Any section of the
/// class, with or without the semicolon; in a template, Type is the class's own name without arguments. A derived class
/// must list again.
#define WARD_DERIVE_SEND_SYNC(...) WARD_DERIVE_SPLIT_(__VA_ARGS__, ward_end_)
#define WARD_DERIVE_SPLIT_(Type, ...)                                                                                  \
  [[maybe_unused]] friend constexpr auto ward_listed_fields(::ward::detail::listed_fields_of<Type>) noexcept {         \
    using ward_self_ [[maybe_unused]] = Type;                                                                          \
    return ::ward::detail::listed_fields<>{} WARD_DERIVE_REPEAT_(WARD_DERIVE_EACH_(__VA_ARGS__));                      \
  }

// Applies WARD_DERIVE_FIELD_ to each argument but the last, which is the end mark that SEND_SYNC adds: every level of
// REPEAT_ rescans once more. Enough for 300 fields.
#define WARD_DERIVE_PARENS_ ()
#define WARD_DERIVE_REPEAT_(...) WARD_DERIVE_R4_(WARD_DERIVE_R4_(WARD_DERIVE_R4_(WARD_DERIVE_R4_(__VA_ARGS__))))
#define WARD_DERIVE_R4_(...) WARD_DERIVE_R3_(WARD_DERIVE_R3_(WARD_DERIVE_R3_(WARD_DERIVE_R3_(__VA_ARGS__))))
#define WARD_DERIVE_R3_(...) WARD_DERIVE_R2_(WARD_DERIVE_R2_(WARD_DERIVE_R2_(WARD_DERIVE_R2_(__VA_ARGS__))))
#define WARD_DERIVE_R2_(...) WARD_DERIVE_R1_(WARD_DERIVE_R1_(WARD_DERIVE_R1_(WARD_DERIVE_R1_(__VA_ARGS__))))
#define WARD_DERIVE_R1_(...) __VA_ARGS__
#define WARD_DERIVE_EACH_(field, ...)                                                                                  \
  __VA_OPT__(+::ward::detail::listed_field<decltype(ward_self_::field), #field>{} WARD_DERIVE_AGAIN_                   \
                 WARD_DERIVE_PARENS_(__VA_ARGS__))
#define WARD_DERIVE_AGAIN_() WARD_DERIVE_EACH_
