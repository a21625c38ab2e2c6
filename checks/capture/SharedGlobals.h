// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Variables with static storage that threads access without a lock while other code may write them.
#ifndef WARD_CAPTURE_SHAREDGLOBALS_H
#define WARD_CAPTURE_SHAREDGLOBALS_H

#include "flow/UnitFlow.h"

#include <string>
#include <vector>

namespace ward {

/// A thread's first unlocked access to such a variable in one function, or the access outside of threads that meets a locked one.
struct GlobalUse {
  const clang::VarDecl *Variable;
  const clang::Expr *Access;
  bool Writes;
  /// The thread that reaches the access, and a write to the variable: Access itself, or another.
  const Spawn *Started;
  const clang::Expr *Written;
  /// The variable is a pointer that shares ownership, and the pointer itself is written.
  bool OfPointer;
  /// Both accesses hold locks, but none in common: this one these, and the other one those; empty if one holds none.
  std::string Held = {}, OtherHeld = {};
  /// The access is not by that thread, but by code that runs at the same time; Written is the thread's access, under a lock.
  bool IsOutside = false;
};

/// Also the accesses under a lock that another thread's access to the same variable does not hold, if there is no access by a
/// thread without any lock.
std::vector<GlobalUse> unlockedGlobals(UnitFlow &Flow);

} // namespace ward

#endif // WARD_CAPTURE_SHAREDGLOBALS_H
