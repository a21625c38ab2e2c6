// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/detail/system.h>

#include <chrono>
#include <cstdint>
#include <ratio>
#include <type_traits>

WARD_NAMESPACE_BEGIN
namespace detail {

/// Of a positive duration of at most a hundred years, rounded up.
template <class Rep, class Period> std::int64_t whole_nanoseconds(std::chrono::duration<Rep, Period> duration) noexcept {
  using PerNano = std::ratio_divide<Period, std::nano>;
  if constexpr (PerNano::den == 1 && std::is_integral_v<Rep>) {
    return static_cast<std::int64_t>(duration.count()) * PerNano::num; // fits: it is at most a hundred years
  } else {
    // Whole ticks of a nanosecond may overflow (an NTP tick is 1/2^32 s), and a double is exact to half a microsecond.
    const long double exact = static_cast<long double>(
        std::chrono::duration_cast<std::chrono::duration<long double, std::nano>>(duration).count());
    const auto whole = static_cast<std::int64_t>(exact);
    return static_cast<long double>(whole) < exact ? whole + 1 : whole;
  }
}

/// The time `duration` from now. Cannot overflow: more than a hundred years means never, a negative duration means now.
template <class Rep, class Period> Deadline deadline_after(std::chrono::duration<Rep, Period> duration) noexcept {
  using Seconds = std::chrono::duration<double>;
  const double seconds = std::chrono::duration_cast<Seconds>(duration).count();
  const std::int64_t now = ward_steady_now();
  if (!(seconds > 0))
    return {now};
  if (seconds > 100.0 * 365 * 24 * 3600)
    return {};
  return {now + whole_nanoseconds(duration)};
}

} // namespace detail
WARD_NAMESPACE_END
