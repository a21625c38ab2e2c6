// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// What an expression borrows: the local variable inside which it points.
#ifndef WARD_MODEL_BORROWS_H
#define WARD_MODEL_BORROWS_H

#include "model/Names.h"
#include "clang/AST/Decl.h"
#include "clang/AST/Expr.h"

namespace ward {

/// The local variable (or parameter by value) in whose storage the place \p E lies: `v`, `v.field`, `array[i]`. Null for
/// what lies behind a pointer, in a static, or in the caller.
const clang::VarDecl *localStorage(const clang::Expr *E, CatalogIndex &Names);

/// The local variable into which the value of \p E refers: a pointer, reference wrapper, view or iterator to it or into
/// it, or an aggregate that holds one. Null if it refers to none that can be told.
const clang::VarDecl *borrowedBy(const clang::Expr *E, CatalogIndex &Names);

} // namespace ward

#endif // WARD_MODEL_BORROWS_H
