// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Unconditional code: what every execution of a piece of code evaluates.
#ifndef WARD_MODEL_UNCONDITIONALCODE_H
#define WARD_MODEL_UNCONDITIONALCODE_H

#include "clang/AST/Expr.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace ward {

/// Calls \p Visit for the expressions that every execution of \p Body evaluates: none inside a branch, a loop or a lambda, or after
/// the first statement that may leave it.
void forEachUnconditional(const clang::Stmt *Body, llvm::function_ref<void(const clang::Expr *)> Visit);

/// Calls \p Visit for the expressions of \p S, outermost first, without those inside lambdas and unevaluated operands.
void forEachExpression(const clang::Stmt *S, llvm::function_ref<void(const clang::Expr *)> Visit);

} // namespace ward

#endif // WARD_MODEL_UNCONDITIONALCODE_H
