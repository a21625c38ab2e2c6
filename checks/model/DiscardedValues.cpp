// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "model/DiscardedValues.h"

#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace ward {
namespace {

/// What \p Call does to a mutex or to a guard.
std::optional<FunctionEffect> effectOnLockOrGuard(const CallExpr *Call, LockTypes &Types) {
  const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
  if (const CXXMethodDecl *Method = Member ? Member->getMethodDecl() : nullptr)
    if (const GuardType *Guard = Types.guard(Member->getImplicitObjectArgument()->getType()))
      return Types.guardEffect(*Guard, Method);
  std::optional<LockEffect> Effect = Types.effectOf(Call);
  return Effect ? std::optional(Effect->Effect) : std::nullopt;
}

/// The e of `(void)e`, `static_cast<void>(e)` and `std::ignore = e`.
const Expr *discardedBy(const Expr *E, CatalogIndex &Names) {
  while (true) {
    if (const auto *Full = dyn_cast<FullExpr>(E))
      E = Full->getSubExpr();
    E = E->IgnoreParens();
    if (const auto *Cast = dyn_cast<ExplicitCastExpr>(E); Cast && Cast->getType()->isVoidType()) {
      E = Cast->getSubExpr();
      continue;
    }
    if (const auto *Assign = dyn_cast<CXXOperatorCallExpr>(E); Assign && Assign->getOperator() == OO_Equal)
      if (const auto *Left = dyn_cast<DeclRefExpr>(Assign->getArg(0)->IgnoreParenImpCasts());
          Left && Names.isSink(Left->getDecl())) {
        E = Assign->getArg(1);
        if (const auto *Temporary = dyn_cast<MaterializeTemporaryExpr>(E))
          E = Temporary->getSubExpr();
        continue;
      }
    if (const auto *Assign = dyn_cast<BinaryOperator>(E); Assign && Assign->getOpcode() == BO_Assign) // a template pattern
      if (const auto *Left = dyn_cast<DeclRefExpr>(Assign->getLHS()->IgnoreParenImpCasts());
          Left && Names.isSink(Left->getDecl())) {
        E = Assign->getRHS();
        continue;
      }
    return E;
  }
}

} // namespace

void collectDiscarded(const Stmt *S, const CompoundStmt *Block, LockTypes &Types, std::vector<DiscardedValue> &Into) {
  const auto *Whole = dyn_cast_or_null<Expr>(S);
  if (!Whole || Whole->containsErrors())
    return;
  const Expr *Value = discardedBy(Whole, Types.names());
  if (const auto *Conditional = dyn_cast<ConditionalOperator>(Value); Conditional && Conditional->getType()->isVoidType()) {
    collectDiscarded(Conditional->getTrueExpr(), nullptr, Types, Into);
    collectDiscarded(Conditional->getFalseExpr(), nullptr, Types, Into);
    return;
  }
  if (!Types.guardMadeBy(Value)) {
    const auto *Call = dyn_cast<CallExpr>(stripped(Value));
    std::optional<FunctionEffect> Effect = Call ? effectOnLockOrGuard(Call, Types) : std::nullopt;
    if (Effect != FunctionEffect::TryLock && Effect != FunctionEffect::SharedTryLock)
      return;
  }
  Into.push_back({Value, Whole, Block});
}

} // namespace ward
