// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/annotations.h>
#include <ward/raw/futex_mutex.h>

WARD_NAMESPACE_BEGIN
namespace detail {

/// Holds a lock of the runtime's own for as long as it lives.
class Hold {
public:
  explicit Hold(raw::FutexMutex &lock) noexcept WARD_TS_NO_ANALYSIS : lock_(lock) { lock_.lock(); }
  ~Hold() WARD_TS_NO_ANALYSIS { lock_.unlock(); }
  Hold(const Hold &) = delete;
  Hold &operator=(const Hold &) = delete;

private:
  raw::FutexMutex &lock_;
};

} // namespace detail
WARD_NAMESPACE_END
