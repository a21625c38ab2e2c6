// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Handles of threads that are plain values, as pthread_t is: a function starts the thread, and others join or detach it.
#ifndef WARD_THREAD_PLAINHANDLES_H
#define WARD_THREAD_PLAINHANDLES_H

#include "flow/UnitFlow.h"

namespace ward {

/// A thread that is joined or detached once too often, or never.
struct PlainHandleMistake {
  enum Kind {
    JoinedAfterJoin,
    JoinedAfterDetach,
    NeverJoined, ///< neither joined nor detached on some path
  };
  Kind What;
  AccessPath Handle;
  /// The join or detach; the start if it is never joined.
  const clang::Expr *Where;
  /// The join or detach before it; null if it is never joined.
  const clang::Expr *Before = nullptr;
};

/// The mistakes in \p Function with the handles of its local variables. What becomes of a handle that other code gets is not known.
std::vector<PlainHandleMistake> plainHandleMistakes(const FunctionModel &Function, UnitFlow &Flow);

} // namespace ward

#endif // WARD_THREAD_PLAINHANDLES_H
