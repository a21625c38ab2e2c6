// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Variables with static storage that threads access without a lock while other code may write them.
#ifndef WARD_CAPTURE_SHAREDGLOBALS_H
#define WARD_CAPTURE_SHAREDGLOBALS_H

#include "flow/UnitFlow.h"

#include <vector>

namespace ward {

/// A thread's first unlocked access to such a variable in one function.
struct GlobalUse {
  const clang::VarDecl *Variable;
  const clang::Expr *Access;
  bool Writes;
  /// The thread that reaches the access, and a write to the variable: Access itself, or another.
  const Spawn *Started;
  const clang::Expr *Written;
  /// The variable is a pointer that shares ownership, and the pointer itself is written.
  bool OfPointer;
};

std::vector<GlobalUse> unlockedGlobals(UnitFlow &Flow);

} // namespace ward

#endif // WARD_CAPTURE_SHAREDGLOBALS_H
