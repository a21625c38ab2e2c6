// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Values that a statement throws away.
#ifndef WARD_MODEL_DISCARDEDVALUES_H
#define WARD_MODEL_DISCARDEDVALUES_H

#include "model/LockTypes.h"
#include "clang/AST/Stmt.h"

#include <vector>

namespace ward {

/// An expression whose value nobody takes. Value is what is thrown away, Whole the statement with the cast to void or
/// the assignment to std::ignore that throws it.
struct DiscardedValue {
  const clang::Expr *Value;
  const clang::Expr *Whole;
  /// The code after it in the same block, for advice; null if it stands alone.
  const clang::CompoundStmt *Block;
};

/// Adds what \p S, a statement of \p Block (null if it stands alone), throws away and a check may care for: guards, and the results of
/// attempts to lock.
void collectDiscarded(const clang::Stmt *S, const clang::CompoundStmt *Block, LockTypes &Types, std::vector<DiscardedValue> &Into);

} // namespace ward

#endif // WARD_MODEL_DISCARDEDVALUES_H
