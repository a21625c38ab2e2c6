// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "model/CountedLoop.h"

#include "model/AccessPath.h"

#include "clang/AST/ASTContext.h"

using namespace clang;

namespace ward {
namespace {

std::optional<int64_t> boundOf(const Expr *E, const ASTContext &Context) {
  Expr::EvalResult Value;
  return E && !E->isValueDependent() && E->EvaluateAsInt(Value, Context) && Value.Val.getInt().getSignificantBits() <= 63
             ? std::optional(Value.Val.getInt().getExtValue())
             : std::nullopt;
}

const VarDecl *loopVariable(const Expr *E) {
  const auto *Ref = E ? dyn_cast<DeclRefExpr>(stripped(E)) : nullptr;
  return Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
}

} // namespace

bool isIndexedBy(const Expr *E, const VarDecl *Variable) {
  const auto *Subscript = dyn_cast<ArraySubscriptExpr>(stripped(E));
  return Subscript && Variable && loopVariable(Subscript->getIdx()) == Variable;
}

std::optional<CountedLoop> CountedLoop::of(const Stmt *Loop, const ASTContext &Context) {
  const auto *For = dyn_cast_or_null<ForStmt>(Loop);
  const auto *Step = For ? dyn_cast_or_null<UnaryOperator>(For->getInc()) : nullptr;
  const auto *Test = For ? dyn_cast_or_null<BinaryOperator>(For->getCond()) : nullptr;
  if (!Step || !Step->isIncrementOp() || !Test)
    return std::nullopt;
  CountedLoop Result{loopVariable(Step->getSubExpr()), 0, 0};
  std::optional<int64_t> First, End = boundOf(Test->getRHS(), Context);
  if (const auto *Declaration = dyn_cast_or_null<DeclStmt>(For->getInit())) {
    if (Declaration->isSingleDecl() && Declaration->getSingleDecl() == Result.Variable)
      First = boundOf(Result.Variable->getInit(), Context);
  } else if (const auto *Assign = dyn_cast_or_null<BinaryOperator>(For->getInit());
             Assign && Assign->getOpcode() == BO_Assign && loopVariable(Assign->getLHS()) == Result.Variable) {
    First = boundOf(Assign->getRHS(), Context);
  }
  if (!Result.Variable || !First || !End || loopVariable(Test->getLHS()) != Result.Variable)
    return std::nullopt;
  if (Test->getOpcode() != BO_LT && Test->getOpcode() != BO_LE && Test->getOpcode() != BO_NE)
    return std::nullopt;
  Result.First = *First;
  Result.End = *End + (Test->getOpcode() == BO_LE);
  return Result;
}

} // namespace ward
