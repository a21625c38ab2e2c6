// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Flags that tell whether an iterator or pointer may be used.
#ifndef WARD_CAPTURE_BORROWFLAGS_H
#define WARD_CAPTURE_BORROWFLAGS_H

#include "model/StmtParents.h"

#include "clang/AST/Expr.h"

namespace ward {

/// \p Use of \p Variable runs only while some local flag has the value that is set together with \p Variable, and the
/// code around \p Change, which invalidates it, sets the flag to the other value: `if (any && *best < *it)`,
/// `v.erase(it); any = false;`. \p Around are the parents in \p Body, the body of the function.
bool isKeptByFlag(const clang::DeclRefExpr *Use, const clang::VarDecl *Variable, const clang::Expr *Change,
                  const clang::Stmt *Body, const StmtParents &Around);

} // namespace ward

#endif // WARD_CAPTURE_BORROWFLAGS_H
