// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Loops whose variable runs over a constant range: `for (int i = 0; i < 4; ++i)`.
#ifndef WARD_MODEL_COUNTEDLOOP_H
#define WARD_MODEL_COUNTEDLOOP_H

#include "clang/AST/Stmt.h"

#include <cstdint>
#include <optional>

namespace clang {
class ASTContext;
class Expr;
class VarDecl;
} // namespace clang

namespace ward {

struct CountedLoop {
  const clang::VarDecl *Variable;
  /// Its first value, and the first one that it does not take any more.
  int64_t First, End;

  bool covers(const CountedLoop &Other) const { return First <= Other.First && Other.End <= End; }
  bool covers(int64_t Value) const { return First <= Value && Value < End; }
  /// None if \p Loop is of another kind, steps by more than one, or its bounds are not constants.
  static std::optional<CountedLoop> of(const clang::Stmt *Loop, const clang::ASTContext &Context);
};

/// \p E is an element of an array, at the index \p Variable.
bool isIndexedBy(const clang::Expr *E, const clang::VarDecl *Variable);

} // namespace ward

#endif // WARD_MODEL_COUNTEDLOOP_H
