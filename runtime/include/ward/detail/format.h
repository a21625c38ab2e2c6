// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Formatting: std::format where the library has it, else {fmt} where it is installed, else `{}` in order for anything
// with operator<<.
#pragma once

#include <ward/detail/config.h>

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <version>

#if defined(__cpp_lib_format)
#include <format>
#define WARD_FORMAT_STD 1
#elif __has_include(<fmt/format.h>)
#ifndef FMT_HEADER_ONLY
#define FMT_HEADER_ONLY 1
#endif
#include <fmt/format.h>
#define WARD_FORMAT_FMT 1
#else
#include <sstream>
#endif

WARD_NAMESPACE_BEGIN
namespace detail {

#if defined(WARD_FORMAT_STD)
template <class... Args> using FormatString = std::format_string<Args...>;
template <class... Args> std::string format(FormatString<Args...> text, Args &&...args) {
  return std::format(text, std::forward<Args>(args)...);
}
#elif defined(WARD_FORMAT_FMT)
template <class... Args> using FormatString = fmt::format_string<Args...>;
template <class... Args> std::string format(FormatString<Args...> text, Args &&...args) {
  return fmt::format(text, std::forward<Args>(args)...);
}
#else

// Deliberately not constexpr: a call is the compile-time error, and its name is the message.
inline void error_more_placeholders_than_arguments() {}
inline void error_more_arguments_than_placeholders() {}
inline void error_only_plain_placeholders_without_std_format() {}
inline void error_unmatched_brace() {}

/// A literal with as many `{}` as there are arguments, checked at compile time.
template <class... Args> class BasicFormatString {
public:
  template <class S>
    requires std::is_convertible_v<const S &, std::string_view>
  consteval BasicFormatString(const S &text) : text_(text) { // NOLINT(google-explicit-constructor)
    std::size_t count = 0;
    for (std::size_t i = 0; i < text_.size(); ++i) {
      const char c = text_[i];
      if (c != '{' && c != '}')
        continue;
      if (i + 1 == text_.size())
        error_unmatched_brace();
      const char next = text_[++i];
      if (next == c)
        continue;
      if (c == '}')
        error_unmatched_brace();
      if (next != '}')
        error_only_plain_placeholders_without_std_format();
      ++count;
    }
    if (count > sizeof...(Args))
      error_more_placeholders_than_arguments();
    if (count < sizeof...(Args))
      error_more_arguments_than_placeholders();
  }
  constexpr std::string_view get() const noexcept { return text_; }

private:
  std::string_view text_;
};
template <class... Args> using FormatString = BasicFormatString<std::type_identity_t<Args>...>;

// Appends up to the next placeholder and returns the rest.
inline std::string_view format_until_placeholder(std::string &out, std::string_view text) {
  std::size_t i = 0;
  for (; i < text.size(); ++i) {
    if (text[i] != '{' && text[i] != '}')
      out += text[i];
    else if (text[i] == '{' && text[i + 1] == '}')
      return text.substr(i + 2);
    else
      out += text[i++]; // a doubled brace
  }
  return {};
}

// Each argument has a stream of its own: one's flags, or its failure, are not the next one's.
template <class T> void append(std::string &out, const T &value) {
  std::ostringstream stream;
  stream << std::boolalpha << value;
  out += std::move(stream).str();
}

template <class... Args> std::string format(FormatString<Args...> text, Args &&...args) {
  std::string out;
  std::string_view rest = text.get();
  ((rest = format_until_placeholder(out, rest), append(out, args)), ...);
  format_until_placeholder(out, rest);
  return out;
}
#endif

template <class... Args> std::string format_line(FormatString<Args...> text, Args &&...args) {
  std::string line = detail::format<Args...>(text, std::forward<Args>(args)...);
  line += '\n';
  return line;
}

} // namespace detail
WARD_NAMESPACE_END
