// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// What a guard protects, and whether a piece of code needs the guard.
///
/// Syntactic, over statements and, a few calls deep, the bodies of callees in the unit. need() is an
/// under-approximation (surely needed), use() an over-approximation (perhaps used).
#ifndef WARD_FLOW_LOCKS_PROTECTION_H
#define WARD_FLOW_LOCKS_PROTECTION_H

#include "flow/UnitFlow.h"
#include "llvm/ADT/DenseSet.h"

namespace ward {

/// Judges code against the locks that one guard holds.
///
/// Protected are: the data that the guard gives access to, if the lock owns some; the other fields of the object
/// that the mutex belongs to; for a mutex that is a variable, what the unit mostly accesses under it (LockEvidence).
class Protection {
public:
  /// \p Guard is the variable, null for a temporary, whose locks are then \p Locks.
  Protection(const GuardVariable *Guard, llvm::ArrayRef<LockRef> Locks, const FunctionModel &Function, UnitFlow &Flow)
      : Guard(Guard), Locks(Locks.begin(), Locks.end()), Function(Function), Flow(Flow) {}

  /// The first expression of \p S that surely needs the lock: it reads or writes protected data that can change. Null
  /// if there is none.
  const clang::Expr *need(const clang::Stmt *S) { return find(S, /*Strict=*/true); }

  /// The first expression of \p S that may use the guard or anything it protects, a constant, an atomic or the whole
  /// object included. Null only if \p S surely does not.
  const clang::Expr *use(const clang::Stmt *S) { return find(S, /*Strict=*/false); }

  /// The mutex is a variable, and \p S, or a function of the unit that it calls, writes a field of this object or a
  /// global: data that such a mutex may protect.
  bool maySerialise(const clang::Stmt *S) const;

  /// From now on, variables that \p S declares or assigns from protected data and that may point into it count as
  /// protected themselves.
  void followBorrowsOf(const clang::Stmt *S);
  /// The same for one variable that is initialised or assigned from \p Source.
  void followBorrow(const clang::ValueDecl *Variable, const clang::Expr *Source);

  /// What \p Needed accesses, as messages name it: "items".
  std::string describe(const clang::Expr *Needed) const;

private:
  const clang::Expr *find(const clang::Stmt *S, bool Strict);
  /// Whether \p E itself is what find() looks for; sets \p Descend to false if its children need not be searched.
  bool matches(const clang::Expr *E, bool Strict, bool &Descend);
  bool matchesGuardCall(const clang::CXXMemberCallExpr *Call, bool Strict, bool &Descend);
  /// The operands inside of the path of \p E: the index of an element, the arguments of an accessor.
  bool findInPath(const clang::Expr *E, bool Strict);
  bool matchesPath(const clang::Expr *E, const AccessPath &Path, bool Strict);
  bool matchesEvidence(const clang::Expr *E);
  bool calleeTouches(const clang::FunctionDecl *Callee, bool Strict, unsigned Depth);
  bool methodReads(const clang::CXXMethodDecl *Method, unsigned Depth);
  bool isGuard(const clang::Expr *E) const;
  /// followBorrow() for the out-parameters of \p Call.
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
