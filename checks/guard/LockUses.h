// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// What each mutex of a unit protects: everything that its critical sections do.
#ifndef WARD_GUARD_LOCKUSES_H
#define WARD_GUARD_LOCKUSES_H

#include "flow/UnitFlow.h"
#include "llvm/ADT/MapVector.h"

namespace ward {

/// How the unit uses one mutex, a field or a variable.
struct LockUse {
  /// The shared variables and fields that its critical sections access, with the first access of each.
  llvm::MapVector<const clang::ValueDecl *, const clang::Expr *> Accessed;
  /// The number of its critical sections, and of the writes in them.
  unsigned Sections = 0, Writes = 0;
  /// A critical section does something else, whose accesses are unknown: a call, a wait, another lock, an access through a
  /// pointer; or the mutex itself is passed on.
  bool Other = false;
};

/// The uses of the mutexes that are fields or variables, by their declarations. A field counts for all objects of its class.
llvm::MapVector<const clang::ValueDecl *, LockUse> lockUses(UnitFlow &Unit);

} // namespace ward

#endif // WARD_GUARD_LOCKUSES_H
