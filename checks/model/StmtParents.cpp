// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "model/StmtParents.h"

#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/FoldingSet.h"

using namespace clang;

namespace ward {

bool alwaysLeaves(const Stmt *S) {
  if (!S)
    return false;
  if (isa<ReturnStmt, BreakStmt, ContinueStmt, GotoStmt, CoreturnStmt>(S))
    return true;
  if (const auto *Block = dyn_cast<CompoundStmt>(S))
    return !Block->body_empty() && alwaysLeaves(Block->body_back());
  if (const auto *If = dyn_cast<IfStmt>(S))
    return If->getElse() && alwaysLeaves(If->getThen()) && alwaysLeaves(If->getElse());
  const auto *E = dyn_cast<Expr>(S);
  if (!E)
    return false;
  E = E->IgnoreImplicit();
  if (isa<CXXThrowExpr>(E))
    return true;
  const auto *Call = dyn_cast<CallExpr>(E);
  return Call && Call->getDirectCallee() && Call->getDirectCallee()->isNoReturn();
}

bool mentions(const Stmt *S, const Decl *Wanted) {
  if (!S)
    return false;
  if (const auto *Ref = dyn_cast<DeclRefExpr>(S); Ref && Ref->getDecl() == Wanted)
    return true;
  return llvm::any_of(S->children(), [&](const Stmt *Child) { return mentions(Child, Wanted); });
}

bool namesVariable(const Stmt *S, const ValueDecl *Variable) {
  const auto *Ref = dyn_cast_or_null<DeclRefExpr>(S);
  return (Ref && Ref->getDecl() == Variable) ||
         (S && llvm::any_of(S->children(), [&](const Stmt *Child) { return namesVariable(Child, Variable); }));
}

bool contains(const Stmt *Outer, const Stmt *Inner) {
  return Outer && (Outer == Inner || llvm::any_of(Outer->children(), [&](const Stmt *Child) { return contains(Child, Inner); }));
}

bool sameStructure(const Stmt *A, const Stmt *B, const ASTContext &Context) {
  llvm::FoldingSetNodeID IdA, IdB;
  A->Profile(IdA, Context, /*Canonical=*/true);
  B->Profile(IdB, Context, /*Canonical=*/true);
  return IdA == IdB;
}

SourceLocation startOf(const Stmt *S) {
  if (const auto *Declaration = dyn_cast<DeclStmt>(S))
    return (*Declaration->decl_begin())->getLocation();
  const auto *E = dyn_cast<Expr>(S);
  return E ? E->getExprLoc() : S->getBeginLoc();
}

void StmtParents::add(const Stmt *S) {
  // Iterative, since expressions may nest as deep as the parser allows.
  llvm::SmallVector<std::pair<const Stmt *, const Stmt *>, 32> Work{{S, nullptr}};
  while (!Work.empty()) {
    auto [Current, Parent] = Work.pop_back_val();
    if (!Current || !Parents.try_emplace(Current, Place{Parent, ++Next}).second || isa<LambdaExpr>(Current))
      continue;
    llvm::SmallVector<const Stmt *, 8> Children(Current->children().begin(), Current->children().end());
    for (const Stmt *Child : llvm::reverse(Children))
      Work.push_back({Child, Current});
  }
}

bool StmtParents::contains(const Stmt *Outer, const Stmt *Inner) const {
  while (Inner && Inner != Outer)
    Inner = parent(Inner);
  return Inner != nullptr;
}

bool StmtParents::isInLoop(const Stmt *S) const {
  while (S && !isa<ForStmt, WhileStmt, DoStmt, CXXForRangeStmt>(S))
    S = parent(S);
  return S != nullptr;
}

bool StmtParents::decides(const IfStmt *If, const Stmt *Later) const {
  if (contains(If, Later))
    return contains(If->getThen(), Later) || (If->getElse() && contains(If->getElse(), Later));
  if ((!alwaysLeaves(If->getThen()) && !alwaysLeaves(If->getElse())) || order(If) >= order(Later))
    return false;
  // Also after a block that only limits the scope of a guard.
  const Stmt *Block = parent(If);
  while (isa_and_nonnull<CompoundStmt>(Block) && isa_and_nonnull<CompoundStmt>(parent(Block)))
    Block = parent(Block);
  return Block && contains(Block, Later);
}

} // namespace ward
