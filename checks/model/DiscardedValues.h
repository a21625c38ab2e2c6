// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Expressions whose values are discarded.
#ifndef WARD_MODEL_DISCARDEDVALUES_H
#define WARD_MODEL_DISCARDEDVALUES_H

#include "model/LockTypes.h"
#include "clang/AST/Stmt.h"

#include <vector>

namespace ward {

/// An expression whose value is discarded. Whole is the statement with the cast to void or assignment to std::ignore around it.
struct DiscardedValue {
  const clang::Expr *Value;
  const clang::Expr *Whole;
  /// The block that contains the statement; null if it is no statement of a block.
  const clang::CompoundStmt *Block;
};

/// Adds the guards and the results of attempts to lock that \p S, a statement of \p Block (which may be null), discards.
void collectDiscarded(const clang::Stmt *S, const clang::CompoundStmt *Block, LockTypes &Types, std::vector<DiscardedValue> &Into);

} // namespace ward

#endif // WARD_MODEL_DISCARDEDVALUES_H
