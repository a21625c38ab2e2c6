// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Where a function has given up a lock that its caller may hold.
#ifndef WARD_FLOW_GIVENUPLOCKS_H
#define WARD_FLOW_GIVENUPLOCKS_H

#include "flow/UnitFlow.h"

namespace ward {

/// For the calls and constructions of a function, the mutexes and guards, of those that the function did not take itself,
/// that may be unlocked there: between `lock.unlock()` and `lock.lock()`, for a lock that is a parameter or a member.
llvm::DenseMap<const clang::Stmt *, llvm::SmallVector<AccessPath, 1>> givenUpLocks(const FunctionModel &Function, UnitFlow &Flow);

} // namespace ward

#endif // WARD_FLOW_GIVENUPLOCKS_H
