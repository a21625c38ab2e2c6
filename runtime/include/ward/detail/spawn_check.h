// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The requirements for the arguments of a new thread, with messages.
#pragma once

#include <ward/send.h>

#include <type_traits>
#include <utility>

WARD_NAMESPACE_BEGIN
namespace detail {

template <std::size_t I> consteval auto argument_text() noexcept {
  Text<10> text("argument 0");
  text.chars[9] = static_cast<char>('1' + (I < 8 ? I : 8));
  return text;
}

template <Text Where, class T> consteval bool require_send_and_owned() noexcept {
  if constexpr (answer<is_send, T> != Answer::yes)
    return require<Where, is_send, T>();
  else
    return require<Where, is_owned, T>();
}

// For a thread that may outlive everything: Send and Owned.
template <class F, class R, class... Args> struct SpawnCheck {
  template <std::size_t... I> static consteval bool arguments(std::index_sequence<I...>) noexcept {
    return (require_send_and_owned<Text{"ward::spawn, "} + argument_text<I>(), Args>() && ... && true);
  }
  static consteval bool all() noexcept {
    require_send_and_owned<"ward::spawn, the function", F>();
    arguments(std::index_sequence_for<Args...>{});
    return require_send_and_owned<"ward::spawn, the result", R>();
  }
};

// For a function whose captures the analyser checks: all the same, but for the function itself.
template <class F, class R, class... Args> struct CheckedSpawnCheck {
  template <std::size_t... I> static consteval bool arguments(std::index_sequence<I...>) noexcept {
    return (require_send_and_owned<Text{"ward::spawn_checked, "} + argument_text<I>(), Args>() && ... && true);
  }
  static consteval bool all() noexcept {
    if constexpr (answer<is_send, F> == Answer::no)
      require<"ward::spawn_checked, the function", is_send, F>();
    arguments(std::index_sequence_for<Args...>{});
    return require_send_and_owned<"ward::spawn_checked, the result", R>();
  }
};

// For a thread that is joined before the data it borrows is destroyed: Send. The analyser checks a lambda's captures.
template <class F, class R, class... Args> struct ScopedSpawnCheck {
  template <std::size_t... I> static consteval bool arguments(std::index_sequence<I...>) noexcept {
    return (require<Text{"ward::Scope::spawn, "} + argument_text<I>(), is_send, Args>() && ... && true);
  }
  static consteval bool all() noexcept {
    if constexpr (answer<is_send, F> == Answer::no)
      require<"ward::Scope::spawn, the function", is_send, F>();
    arguments(std::index_sequence_for<Args...>{});
    return require<"ward::Scope::spawn, the result", is_send, R>();
  }
};

} // namespace detail
WARD_NAMESPACE_END
