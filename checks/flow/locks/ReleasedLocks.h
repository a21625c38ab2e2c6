// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Where a function has given up a lock that its caller may hold.
#ifndef WARD_FLOW_LOCKS_RELEASEDLOCKS_H
#define WARD_FLOW_LOCKS_RELEASEDLOCKS_H

#include "model/UnitModel.h"
#include "llvm/ADT/DenseMap.h"

namespace ward {

class UnitFlow;

/// By call or construction.
using ReleasedLocks = llvm::DenseMap<const clang::Stmt *, llvm::SmallVector<AccessPath, 1>>;

/// For the calls and constructions of a function, the mutexes and guards, of those that the function did not take itself,
/// that may be unlocked there: between `lock.unlock()` and `lock.lock()`, for a lock that is a parameter or a member. Worked out
/// anew each time: UnitFlow::releasedIn() keeps it.
ReleasedLocks findReleasedLocks(const FunctionModel &Function, UnitFlow &Flow);

} // namespace ward

#endif // WARD_FLOW_LOCKS_RELEASEDLOCKS_H
