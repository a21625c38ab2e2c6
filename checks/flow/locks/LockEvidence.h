// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which data a mutex protects that is a variable rather than a member: what the unit mostly accesses under it.
///
/// Counts over all functions of the unit, from the may-locksets of LockSets; callers' locks are left out.
#ifndef WARD_FLOW_LOCKS_LOCKEVIDENCE_H
#define WARD_FLOW_LOCKS_LOCKEVIDENCE_H

#include "model/UnitModel.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

namespace ward {

class UnitFlow;

/// By variable and field of the unit: the number of its accesses, and the number of those under each such mutex.
class LockEvidence {
public:
  explicit LockEvidence(UnitFlow &Flow);

  /// More than half of the accesses to \p Accessed (a variable or field) hold \p Mutex.
  bool protects(const clang::VarDecl *Mutex, const clang::ValueDecl *Accessed) const;

  /// The variable or field that \p E accesses if it is one that a lock could protect: other threads can reach it, and
  /// it is neither constant nor synchronised by itself. Null otherwise.
  const clang::ValueDecl *accessed(const clang::Expr *E) const;

private:
  /// Other threads can reach \p Variable: it is not local, a lambda captures it, or it is a reference to an object of
  /// the caller's.
  bool isShared(const clang::VarDecl *Variable) const;

  LockTypes &Types;
  llvm::DenseSet<const clang::VarDecl *> Captured;
  using Counts = llvm::DenseMap<const clang::ValueDecl *, unsigned>;

  Counts All;
  llvm::DenseMap<const clang::VarDecl *, Counts> Held;
};

} // namespace ward

#endif // WARD_FLOW_LOCKS_LOCKEVIDENCE_H
