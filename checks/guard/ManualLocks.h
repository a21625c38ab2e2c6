// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Locks that a function takes and gives back by calls, and what can come in between.
#ifndef WARD_GUARD_MANUALLOCKS_H
#define WARD_GUARD_MANUALLOCKS_H

#include "flow/UnitFlow.h"

#include <optional>

namespace ward {

/// The lock that the call \p Call takes or gives back by hand, a single one; none for calls on guards and others.
struct ManualCall {
  AccessPath Mutex;
  FunctionEffect Effect;
};
std::optional<ManualCall> manualCall(const clang::CallExpr *Call, UnitModel &Unit);

/// \p Function is part of a lock's or guard's own workings, or its annotations say what it does to locks.
bool isHalfOnPurpose(const FunctionModel &Function, UnitFlow &Unit);

/// A lock that \p Function leaves locked on every path is meant to stay so: its name begins as `lockAll` does, or it is a
/// constructor.
bool isMeantToStay(const FunctionModel &Function);

/// Somebody else gives \p Mutex back, or may: a lambda of \p Function, whoever is given the mutex itself, and, if \p Function may be
/// one half of a pair (\p IsHalf), a function of the unit that only unlocks it.
bool isGivenBackElsewhere(const AccessPath &Mutex, const FunctionModel &Function, bool IsHalf, UnitFlow &Unit);

/// The first expression, while the site \p Site of \p Function is held, that an exception can leave; null if there is none
/// that is not caught in the function.
const clang::Expr *mayThrowWhileHeld(const FunctionModel &Function, unsigned Site, UnitFlow &Unit);

/// \p A and \p B are evaluated under conditions of which one says the same: `if (shared) lock(); ... if (shared) unlock();`.
bool haveCommonCondition(const clang::Stmt *A, const clang::Stmt *B, const FunctionModel &Function, const clang::ASTContext &Context);

} // namespace ward

#endif // WARD_GUARD_MANUALLOCKS_H
