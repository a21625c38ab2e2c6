// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Where coroutines suspend, and which locks may be held there.
#ifndef WARD_MODEL_SUSPENSIONS_H
#define WARD_MODEL_SUSPENSIONS_H

#include "model/Acquisition.h"
#include "model/LockTypes.h"
#include "clang/AST/ExprCXX.h"

namespace ward {

/// \p S if it is a `co_await` or `co_yield` that the user wrote, in a template's pattern too; null for anything else.
const clang::Expr *suspensionIn(const clang::Stmt *S);

/// The same, but null for an awaiter that is always ready (std::suspend_never).
const clang::Expr *maySuspend(const clang::Stmt *S);

/// A coroutine may suspend somewhere in \p S, lambdas apart.
bool maySuspendWithin(const clang::Stmt *S);

/// An object of \p Type can be awaited.
bool isAwaitable(clang::QualType Type);

/// A guard of \p Type, made from \p Init (null if unknown) over \p Locked, is made to be held over a suspension: its mutex
/// is one for coroutines, or it was itself awaited.
bool isAsyncGuard(clang::QualType Type, const clang::Expr *Init, llvm::ArrayRef<LockRef> Locked, LockTypes &Types);

} // namespace ward

#endif // WARD_MODEL_SUSPENSIONS_H
