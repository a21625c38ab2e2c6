// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Calls of functions with hidden state that two threads may make at the same time with no common lock.
#ifndef WARD_THREAD_UNSAFECALLS_H
#define WARD_THREAD_UNSAFECALLS_H

#include "flow/UnitFlow.h"
#include "llvm/ADT/StringSet.h"

#include <vector>

namespace ward {

/// A call to report.
struct UnsafeCall {
  const clang::CallExpr *Call;
  const FunctionModel *In;
  const HiddenStateEntry *State;
  /// The other call, which may be the same one.
  const clang::CallExpr *Other;
  /// A thread that makes one of them.
  const Spawn *Started;
};

/// In the order of the source. Of two calls that conflict, one is reported: that which writes, or else the first; and of several calls with
/// one state in a function, the first.
/// Functions named \p Ignored do not count.
std::vector<UnsafeCall> findUnsafeCalls(UnitFlow &Flow, const llvm::StringSet<> &Ignored);

} // namespace ward

#endif // WARD_THREAD_UNSAFECALLS_H
