// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Whether the code around a wait looks again at what it waits for.
#ifndef WARD_WAIT_RECHECKS_H
#define WARD_WAIT_RECHECKS_H

#include "flow/UnitFlow.h"
#include "model/Waits.h"
#include "llvm/ADT/SmallPtrSet.h"

namespace ward {

/// What stands around one wait (or around a call that does nothing but wait).
enum class WaitPlace {
  Alone,     ///< in no loop
  BlindLoop, ///< in a loop that never looks at what other threads could have changed
  Rechecked, ///< the state is looked at again
};

/// Judges the waits of one function.
class Rechecks {
public:
  Rechecks(const FunctionModel &Function, UnitFlow &Flow);

  /// What stands around \p Wait. If it is \p Timed, one look at the state behind it is enough: a wake-up too early is then
  /// a time-out too early.
  WaitPlace placeOf(const clang::CallExpr *Wait, bool Timed);

  /// The value of \p E, which stands near \p Wait, depends on what other threads can change.
  bool readsState(const clang::Expr *E, const clang::CallExpr *Wait);

  /// The conditions that are evaluated again and again around \p Wait.
  llvm::SmallVector<const clang::Expr *, 8> conditionsAround(const clang::CallExpr *Wait);
  /// The condition of the innermost loop around \p Wait; null if it has none.
  const clang::Expr *loopCondition(const clang::CallExpr *Wait) const;

  /// The function does nothing but wait: the lock is its caller's, and so is the state that is waited for.
  bool onlyWaits(const clang::CallExpr *Wait);

private:
  /// What is run again and again around a wait, and what decides how it goes on.
  struct Region {
    llvm::SmallVector<const clang::Expr *, 8> Conditions;
    llvm::SmallVector<const clang::Stmt *, 32> Statements;
  };
  const clang::Stmt *loopAround(const clang::CallExpr *Wait) const;
  bool regionOf(const clang::CallExpr *Wait, Region &Loop, Region &After);
  void syntacticRegion(const clang::CallExpr *Wait, Region &Loop, Region &After);
  bool isState(const clang::VarDecl *Variable);
  bool isHandedOut(const clang::VarDecl *Variable) const;
  bool usesUnchecked(const clang::CallExpr *Wait);
  bool looksOnlyOutside(const clang::CallExpr *Wait, const Region &Loop);

  const FunctionModel &Function;
  UnitFlow &Flow;
  UnitModel &Unit;
  /// While one wait is judged: the wait, the statements that may change locals, and the locals that are being asked for.
  const clang::CallExpr *Current = nullptr;
  llvm::ArrayRef<const clang::Stmt *> Changing;
  llvm::SmallPtrSet<const clang::VarDecl *, 4> Asking;
};

/// A function of the unit that only waits, called by those who are to check.
bool isUserCode(const clang::FunctionDecl *Function);

} // namespace ward

#endif // WARD_WAIT_RECHECKS_H
