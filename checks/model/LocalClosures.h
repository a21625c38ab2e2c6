// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Closures that run only inside the function that makes them.
#ifndef WARD_MODEL_LOCALCLOSURES_H
#define WARD_MODEL_LOCALCLOSURES_H

#include "model/Names.h"
#include "clang/AST/ExprCXX.h"

namespace ward {

/// Every use of \p Lambda in \p Body, the body of the function around it, calls it there: it stands in the call, is
/// passed to a function that only runs it before it returns, or initialises a variable that is only called, by the
/// function itself or by closures of this kind.
bool runsOnlyIn(const clang::LambdaExpr *Lambda, const clang::Stmt *Body, CatalogIndex &Names);

} // namespace ward

#endif // WARD_MODEL_LOCALCLOSURES_H
