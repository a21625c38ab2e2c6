// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <ward/detail/abi.h>
#include <ward/detail/config.h>

#include <utility>

WARD_NAMESPACE_BEGIN
namespace detail {

/// Throws the error; in a build without exceptions, prints it with the thread's name and terminates.
template <class Error, class... Args> [[noreturn]] WARD_COLD void raise(Args &&...args) {
#if WARD_HAS_EXCEPTIONS
  throw Error(std::forward<Args>(args)...);
#else
  const Error error(std::forward<Args>(args)...);
  ward_panic_and_terminate(error.what());
#endif
}

} // namespace detail
WARD_NAMESPACE_END
