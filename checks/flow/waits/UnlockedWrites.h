// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Changes to what is waited for that are made, and made known, without the waiters' mutex.
#ifndef WARD_FLOW_WAITS_UNLOCKEDWRITES_H
#define WARD_FLOW_WAITS_UNLOCKEDWRITES_H

#include "flow/waits/Waiters.h"

namespace ward {

struct UnlockedWrite {
  const clang::Expr *Where;
  const clang::ValueDecl *State;
  /// Where the function itself does it: Where, or the call of the helper in which that stands.
  const clang::Expr *At;
};

/// The changes to the state of \p Waits in \p Function from which a path leads to \p Wake on which the
/// waiters' mutex is never taken. What is written under it, or by a function that is only called under it, is fine; so is a
/// change that is followed by taking the mutex: then the waiter either saw it, or waits already.
std::vector<UnlockedWrite> unlockedWrites(const FunctionModel &Function, const clang::CallExpr *Wake, const Waiter &Waits, UnitFlow &Flow);

} // namespace ward

#endif // WARD_FLOW_WAITS_UNLOCKEDWRITES_H
