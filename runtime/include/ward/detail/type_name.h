// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The name of a type at compile time, for messages, as it would be written in code.
#pragma once

#include <ward/detail/config.h>

#include <cstddef>
#include <string_view>

#define WARD_STRINGIZE_(x) #x
#define WARD_STRINGIZE(x) WARD_STRINGIZE_(x)

WARD_NAMESPACE_BEGIN
namespace detail {

/// A string that grows at compile time; excess text is truncated.
class Line {
public:
  constexpr std::string_view view() const noexcept { return {chars_, size_}; }
  constexpr std::size_t size() const noexcept { return size_; }
  constexpr Line &operator<<(char c) noexcept {
    if (size_ < capacity)
      chars_[size_++] = c;
    return *this;
  }
  constexpr Line &operator<<(std::string_view text) noexcept {
    for (const char c : text)
      *this << c;
    return *this;
  }

private:
  static constexpr std::size_t capacity = 1200;
  char chars_[capacity] = {};
  std::size_t size_ = 0;
};

template <class T> constexpr std::string_view raw_type_name() noexcept {
  std::string_view name = __PRETTY_FUNCTION__;
  name.remove_prefix(name.find("T = ") + 4);
#if defined(__clang__)
  name.remove_suffix(1); // ]
#else
  // GCC: "...[with T = NAME; std::string_view = std::basic_string_view<char>]"
  name = name.substr(0, name.rfind("; std::string_view = "));
#endif
  return name;
}

/// Without inline namespaces (`std::__cxx11::`, `std::__1::`, Ward's own), and with a uniform spelling of `int *` and
/// `>>`.
constexpr void append_readable(Line &out, std::string_view name) noexcept {
  constexpr std::string_view noise[] = {"__cxx11::", "__1::", WARD_STRINGIZE(WARD_ABI) "::"};
  // GCC prints the default lock.
  constexpr std::string_view default_locks[] = {", ward::" WARD_STRINGIZE(WARD_ABI) "::raw::BasicFutexMutex<",
                                                ", ward::" WARD_STRINGIZE(WARD_ABI) "::raw::BasicFutexRwLock<"};
  char last = 0;
  while (!name.empty()) {
    for (const std::string_view lock : default_locks)
      if (name.substr(0, lock.size()) == lock)
        name.remove_prefix(name.find('>') + 1);
    if (name.empty())
      return;
    bool skipped = false;
    for (const std::string_view word : noise)
      if (last == ':' && name.substr(0, word.size()) == word) {
        name.remove_prefix(word.size());
        skipped = true;
      }
    if (skipped)
      continue;
    const char c = name.front();
    name.remove_prefix(1);
    if ((c == '*' || c == '&') && last != ' ' && last != '*' && last != '&' && last != '(')
      out << ' ';
    if (c == ' ' && !name.empty() && name.front() == '>')
      continue;
    out << c;
    last = c;
  }
}

template <class T> consteval Line make_type_name() noexcept {
  Line line;
  append_readable(line, raw_type_name<T>());
  return line;
}
template <class T> inline constexpr Line type_name_line = make_type_name<T>();
/// As `ward::Rc<Config>`.
template <class T> inline constexpr std::string_view type_name = type_name_line<T>.view();

/// Whether T is an unnamed struct or class.
template <class T> consteval bool is_unnamed_class() noexcept {
  const std::string_view name = raw_type_name<T>();
#if defined(__clang__)
  const auto has = [name](std::string_view word) { return name.find(word) != std::string_view::npos; };
  return name.back() == ')' && (has("(unnamed struct at ") || has("(anonymous struct at ") ||
                                has("(unnamed class at ") || has("(anonymous class at "));
#else
  return name.ends_with("<unnamed struct>") || name.ends_with("<unnamed class>");
#endif
}

/// Whether T is the type of a lambda expression.
template <class T> consteval bool is_lambda() noexcept {
  std::string_view name = raw_type_name<T>();
#if defined(__clang__)
  constexpr std::string_view mark = "(lambda at ";
#else
  constexpr std::string_view mark = "<lambda(";
#endif
  // The last component of the name: after the last `::` that no bracket encloses.
  std::size_t begin = 0;
  int depth = 0;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (depth == 0 && name.substr(i, mark.size()) == mark)
      return name.back() == ')' || name.back() == '>';
    const char c = name[i];
    if (c == '<' || c == '(' || c == '{' || c == '[')
      ++depth;
    else if (c == '>' || c == ')' || c == '}' || c == ']')
      --depth;
    if (depth == 0 && c == ':')
      begin = i + 1;
  }
  return name.substr(begin, mark.size()) == mark;
}

} // namespace detail
WARD_NAMESPACE_END
