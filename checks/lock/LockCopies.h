// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Assignments that copy a lock.
#ifndef WARD_LOCK_LOCKCOPIES_H
#define WARD_LOCK_LOCKCOPIES_H

#include "model/UnitModel.h"

namespace ward {

struct LockCopy {
  clang::SourceLocation Where;
  /// The member that is copied with its object; null if the lock itself is assigned.
  const clang::FieldDecl *Lock;
  bool OfLockItself;
  /// An assignment of C, which calls no function.
  bool IsC;
};

/// The assignments in \p Function of one lock of C to another, or of an object that has one by value. Not those from a
/// temporary, and to a local object whose lock the function does not use.
llvm::SmallVector<LockCopy, 1> copiesOfLocks(const FunctionModel &Function, UnitModel &Unit);

} // namespace ward

#endif // WARD_LOCK_LOCKCOPIES_H
