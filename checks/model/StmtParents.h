// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The parents of statements, and which branches control a statement.
#ifndef WARD_MODEL_STMTPARENTS_H
#define WARD_MODEL_STMTPARENTS_H

#include "clang/AST/Stmt.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/DenseMap.h"

namespace ward {

/// Control never reaches the code after \p S: it returns, throws, jumps or ends the program.
bool alwaysLeaves(const clang::Stmt *S);

/// \p S or a statement in it names \p Wanted; lambda bodies count.
bool mentions(const clang::Stmt *S, const clang::Decl *Wanted);

/// \p Outer is \p Inner or has it inside; lambda bodies count.
bool contains(const clang::Stmt *Outer, const clang::Stmt *Inner);

/// \p S, which may be null, names \p Variable.
bool namesVariable(const clang::Stmt *S, const clang::ValueDecl *Variable);

/// \p A and \p B have the same structure and name the same entities. What they evaluate to may differ: they may have side effects.
bool sameStructure(const clang::Stmt *A, const clang::Stmt *B, const clang::ASTContext &Context);

/// The location for a message about \p S: the first name of a declaration, or the operator of an expression.
clang::SourceLocation startOf(const clang::Stmt *S);

/// The parents of the statements in the body of a function, without those in nested lambdas.
class StmtParents {
public:
  explicit StmtParents(const clang::Stmt *Body) { add(Body); }

  /// Null for the body itself and for statements that are not in it.
  const clang::Stmt *parent(const clang::Stmt *S) const { return Parents.lookup(S).Parent; }
  /// The position of \p S in the source; a statement precedes its parts.
  unsigned order(const clang::Stmt *S) const { return Parents.lookup(S).Order; }
  bool contains(const clang::Stmt *Outer, const clang::Stmt *Inner) const;
  /// \p S is a loop or inside one.
  bool isInLoop(const clang::Stmt *S) const;

  /// The condition of \p If controls whether \p Later runs: it is in a branch of \p If, or after \p If, one of whose branches leaves.
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
