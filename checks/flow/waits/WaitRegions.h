// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The code around a wait: the loop that repeats it, and what follows it.
#ifndef WARD_FLOW_WAITS_WAITREGIONS_H
#define WARD_FLOW_WAITS_WAITREGIONS_H

#include "flow/UnitFlow.h"

namespace ward {

/// A part of a function, with the conditions in it.
struct WaitRegion {
  llvm::SmallVector<const clang::Expr *, 8> Conditions;
  llvm::SmallVector<const clang::Stmt *, 32> Statements;
};

struct WaitRegions {
  /// What runs repeatedly around the wait, whatever statement makes the loop; empty if nothing does.
  WaitRegion Loop;
  /// What may run after the wait.
  WaitRegion After;

  bool isLoop() const { return !Loop.Statements.empty(); }
};

/// The regions of \p Wait, a call in \p Function: by the control flow, or by the syntax where there is no graph.
WaitRegions regionsOf(const clang::CallExpr *Wait, const FunctionModel &Function, UnitFlow &Flow);

/// The innermost loop statement of \p Function around \p Wait, and its condition; null if there is none.
const clang::Stmt *loopAround(const clang::CallExpr *Wait, const FunctionModel &Function);
const clang::Expr *conditionOfLoopAround(const clang::CallExpr *Wait, const FunctionModel &Function);

/// The block of \p Graph that evaluates \p S; null if none does.
const clang::CFGBlock *graphBlockOf(const clang::Stmt *S, const clang::CFG &Graph);

} // namespace ward

#endif // WARD_FLOW_WAITS_WAITREGIONS_H
