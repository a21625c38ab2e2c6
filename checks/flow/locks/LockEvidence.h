// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// What a mutex that is a plain variable protects. Nothing says so by its place, so the unit's own accesses do.
#ifndef WARD_FLOW_LOCKS_LOCKEVIDENCE_H
#define WARD_FLOW_LOCKS_LOCKEVIDENCE_H

#include "model/UnitModel.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

namespace ward {

class UnitFlow;

/// For each variable and field of the unit, how often it is accessed and how often of these under which variable mutex.
class LockEvidence {
public:
  explicit LockEvidence(UnitFlow &Flow);

  /// More of the accesses to \p Accessed (a variable or field) hold \p Mutex than don't.
  bool protects(const clang::VarDecl *Mutex, const clang::ValueDecl *Accessed) const;

  /// The variable or field that \p E accesses if it is one that a lock could protect: another thread can get at it, and
  /// it is neither constant nor synchronised by itself. Null otherwise.
  const clang::ValueDecl *accessed(const clang::Expr *E) const;

private:
  /// A local is a thread's own unless a lambda captures it or it stands for an object of the caller's.
  bool isShared(const clang::VarDecl *Variable) const;

  LockTypes &Types;
  llvm::DenseSet<const clang::VarDecl *> Captured;
  using Counts = llvm::DenseMap<const clang::ValueDecl *, unsigned>;

  Counts All;
  llvm::DenseMap<const clang::VarDecl *, Counts> Held;
};

} // namespace ward

#endif // WARD_FLOW_LOCKS_LOCKEVIDENCE_H
