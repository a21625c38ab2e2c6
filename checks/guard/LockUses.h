// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// What each mutex of a unit is used for: everything that is done under it.
#ifndef WARD_GUARD_LOCKUSES_H
#define WARD_GUARD_LOCKUSES_H

#include "flow/UnitFlow.h"
#include "llvm/ADT/MapVector.h"

namespace ward {

/// What the unit shows of one mutex, a field or a variable.
struct LockUse {
  /// The shared variables and fields that are accessed under it, with the first access of each.
  llvm::MapVector<const clang::ValueDecl *, const clang::Expr *> Accessed;
  /// So many places lock it, so many of the accesses write.
  unsigned Sections = 0, Writes = 0;
  /// Something is done under it, or with it, of which it can't be told what it touches: a call, a wait, another lock, the
  /// mutex itself is handed on, what it guards is reached through a pointer.
  bool Other = false;
};

/// The uses of the mutexes that are fields or variables, by their declarations. A field counts for all objects of its class.
llvm::MapVector<const clang::ValueDecl *, LockUse> lockUses(UnitFlow &Unit);

} // namespace ward

#endif // WARD_GUARD_LOCKUSES_H
