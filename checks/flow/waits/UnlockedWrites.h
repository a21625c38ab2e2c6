// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Writes to awaited state, and notifications of them, without the waiter's mutex.
#ifndef WARD_FLOW_WAITS_UNLOCKEDWRITES_H
#define WARD_FLOW_WAITS_UNLOCKEDWRITES_H

#include "flow/waits/Waiters.h"

namespace ward {

struct UnlockedWrite {
  const clang::Expr *Where;
  const clang::ValueDecl *State;
  /// The same place in the notifying function: \c Where, or the call of the helper that contains it.
  const clang::Expr *At;
};

/// The writes to the state of \p Waits in \p Function from which a path leads to the notification \p Wake without acquiring the waiter's
/// mutex. Writes under the mutex, and in functions that are only called under it, are correct. So is a write after which the mutex is
/// acquired: the waiter has then either seen the write, or already waits.
std::vector<UnlockedWrite> unlockedWrites(const FunctionModel &Function, const clang::CallExpr *Wake, const Waiter &Waits, UnitFlow &Flow);

} // namespace ward

#endif // WARD_FLOW_WAITS_UNLOCKEDWRITES_H
