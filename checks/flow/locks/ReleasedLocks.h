// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// At which calls a function has released a lock that its caller may hold.
///
/// A forward may-analysis over the function's CFG; the state is the set of released paths, the join their union. Calls
/// have no effect but that of the lock operations that they are.
#ifndef WARD_FLOW_LOCKS_RELEASEDLOCKS_H
#define WARD_FLOW_LOCKS_RELEASEDLOCKS_H

#include "model/UnitModel.h"
#include "llvm/ADT/DenseMap.h"

namespace ward {

class UnitFlow;

/// By call or construction: the paths of the released mutexes and guards.
using ReleasedLocks = llvm::DenseMap<const clang::Stmt *, llvm::SmallVector<AccessPath, 1>>;

/// By call and construction of \p Function, the mutexes and guards that may be unlocked there and that the function did
/// not acquire itself: between `lock.unlock()` and `lock.lock()`, for a lock that is a parameter or a member. Computed
/// anew each time: UnitFlow::releasedIn() caches it.
ReleasedLocks findReleasedLocks(const FunctionModel &Function, UnitFlow &Flow);

} // namespace ward

#endif // WARD_FLOW_LOCKS_RELEASEDLOCKS_H
