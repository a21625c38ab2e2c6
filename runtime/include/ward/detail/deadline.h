// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/detail/system.h>

#include <chrono>

WARD_NAMESPACE_BEGIN
namespace detail {

/// The time `duration` from now. Cannot overflow: more than a hundred years means never, a negative duration means now.
template <class Rep, class Period> Deadline deadline_after(std::chrono::duration<Rep, Period> duration) noexcept {
  using Seconds = std::chrono::duration<double>;
  const double seconds = std::chrono::duration_cast<Seconds>(duration).count();
  const std::int64_t now = ward_steady_now();
  if (!(seconds > 0))
    return {now};
  if (seconds > 100.0 * 365 * 24 * 3600)
    return {};
  return {now + std::chrono::ceil<std::chrono::nanoseconds>(duration).count()};
}

} // namespace detail
WARD_NAMESPACE_END
