// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The checks of a function, what it writes, and under which locks: what double-checked locking is made of.
#ifndef WARD_LOCK_CHECKEDACCESSES_H
#define WARD_LOCK_CHECKEDACCESSES_H

#include "flow/UnitFlow.h"
#include "model/StmtParents.h"

#include <vector>

namespace ward {

/// A read on which a condition depends, or a write.
struct CheckedAccess {
  AccessPath Path;
  const clang::Expr *Where;
};

/// A branch and one read on which its condition depends.
struct BranchCheck {
  const clang::IfStmt *Branch;
  CheckedAccess Read;
};

/// The checks and writes of one function.
class CheckedAccesses {
public:
  CheckedAccesses(const FunctionModel &Function, UnitFlow &Unit);

  const FunctionModel &function() const { return Function; }
  const StmtParents &around() const { return Around; }
  const std::vector<BranchCheck> &checks() const { return Checks; }
  /// In the order of the source.
  const std::vector<CheckedAccess> &writes() const { return Writes; }
  const AtomicOperation *operation(const clang::Expr *Where) const { return Operations.lookup(Where); }

  /// A lock is held at \p E, in exclusive mode if \p Exclusive. In a template's pattern, whose flow is unknown, a guard
  /// in scope counts.
  bool isLocked(const clang::Expr *E, bool Exclusive) const;
  /// The same of a lock that may guard \p Place: of the same object, or of a global.
  bool isGuarded(const AccessPath &Place, const clang::Expr *E) const;

private:
  void collectChecks(const clang::IfStmt &If);
  void collectReads(const clang::Stmt *S, llvm::SmallVectorImpl<CheckedAccess> &Into, unsigned Depth);
  void collectPredicate(const clang::CallExpr *Call, llvm::SmallVectorImpl<CheckedAccess> &Into, unsigned Depth);
  bool isShared(const clang::Expr *E, const AccessPath &Path) const;
  void addPointerWrite(const clang::CallExpr *Call);

  const FunctionModel &Function;
  UnitFlow &Unit;
  CatalogIndex &Names;
  StmtParents Around;
  llvm::DenseMap<const clang::Stmt *, const AtomicOperation *> Operations;
  std::vector<BranchCheck> Checks;
  std::vector<CheckedAccess> Writes;
};

/// \p Inner is \p Outer, or an element of it.
bool isElementOrSame(const AccessPath &Inner, const AccessPath &Outer);

/// \p S lies in the condition of a branch or loop, or on the left of `&&`, `||` or `?`.
bool isInCondition(const clang::Stmt *S, const StmtParents &In);

/// The member call or operator of which \p Where is the object; null if there is none.
const clang::CallExpr *callOn(const clang::Expr *Where, const StmtParents &In);

/// What happens to the container \p Where relies on no earlier check: an insertion, a removal by key, a lookup.
bool checksItself(const clang::Expr *Where, const StmtParents &In, CatalogIndex &Names);

/// The type of the object at the end of \p Path; null if unknown.
clang::QualType typeOf(const AccessPath &Path);

} // namespace ward

#endif // WARD_LOCK_CHECKEDACCESSES_H
