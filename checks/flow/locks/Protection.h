// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// What a guard protects, and whether a piece of code needs it.
#ifndef WARD_FLOW_LOCKS_PROTECTION_H
#define WARD_FLOW_LOCKS_PROTECTION_H

#include "flow/UnitFlow.h"
#include "llvm/ADT/DenseSet.h"

namespace ward {

/// Judges code against the locks that one guard holds.
///
/// Protected is: what the guard itself leads to, for one that owns or points to data; the other fields of the object
/// that the mutex belongs to; for a mutex that is a variable, what the unit accesses mostly under it.
class Protection {
public:
  /// \p Guard is the variable, null for a temporary, whose locks are then \p Locks.
  Protection(const GuardVariable *Guard, llvm::ArrayRef<LockRef> Locks, const FunctionModel &Function, UnitFlow &Flow)
      : Guard(Guard), Locks(Locks.begin(), Locks.end()), Function(Function), Flow(Flow) {}

  /// The first expression of \p S for which the lock is surely needed: it reads or writes something protected that can
  /// change. Null if there is none.
  const clang::Expr *need(const clang::Stmt *S) { return find(S, /*Strict=*/true); }

  /// The first expression of \p S that may have to do with the guard or anything it protects, a constant, an atomic or
  /// the whole object included. Null only where \p S surely has nothing to do with the lock.
  const clang::Expr *use(const clang::Stmt *S) { return find(S, /*Strict=*/false); }

  /// \p S, or a function of the unit that it calls, writes a field of this object or a global. What a mutex protects that is a
  /// variable itself nothing but habit says: such a write may be it.
  bool maySerialise(const clang::Stmt *S) const;

  /// From here on, variables that \p S declares or assigns from protected data and that may still point into it count
  /// as protected themselves.
  void followBorrowsOf(const clang::Stmt *S);
  /// The same for one variable and what it is made from.
  void followBorrow(const clang::ValueDecl *Variable, const clang::Expr *Source);

  /// How the text calls what \p Needed names: "'items'".
  std::string describe(const clang::Expr *Needed) const;

private:
  const clang::Expr *find(const clang::Stmt *S, bool Strict);
  /// Whether \p E by itself is what find looks for; sets \p Descend to false if its children say nothing more.
  bool matches(const clang::Expr *E, bool Strict, bool &Descend);
  bool matchesGuardCall(const clang::CXXMemberCallExpr *Call, bool Strict, bool &Descend);
  /// What the path of \p E passes on its way: the index of an element, the arguments of an accessor.
  bool findOnTheWay(const clang::Expr *E, bool Strict);
  bool matchesPath(const clang::Expr *E, const AccessPath &Path, bool Strict);
  bool matchesEvidence(const clang::Expr *E);
  bool calleeTouches(const clang::FunctionDecl *Callee, bool Strict, unsigned Depth);
  bool methodReads(const clang::CXXMethodDecl *Method, unsigned Depth);
  bool isGuard(const clang::Expr *E) const;
  /// The variables that \p Call is given to write its results to.
  void followResults(const clang::CallExpr *Call);

  const GuardVariable *Guard;
  llvm::SmallVector<LockRef, 1> Locks;
  const FunctionModel &Function;
  UnitFlow &Flow;
  llvm::DenseSet<const clang::ValueDecl *> Borrowed;
  llvm::DenseSet<const clang::FunctionDecl *> Visiting;
};

} // namespace ward

#endif // WARD_FLOW_LOCKS_PROTECTION_H
