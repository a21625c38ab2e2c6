// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Mutexes that only one call or one thread can reach.
#ifndef WARD_MODEL_LOCALMUTEXES_H
#define WARD_MODEL_LOCALMUTEXES_H

#include "model/UnitModel.h"

namespace ward {

/// The local variables of \p Function that are mutexes, own one or contain one, that are acquired there, and are not
/// shared: no closure that leaves the function, no pointer or reference refers to them.
llvm::SmallVector<const clang::VarDecl *, 2> localMutexes(const FunctionModel &Function, UnitModel &Unit);

/// The unit locks the mutex \p Variable, and passes no reference to it to other code.
bool isOnlyLocked(const clang::VarDecl *Variable, UnitModel &Unit);

/// Other code may refer to \p Variable after \p Body, the function that it belongs to, has named it.
bool isSharedIn(const clang::VarDecl *Variable, const clang::Stmt *Body, UnitModel &Unit);

/// \p Init copies another object whose lifetime continues.
bool isCopy(const clang::Expr *Init);

} // namespace ward

#endif // WARD_MODEL_LOCALMUTEXES_H
