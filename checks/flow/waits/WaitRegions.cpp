// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/waits/WaitRegions.h"

#include "model/StmtParents.h"

#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/SmallPtrSet.h"

using namespace clang;

namespace ward {
namespace {

/// Adds the statements in \p S, lambda bodies apart, and their conditions.
void addSyntax(const Stmt *S, WaitRegion &Into) {
  if (!S || isa<LambdaExpr>(S))
    return;
  auto Add = [&](const Expr *Condition) {
    if (Condition)
      Into.Conditions.push_back(Condition);
  };
  if (const auto *If = dyn_cast<IfStmt>(S))
    Add(If->getCond());
  else if (const auto *While = dyn_cast<WhileStmt>(S))
    Add(While->getCond());
  else if (const auto *Do = dyn_cast<DoStmt>(S))
    Add(Do->getCond());
  else if (const auto *For = dyn_cast<ForStmt>(S))
    Add(For->getCond());
  else if (const auto *Switch = dyn_cast<SwitchStmt>(S))
    Add(Switch->getCond());
  else if (const auto *Conditional = dyn_cast<AbstractConditionalOperator>(S))
    Add(Conditional->getCond());
  Into.Statements.push_back(S);
  for (const Stmt *Child : S->children())
    addSyntax(Child, Into);
}

/// Adds what \p Block evaluates.
void addBlock(const CFGBlock &Block, const CallExpr *Wait, WaitRegion &Into) {
  for (const CFGElement &Element : Block)
    if (std::optional<CFGStmt> S = Element.getAs<CFGStmt>())
      Into.Statements.push_back(S->getStmt());
  // A loop over a shared range does nothing if the range is empty, which is a check. The range of a loop around the wait is no check.
  if (const auto *Range = dyn_cast_or_null<CXXForRangeStmt>(Block.getTerminatorStmt())) {
    if (!contains(Range->getBody(), Wait))
      Into.Conditions.push_back(Range->getRangeInit());
  } else if (const auto *Condition = dyn_cast_or_null<Expr>(Block.getTerminatorCondition())) {
    Into.Conditions.push_back(Condition);
  }
}

/// The blocks that paths of one or more edges lead to from \p From; \p Next gives the neighbours of a block.
template <class F> llvm::SmallPtrSet<const CFGBlock *, 16> reachedBlocks(const CFGBlock *From, F Next) {
  llvm::SmallPtrSet<const CFGBlock *, 16> Seen;
  llvm::SmallVector<const CFGBlock *, 16> Work{From};
  while (!Work.empty())
    for (const CFGBlock *Other : Next(*Work.pop_back_val()))
      if (Other && Seen.insert(Other).second)
        Work.push_back(Other);
  return Seen;
}

} // namespace

const CFGBlock *graphBlockOf(const Stmt *S, const CFG &Graph) {
  const CFGBlock *Result = nullptr;
  for (const CFGBlock *Block : Graph)
    for (const CFGElement &Element : *Block)
      if (std::optional<CFGStmt> Here = Element.getAs<CFGStmt>(); Here && Here->getStmt() == S)
        Result = Block;
  return Result;
}

const Stmt *loopAround(const CallExpr *Wait, const FunctionModel &Function) {
  auto Search = [&](auto &&Self, const Stmt *S) -> const Stmt * {
    if (!S || isa<LambdaExpr>(S))
      return nullptr;
    for (const Stmt *Child : S->children())
      if (contains(Child, Wait)) {
        if (const Stmt *Inner = Self(Self, Child))
          return Inner;
        return isa<WhileStmt, DoStmt, ForStmt, CXXForRangeStmt>(S) ? S : nullptr;
      }
    return nullptr;
  };
  return Search(Search, Function.Body);
}

const Expr *conditionOfLoopAround(const CallExpr *Wait, const FunctionModel &Function) {
  const Stmt *Loop = loopAround(Wait, Function);
  if (const auto *While = dyn_cast_or_null<WhileStmt>(Loop))
    return While->getCond();
  if (const auto *Do = dyn_cast_or_null<DoStmt>(Loop))
    return Do->getCond();
  const auto *For = dyn_cast_or_null<ForStmt>(Loop);
  return For ? For->getCond() : nullptr;
}

WaitRegions regionsOf(const CallExpr *Wait, const FunctionModel &Function, UnitFlow &Flow) {
  WaitRegions Result;
  const CFG *Graph = Flow.graph(Function);
  const CFGBlock *Home = Graph ? graphBlockOf(Wait, *Graph) : nullptr;
  if (!Home) {
    addSyntax(Function.Body, Result.After);
    if (const Stmt *Loop = loopAround(Wait, Function))
      addSyntax(Loop, Result.Loop);
    return Result;
  }
  auto Reached = reachedBlocks(Home, [](const CFGBlock &Block) { return Block.succs(); });
  auto Leading = reachedBlocks(Home, [](const CFGBlock &Block) { return Block.preds(); });
  addBlock(*Home, Wait, Result.After);
  for (const CFGBlock *Block : *Graph) {
    if (Reached.contains(Block))
      addBlock(*Block, Wait, Result.After);
    if (Reached.contains(Home) && Reached.contains(Block) && Leading.contains(Block))
      addBlock(*Block, Wait, Result.Loop);
  }
  return Result;
}

} // namespace ward
