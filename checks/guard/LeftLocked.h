// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Returns of a C function with a lock held, and what would release it there.
#ifndef WARD_GUARD_LEFTLOCKED_H
#define WARD_GUARD_LEFTLOCKED_H

#include "flow/UnitFlow.h"

#include "clang/Basic/Diagnostic.h"
#include "clang/AST/Stmt.h"

namespace ward {

/// The first `return` of \p Function that may be reached with the lock of \p Site held; null if only the end of the body is.
const clang::ReturnStmt *returnHolding(const FunctionModel &Function, unsigned Site, UnitFlow &Unit);

/// The label of \p Function, behind \p From, at which \p Mutex is released before anything else is called; null if there is none.
const clang::LabelStmt *labelReleasing(const FunctionModel &Function, const clang::Stmt *From, const AccessPath &Mutex, UnitFlow &Unit);

/// The edit that releases \p Mutex before \p Return as another call of \p Function does it; empty if there is no such call, or if the
/// returned value may need the lock.
llvm::SmallVector<clang::FixItHint, 2> releaseFix(const FunctionModel &Function, const clang::ReturnStmt *Return, const AccessPath &Mutex,
                                                  UnitFlow &Unit);

} // namespace ward

#endif // WARD_GUARD_LEFTLOCKED_H
