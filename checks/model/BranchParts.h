// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The parts that `if`, `switch`, `while`, `for` and range-`for` have in common.
#ifndef WARD_MODEL_BRANCHPARTS_H
#define WARD_MODEL_BRANCHPARTS_H

#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/StringRef.h"

#include <optional>

namespace ward {

/// One such statement. Parts that it does not have are null.
struct BranchParts {
  enum Kind { If, Switch, While, For, RangeFor };

  const clang::Stmt *Whole = nullptr;
  Kind Kind = If;
  const clang::Stmt *Init = nullptr;
  /// The variable that the condition declares.
  const clang::VarDecl *ConditionVariable = nullptr;
  /// The condition; for a range-for, the initialiser of the range.
  const clang::Expr *Condition = nullptr;
  const clang::Expr *Increment = nullptr;
  const clang::Stmt *Body = nullptr;
  const clang::Stmt *Else = nullptr;
  /// The variable of a range-for.
  const clang::VarDecl *LoopVariable = nullptr;

  bool isLoop() const { return Kind == While || Kind == For || Kind == RangeFor; }
  llvm::StringRef keyword() const;

  /// The parts of \p S, which must be one of the five.
  static BranchParts of(const clang::Stmt *S);
};

/// The condition of the loop \p S, null for `for (;;)`; none if it is no `for`, `while` or `do`.
std::optional<const clang::Expr *> loopCondition(const clang::Stmt *S);

/// \p Condition without parentheses, conversions and each `!` in front of it; \p Negated changes with each of these.
const clang::Expr *withoutNegation(const clang::Expr *Condition, bool &Negated);

} // namespace ward

#endif // WARD_MODEL_BRANCHPARTS_H
