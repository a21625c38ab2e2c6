// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// What a piece of code does whichever way it takes.
#ifndef WARD_MODEL_CERTAINCODE_H
#define WARD_MODEL_CERTAINCODE_H

#include "clang/AST/Expr.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace ward {

/// Calls \p Visit for the expressions of \p Body that every run of it evaluates: nothing inside a branch or a loop, behind
/// the first statement that may leave, or in a lambda.
void forEachCertain(const clang::Stmt *Body, llvm::function_ref<void(const clang::Expr *)> Visit);

} // namespace ward

#endif // WARD_MODEL_CERTAINCODE_H
