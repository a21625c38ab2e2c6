// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// What an expression borrows: the local variable that it points into.
#ifndef WARD_MODEL_BORROWS_H
#define WARD_MODEL_BORROWS_H

#include "model/Names.h"
#include "clang/AST/Decl.h"
#include "clang/AST/Expr.h"

namespace ward {

/// The local variable (or parameter by value) whose storage contains the place \p E: `v`, `v.field`, `array[i]`. Null for the
/// pointee of a pointer, a static, or an object of the caller.
const clang::VarDecl *localStorage(const clang::Expr *E, CatalogIndex &Names);

/// The local variable that the value of \p E refers to or into, as a pointer, reference wrapper, view, iterator, or aggregate that
/// holds one. Null if none is known.
const clang::VarDecl *borrowedBy(const clang::Expr *E, CatalogIndex &Names);

} // namespace ward

#endif // WARD_MODEL_BORROWS_H
