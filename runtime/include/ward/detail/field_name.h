// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The name of an aggregate's field, for messages: a pointer to the field of an object that is only declared is a
// template argument, and compilers print template arguments in full.
#pragma once

#include <ward/detail/bind.h>
#include <ward/detail/type_name.h>

#include <cstddef>
#include <string_view>
#include <type_traits>

WARD_NAMESPACE_BEGIN
namespace detail {

#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wundefined-internal"
#pragma clang diagnostic ignored "-Wundefined-var-template"
#endif

template <class T> struct Declared {
  T value;
};
template <class T> extern const Declared<T> declared_object;

// A class around the pointer: Clang before 18 accepts no plain pointer to a subobject.
template <class Pointer> struct FieldPointer {
  Pointer pointer;
  constexpr explicit FieldPointer(Pointer p) noexcept : pointer(p) {}
};

template <auto Field> consteval std::string_view spelled_field() noexcept {
  std::string_view name = __PRETTY_FUNCTION__;
#if defined(__clang__)
  name = name.substr(0, name.rfind('}')); // [Field = FieldPointer<const X *>{&declared_object.value.NAME}]
#else
  name = name.substr(0, name.rfind(")}; std::string_view = ")); // ...{(& declared_object<T>.Declared<T>::value.T::NAME)}
#endif
  return name.substr(name.find_last_of(".:") + 1);
}

// The name of the I-th of N fields; nothing for a bit-field, to which no pointer can point.
template <class T, std::size_t N, std::size_t I> consteval std::string_view field_name() noexcept {
  if constexpr (std::is_same_v<decltype(field_address<N, I>(declared_object<T>.value)), std::nullptr_t>)
    return "(a bit-field)";
  else
    return spelled_field<FieldPointer(field_address<N, I>(declared_object<T>.value))>();
}

#if defined(__clang__)
#pragma clang diagnostic pop
#endif

} // namespace detail
WARD_NAMESPACE_END
