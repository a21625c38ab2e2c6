// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/annotations.h>
#include <ward/detail/deadline.h>

WARD_NAMESPACE_BEGIN

/// Blocks this thread for at least `duration`; signals do not shorten it; a negative duration is zero, and more than a
/// hundred years is infinite. The analyser warns if a lock is held. Mirrors `std::thread::sleep`.
template <class Rep, class Period> WARD_BLOCKING void sleep(std::chrono::duration<Rep, Period> duration) noexcept {
  const detail::Deadline deadline = detail::deadline_after(duration);
  const std::uint32_t never_changes = 0;
  do
    ward_futex_wait(&never_changes, 0, deadline.nanoseconds, detail::System::any_kind);
  while (deadline.nanoseconds < 0 || ward_steady_now() < deadline.nanoseconds);
}

/// Lets another thread run. Mirrors `std::thread::yield_now`.
inline void yield_now() noexcept { ward_yield(); }

WARD_NAMESPACE_END
