// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How many exceptions are in flight on this thread, cheaply: a lock asks twice.
#pragma once

#include <ward/detail/abi.h>
#include <ward/detail/config.h>

#include <exception>

WARD_NAMESPACE_BEGIN
namespace detail {

/// std::uncaught_exceptions(), without its calls: the C++ ABI keeps the count in a thread-local block whose address is
/// looked up once per thread. Cost: two loads. Where the ABI library is unknown it is the standard function.
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

/// Remembers how many exceptions were in flight when a lock was taken, and says later whether one has been thrown
/// *since*: a lock taken and released by a destructor that runs during unwinding has seen none.
class UnwindWatch {
public:
  WARD_INLINE UnwindWatch() noexcept : before_(uncaught_exceptions()) {}
  WARD_INLINE bool unwinding() const noexcept { return uncaught_exceptions() > before_; }

private:
  unsigned before_;
};

} // namespace detail
WARD_NAMESPACE_END
