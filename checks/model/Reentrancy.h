// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Whether a lock of the user's is reentrant: by what it derives from or wraps, by its initialisation, or by its own
/// functions.
#ifndef WARD_MODEL_REENTRANCY_H
#define WARD_MODEL_REENTRANCY_H

#include "model/LockTypes.h"
#include "clang/AST/ExprCXX.h"

#include <optional>

namespace ward {

/// \p SetUp, a call in \p Body that initialises a C mutex, may make it reentrant: its attributes have, or may have, a
/// recursive kind.
bool mayMakeReentrant(const clang::CallExpr *SetUp, const clang::Stmt *Body, CatalogIndex &Names);

/// The same for \p Call of another function, which gets a C mutex as argument \p Index; none if it does not initialise
/// it.
std::optional<bool> mayHelperMakeReentrant(const clang::CallExpr *Call, unsigned Index, CatalogIndex &Names);

/// \p Init, the initialiser of a C mutex with the entry \p Mutex, makes it reentrant: it is a macro that the entry
/// names.
bool isRecursiveInitialiser(const clang::Expr *Init, const MutexEntry &Mutex, const clang::ASTContext &Context);

/// \p Body, that of a lock function, lets the thread that holds the lock acquire it again: depending on a comparison,
/// it counts.
bool countsOwner(const clang::Stmt *Body, LockTypes &Types);

/// \p S increments or decrements something.
bool counts(const clang::Stmt *S);

} // namespace ward

#endif // WARD_MODEL_REENTRANCY_H
