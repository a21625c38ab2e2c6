// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The number of uncaught exceptions of this thread, at low cost, since each lock needs it twice.
#pragma once

#include <ward/detail/abi.h>
#include <ward/detail/config.h>

#include <exception>

WARD_NAMESPACE_BEGIN
namespace detail {

/// std::uncaught_exceptions(), without the calls: the C++ ABI keeps the count in a thread-local block, whose address is
/// looked up once per thread. Cost: two loads. With an unknown ABI library it calls the standard function.
WARD_INLINE unsigned uncaught_exceptions() noexcept {
#if WARD_HAS_EXCEPTIONS
  const unsigned *count = ward_tls.uncaught_exceptions;
  if (count == nullptr) [[unlikely]] {
    count = ward_find_uncaught_exceptions();
    if (count == nullptr)
      return static_cast<unsigned>(std::uncaught_exceptions());
  }
  return *count;
#else
  return 0;
#endif
}

/// Stores the number of uncaught exceptions when a lock is acquired, and tells later whether one has been thrown
/// *since*: there is none for a lock that a destructor acquires and releases during unwinding.
class UnwindWatch {
public:
  WARD_INLINE UnwindWatch() noexcept : before_(uncaught_exceptions()) {}
  WARD_INLINE bool unwinding() const noexcept { return uncaught_exceptions() > before_; }

private:
  unsigned before_;
};

} // namespace detail
WARD_NAMESPACE_END
