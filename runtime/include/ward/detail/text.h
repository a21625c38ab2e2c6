// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/detail/config.h>

#include <cstddef>

WARD_NAMESPACE_BEGIN
namespace detail {

/// A string as a template argument, which compilers print.
template <std::size_t N> struct Text {
  char chars[N + 1] = {};

  constexpr Text() noexcept = default;
  // NOLINTNEXTLINE(google-explicit-constructor): written as never<"reason">.
  constexpr Text(const char (&literal)[N + 1]) noexcept {
    for (std::size_t i = 0; i < N; ++i)
      chars[i] = literal[i];
  }
  constexpr std::size_t size() const noexcept { return N; }
  constexpr const char *data() const noexcept { return chars; }
};
template <std::size_t N> Text(const char (&)[N]) -> Text<N - 1>;

template <std::size_t N, std::size_t M> constexpr Text<N + M> operator+(const Text<N> &a, const Text<M> &b) noexcept {
  Text<N + M> sum;
  for (std::size_t i = 0; i < N; ++i)
    sum.chars[i] = a.chars[i];
  for (std::size_t i = 0; i < M; ++i)
    sum.chars[N + i] = b.chars[i];
  return sum;
}

} // namespace detail
WARD_NAMESPACE_END
