// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The locks that a unit only ever tries to acquire. The thread that gets such a lock does some work once; no thread waits for
/// it, and it guards no data.
#ifndef WARD_FLOW_LOCKS_ONLYTRIEDLOCKS_H
#define WARD_FLOW_LOCKS_ONLYTRIEDLOCKS_H

#include "model/Acquisition.h"
#include "llvm/ADT/DenseSet.h"

namespace ward {

class UnitFlow;

/// Only locks that no other unit can name: with internal linkage, or private members.
class OnlyTriedLocks {
public:
  explicit OnlyTriedLocks(UnitFlow &Flow);

  bool contains(const LockRef &Lock) const { return Tried.contains(declarationOf(Lock)); }

private:
  /// The variable or field that is the mutex; null if unknown.
  static const clang::ValueDecl *declarationOf(const LockRef &Lock);

  llvm::DenseSet<const clang::ValueDecl *> Tried;
};

} // namespace ward

#endif // WARD_FLOW_LOCKS_ONLYTRIEDLOCKS_H
