// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Where coroutines suspend, and which locks may be held there.
#ifndef WARD_MODEL_SUSPENSIONS_H
#define WARD_MODEL_SUSPENSIONS_H

#include "model/Acquisition.h"
#include "model/LockTypes.h"
#include "clang/AST/ExprCXX.h"

namespace ward {

/// \p S if it is an explicit `co_await` or `co_yield`, in a template pattern too; null for other statements.
const clang::Expr *suspensionIn(const clang::Stmt *S);

/// The same, but null for an awaiter that is always ready (std::suspend_never).
const clang::Expr *maySuspend(const clang::Stmt *S);

/// A coroutine may suspend in \p S; suspensions in lambdas do not count.
bool maySuspendWithin(const clang::Stmt *S);

/// An object of \p Type can be awaited.
bool isAwaitable(clang::QualType Type);

/// A guard of \p Type that \p Init (null if unknown) initialises and that holds \p Locked may be held over a suspension: its mutex is
/// one for coroutines, or the guard was awaited.
bool isAsyncGuard(clang::QualType Type, const clang::Expr *Init, llvm::ArrayRef<LockRef> Locked, LockTypes &Types);

} // namespace ward

#endif // WARD_MODEL_SUSPENSIONS_H
