// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Threads behind plain pointers that are deleted while they may be joinable.
#ifndef WARD_THREAD_DELETEDTHREADS_H
#define WARD_THREAD_DELETEDTHREADS_H

#include "flow/UnitFlow.h"

#include <string>
#include <vector>

namespace ward {

/// A `delete` of a thread's handle that some path reaches without a join, or the like, of that handle.
struct DeletedThread {
  const clang::CXXDeleteExpr *Delete;
  /// The start of a thread that is stored there.
  const Spawn *Started;
  std::string Name;
};

std::vector<DeletedThread> deletedThreads(UnitFlow &Flow);

} // namespace ward

#endif // WARD_THREAD_DELETEDTHREADS_H
