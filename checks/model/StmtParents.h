// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// What stands around a statement, and which branches decide whether it runs.
#ifndef WARD_MODEL_STMTPARENTS_H
#define WARD_MODEL_STMTPARENTS_H

#include "clang/AST/Stmt.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/DenseMap.h"

namespace ward {

/// Control never goes on behind \p S: it returns, throws, jumps or ends the program.
bool alwaysLeaves(const clang::Stmt *S);

/// \p S or a statement in it names \p Wanted; lambda bodies count.
bool mentions(const clang::Stmt *S, const clang::Decl *Wanted);

/// Where a message about \p S points: the first name that a declaration declares, or where an expression does its work.
clang::SourceLocation startOf(const clang::Stmt *S);

/// The parents of the statements of one function's body, those of nested lambdas apart.
class StmtParents {
public:
  explicit StmtParents(const clang::Stmt *Body) { add(Body); }

  /// Null for the body itself and for what is not in it.
  const clang::Stmt *parent(const clang::Stmt *S) const { return Parents.lookup(S).Parent; }
  /// The place of \p S in the order of the source; a statement comes before its parts.
  unsigned order(const clang::Stmt *S) const { return Parents.lookup(S).Order; }
  bool contains(const clang::Stmt *Outer, const clang::Stmt *Inner) const;
  /// \p S is a loop or stands in one.
  bool isInLoop(const clang::Stmt *S) const;

  /// Whether \p Later runs depends on what the condition of \p If said: it stands in one of its arms, or behind it where one
  /// of the arms leaves.
  bool decides(const clang::IfStmt *If, const clang::Stmt *Later) const;

private:
  struct Place {
    const clang::Stmt *Parent = nullptr;
    unsigned Order = 0;
  };
  void add(const clang::Stmt *S);

  llvm::DenseMap<const clang::Stmt *, Place> Parents;
  unsigned Next = 0;
};

} // namespace ward

#endif // WARD_MODEL_STMTPARENTS_H
