// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Locks that a function acquires and releases by calls, and what can leave the function in between.
#ifndef WARD_GUARD_MANUALLOCKS_H
#define WARD_GUARD_MANUALLOCKS_H

#include "flow/UnitFlow.h"

#include <optional>

namespace ward {

/// A lock that a call acquires or releases manually.
struct ManualCall {
  AccessPath Mutex;
  FunctionEffect Effect;
};
/// The locks that \p Call acquires or releases manually: one for `m.lock()` and for a function of the user's that does
/// this to its parameter, all for `std::lock(a, b)`; none for calls on guards and other calls.
llvm::SmallVector<ManualCall, 1> manualCalls(const clang::CallExpr *Call, UnitFlow &Unit);
/// The only one of them; none if there are several.
std::optional<ManualCall> manualCall(const clang::CallExpr *Call, UnitFlow &Unit);
/// What \p Call does to \p Mutex; none if nothing.
std::optional<FunctionEffect> manualEffect(const clang::CallExpr *Call, const AccessPath &Mutex, UnitFlow &Unit);

/// \p Function implements a lock or guard, or its annotations declare what it does to locks.
bool isLockOperation(const FunctionModel &Function, UnitFlow &Unit);

/// \p Function may return with a lock held: it is a constructor or destructor, or its name begins as that of `lockAll` does.
bool mayReturnLocked(const FunctionModel &Function);

/// Other code releases \p Mutex, or may: a lambda of \p Function, and, if \p Function may be one half of a pair (\p
/// IsHalf), a function of the unit that only unlocks it. \p ByWrapper: a function of the user's acquires it, so its
/// counterpart does not count.
bool isReleasedElsewhere(const AccessPath &Mutex, const FunctionModel &Function, bool IsHalf, bool ByWrapper,
                         UnitFlow &Unit);

/// \p Function passes \p Mutex to other code, which may release it.
bool passesMutex(const FunctionModel &Function, const AccessPath &Mutex, UnitFlow &Unit);

/// A path leads from \p Lock, which acquires \p Mutex, to the return of \p Function, on which it neither releases the mutex nor
/// passes it to other code.
bool mayReturnWithoutPassing(const FunctionModel &Function, const clang::CallExpr *Lock, const AccessPath &Mutex, UnitFlow &Unit);

/// A path leads from \p Unlock, which releases \p Mutex, to the destruction of \p Guard, on which nothing locks the mutex again or uses
/// the guard.
bool staysReleasedUntilDestroyed(const FunctionModel &Function, const clang::CallExpr *Unlock, const AccessPath &Mutex,
                                 const clang::VarDecl *Guard, UnitFlow &Unit);

/// The first expression that may throw while the lock of \p Site is held; null if there is none, or \p Function catches every
/// exception.
const clang::Expr *mayThrowWhileHeld(const FunctionModel &Function, unsigned Site, UnitFlow &Unit);

/// A condition under which both \p A and \p B are evaluated: `if (shared) lock(); ... if (shared) unlock();`. Null if
/// there is none.
const clang::Expr *commonCondition(const clang::Stmt *A, const clang::Stmt *B, const FunctionModel &Function,
                                   const clang::ASTContext &Context);

} // namespace ward

#endif // WARD_GUARD_MANUALLOCKS_H
