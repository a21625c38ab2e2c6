// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Types of the standard library that std_traits.h does not list, recognised by their names: so their headers, which are
// large, need not be included, and the standard library reserves their names.
#pragma once

#include <ward/detail/rule.h>
#include <ward/detail/type_name.h>

#include <string_view>
#include <type_traits>

WARD_NAMESPACE_BEGIN
namespace detail {

enum class StdKind : unsigned char { none, value, parts, buffer };

constexpr bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) noexcept {
  for (const std::string_view each : names)
    if (name == each)
      return true;
  return false;
}

// `name` is what stands behind `std::`.
constexpr StdKind kind_of_std_name(std::string_view name, bool empty) noexcept {
  if (empty)
    return StdKind::value; // function objects, allocators, tags: there is nothing in them
  // Not find(): GCC with -fsanitize=undefined takes its null check for no constant.
  std::size_t bracket = 0;
  while (bracket != name.size() && name[bracket] != '<')
    ++bracket;
  if (bracket == name.size()) {
    // Exceptions share their text, which nobody changes, by an atomic count; so do locales their facets, which are const.
    if (is_one_of(name, {"exception", "bad_alloc", "bad_array_new_length", "bad_cast", "bad_typeid", "bad_exception",
                         "bad_function_call", "bad_weak_ptr", "bad_any_cast", "bad_optional_access",
                         "bad_variant_access", "logic_error", "domain_error", "invalid_argument", "length_error",
                         "out_of_range", "runtime_error", "range_error", "overflow_error", "underflow_error",
                         "system_error", "future_error", "regex_error", "format_error", "ios_base::failure",
                         "filesystem::filesystem_error"}))
      return StdKind::value;
    if (is_one_of(name, {"filesystem::path", "filesystem::file_status", "filesystem::directory_entry", "locale",
                         "type_index", "strong_ordering", "weak_ordering", "partial_ordering", "random_device",
                         "seed_seq", "slice", "gslice"}))
      return StdKind::value;
    // Clang prints libc++'s types by these names.
    if (is_one_of(name, {"regex", "wregex"}))
      return StdKind::parts;
    if (is_one_of(name, {"stringbuf", "istringstream", "ostringstream", "stringstream", "filebuf", "ifstream", "ofstream", "fstream",
                         "wstringbuf", "wistringstream", "wostringstream", "wstringstream", "wfilebuf", "wifstream", "wofstream",
                         "wfstream"}))
      return StdKind::buffer;
    return StdKind::none;
  }
  const std::string_view base = name.substr(0, bracket);
  // Generators of random numbers: their arguments are numbers.
  if (is_one_of(base, {"linear_congruential_engine", "mersenne_twister_engine", "subtract_with_carry_engine"}))
    return StdKind::value;
  constexpr std::string_view distribution = "_distribution";
  if (base.size() > distribution.size() && base.substr(base.size() - distribution.size()) == distribution)
    return StdKind::parts;
  if (is_one_of(base, {"valarray", "basic_regex", "regex_traits"}))
    return StdKind::parts;
  // Streams with a buffer of their own, which their const members give away.
  if (is_one_of(base, {"basic_stringbuf", "basic_istringstream", "basic_ostringstream", "basic_stringstream",
                       "basic_filebuf", "basic_ifstream", "basic_ofstream", "basic_fstream"}))
    return StdKind::buffer;
  return StdKind::none;
}
template <class T> consteval StdKind find_std_kind() noexcept {
  constexpr std::string_view prefix = "std::";
  constexpr std::string_view name = type_name<T>;
  if constexpr (std::is_class_v<T> && name.substr(0, prefix.size()) == prefix)
    return kind_of_std_name(name.substr(prefix.size()), std::is_empty_v<T>);
  else
    return StdKind::none;
}

// The row that follows from the kind, with the type arguments as parts.
template <StdKind Kind, class T> struct std_rule {};
template <class T> struct std_rule<StdKind::value, T> : free_to_all {};
template <template <class...> class Template, class... Parts>
struct std_rule<StdKind::parts, Template<Parts...>> : as_parts<Parts...> {};
template <template <class...> class Template, class... Parts>
struct std_rule<StdKind::buffer, Template<Parts...>> : as_parts<Parts...> {
  using sync = never<"its const members give access to its buffer">;
};

template <class Question, class T> struct std_row {};
template <class T>
  requires requires { typename std_rule<find_std_kind<T>(), T>::send; }
struct std_row<is_send, T> {
  using type = typename std_rule<find_std_kind<T>(), T>::send;
};
template <class T>
  requires requires { typename std_rule<find_std_kind<T>(), T>::sync; }
struct std_row<is_sync, T> {
  using type = typename std_rule<find_std_kind<T>(), T>::sync;
};
template <class T>
  requires requires { typename std_rule<find_std_kind<T>(), T>::owned; }
struct std_row<is_owned, T> {
  using type = typename std_rule<find_std_kind<T>(), T>::owned;
};

} // namespace detail
WARD_NAMESPACE_END
