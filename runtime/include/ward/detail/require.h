// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A requirement whose failure the compiler prints as a sentence, in three ways for different compilers:
//   - Clang 22 accepts a computed text as the message of a static_assert;
//   - GCC prints a string that is a template argument in full, in the note below the error;
//   - older Clang truncates such a string after 32 characters: it gets the sentence in pieces, and the type beside it.
#pragma once

#include <ward/detail/explain.h>

WARD_NAMESPACE_BEGIN
namespace detail {

template <Text Where, class Question, class T> consteval Line make_message() noexcept {
  Line line;
  line << std::string_view(Where.data(), Where.size()) << ": " << make_sentence<Question, T>().view();
  return line;
}
template <Text Where, class Question, class T> inline constexpr Line message_line = make_message<Where, Question, T>();

template <Text Where, class Question, class T> consteval auto make_message_text() noexcept {
  constexpr std::size_t size = message_line<Where, Question, T>.size();
  Text<size> text;
  for (std::size_t i = 0; i < size; ++i)
    text.chars[i] = message_line<Where, Question, T>.view()[i];
  return text;
}
template <Text Where, class Question, class T>
inline constexpr auto message = make_message_text<Where, Question, T>();

#if defined(__cpp_static_assert) && __cpp_static_assert >= 202306L
#define WARD_COMPUTED_MESSAGE 1
#else
#define WARD_COMPUTED_MESSAGE 0
#endif

#if WARD_COMPUTED_MESSAGE
#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wc++26-extensions"
#endif
template <Text Where, class Question, class T> consteval void refuse() noexcept {
  static_assert(answer<Question, T> == Answer::yes, message<Where, Question, T>);
}
#if defined(__clang__)
#pragma clang diagnostic pop
#endif
#elif defined(__clang__)
template <Text...> struct Pieces {};
template <Text Whole, std::size_t From> consteval auto piece() noexcept {
  constexpr std::size_t left = Whole.size() - From;
  constexpr std::size_t size = left < 30 ? left : 30;
  Text<size> text;
  for (std::size_t i = 0; i < size; ++i)
    text.chars[i] = Whole.chars[From + i];
  return text;
}
template <Text Whole, std::size_t... I> consteval auto cut(std::index_sequence<I...>) noexcept {
  return Pieces<piece<Whole, I * 30>()...>{};
}
// The path alone, the type at its end, and the whole sentence: a name of ordinary length is complete in one of them.
template <class Question, class T> consteval Line make_path_and_type(bool whole) noexcept {
  Line line;
  if (whole)
    line << type_name<T> << reason_for<Question, T>.path.view();
  else
    line << reason_for<Question, T>.type.view();
  return line;
}
template <class Question, class T, bool Path> consteval auto make_short_text() noexcept {
  constexpr std::size_t size = make_path_and_type<Question, T>(Path).size();
  const Line line = make_path_and_type<Question, T>(Path);
  Text<size> text;
  for (std::size_t i = 0; i < size; ++i)
    text.chars[i] = line.view()[i];
  return text;
}
template <Text Whole> consteval auto cut() noexcept {
  return cut<Whole>(std::make_index_sequence<(Whole.size() + 29) / 30>{});
}
template <class T, Text... Sentence> inline constexpr bool is_accepted = false;
template <class Question, Answer Result, class T, Text... Path, Text... Type, Text... Sentence>
consteval void refuse_in_pieces(Pieces<Path...>, Pieces<Type...>, Pieces<Sentence...>) noexcept {
  if constexpr (Result == Answer::unknown && is_lambda<T>())
    static_assert(is_accepted<T, Path..., Type..., Sentence...>,
                  "that is: the lambda captures, so it is Unknown to Ward; pass it to spawn_checked()");
  else if constexpr (Result == Answer::unknown)
    static_assert(is_accepted<T, Path..., Type..., Sentence...>, "that is: the type is Unknown to Ward");
  else if constexpr (std::is_same_v<Question, is_send>)
    static_assert(is_accepted<T, Path..., Type..., Sentence...>, "that is: the type is not Send");
  else if constexpr (std::is_same_v<Question, is_sync>)
    static_assert(is_accepted<T, Path..., Type..., Sentence...>, "that is: the type is not Sync");
  else
    static_assert(is_accepted<T, Path..., Type..., Sentence...>, "that is: the type is not Owned, it borrows");
}
template <Text Where, class Question, class T> consteval void refuse() noexcept {
  constexpr auto text = message<Where, Question, T>;
  constexpr auto path = make_short_text<Question, std::remove_cv_t<T>, true>();
  constexpr auto type = make_short_text<Question, std::remove_cv_t<T>, false>();
  refuse_in_pieces<Question, answer<Question, T>, T>(cut<path>(), cut<type>(), cut<text>());
}
#else
template <Text Message> inline constexpr bool is_accepted = false;
template <Text Where, class Question, class T> consteval void refuse() noexcept {
  static_assert(is_accepted<message<Where, Question, T>>, "Ward rejects this type; the note below gives the reason");
}
#endif

/// Fails to compile, with the sentence, unless T is known to meet the requirement. Where begins the message.
template <Text Where, class Question, class T> consteval bool require() noexcept {
  if constexpr (answer<Question, T> != Answer::yes)
    refuse<Where, Question, T>();
  return true;
}

} // namespace detail
WARD_NAMESPACE_END
