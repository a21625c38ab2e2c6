// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "model/UnconditionalCode.h"

#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace ward {
namespace {

using Visitor = llvm::function_ref<void(const Expr *)>;

/// A statement in \p S may leave the enclosing function, loop or block.
bool mayLeave(const Stmt *S) {
  if (!S || isa<LambdaExpr>(S))
    return false;
  if (isa<ReturnStmt, CoreturnStmt, BreakStmt, ContinueStmt, GotoStmt, IndirectGotoStmt, CXXThrowExpr>(S))
    return true;
  return llvm::any_of(S->children(), mayLeave);
}

void visit(const Stmt *S, Visitor Visit);

void visitChildren(const Stmt *S, Visitor Visit) {
  for (const Stmt *Child : S->children())
    visit(Child, Visit);
}

void visit(const Stmt *S, Visitor Visit) {
  if (!S || isa<LambdaExpr, UnaryExprOrTypeTraitExpr, CXXNoexceptExpr>(S))
    return;
  if (const auto *If = dyn_cast<IfStmt>(S)) {
    visit(If->getInit(), Visit);
    return visit(If->getCond(), Visit);
  }
  if (const auto *Switch = dyn_cast<SwitchStmt>(S)) {
    visit(Switch->getInit(), Visit);
    return visit(Switch->getCond(), Visit);
  }
  if (const auto *While = dyn_cast<WhileStmt>(S))
    return visit(While->getCond(), Visit);
  if (const auto *For = dyn_cast<ForStmt>(S)) {
    visit(For->getInit(), Visit);
    return visit(For->getCond(), Visit);
  }
  if (const auto *Range = dyn_cast<CXXForRangeStmt>(S))
    return visit(Range->getRangeInit(), Visit);
  if (const auto *Choice = dyn_cast<AbstractConditionalOperator>(S))
    return visit(Choice->getCond(), Visit);
  if (const auto *Binary = dyn_cast<BinaryOperator>(S); Binary && Binary->isLogicalOp())
    return visit(Binary->getLHS(), Visit);
  if (isa<CXXTryStmt, DoStmt, CompoundStmt>(S)) {
    for (const Stmt *Child : S->children()) {
      if (Child && !isa<CXXCatchStmt>(Child))
        visit(Child, Visit);
      if (Child && mayLeave(Child))
        return;
    }
    return;
  }
  visitChildren(S, Visit);
  if (const auto *E = dyn_cast<Expr>(S))
    Visit(E);
}

} // namespace

void forEachUnconditional(const Stmt *Body, Visitor Visit) { visit(Body, Visit); }

void forEachExpression(const Stmt *S, llvm::function_ref<void(const Expr *)> Visit) {
  if (!S)
    return;
  if (const auto *E = dyn_cast<Expr>(S))
    Visit(E);
  if (isa<LambdaExpr, UnaryExprOrTypeTraitExpr>(S))
    return;
  for (const Stmt *Child : S->children())
    forEachExpression(Child, Visit);
}

} // namespace ward
