// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/LocalValues.h"

using namespace clang;

namespace ward {

bool isOwnLocal(const VarDecl *Variable) {
  return Variable && Variable->isLocalVarDecl() && !Variable->isStaticLocal() &&
         !Variable->getType()->isReferenceType();
}

const Expr *lastValue(const VarDecl *Variable, const Expr *Use, const FunctionModel &Function,
                      const StmtParents &Around, UnitFlow &Unit) {
  const Expr *Last = Variable->getInit();
  unsigned Best = 0;
  for (const ClassifiedAccess &Access : Unit.accesses(Function)) {
    if (!(Access.Path == AccessPath::ofVariable(Variable)))
      continue;
    const Stmt *Parent = Around.parent(Access.Where);
    while (isa_and_nonnull<ParenExpr, ImplicitCastExpr>(Parent))
      Parent = Around.parent(Parent);
    const auto *Operator = dyn_cast_or_null<CXXOperatorCallExpr>(Parent);
    bool Assigned =
        Operator && Operator->getOperator() == OO_Equal && stripped(Operator->getArg(0)) == stripped(Access.Where);
    if (Access.Kind != AccessKind::Write && !Assigned)
      continue;
    unsigned Order = Around.order(Access.Where);
    // The right-hand side of an assignment still reads the old value.
    if (Order >= Around.order(Use) || Order <= Best || (Parent && Around.contains(Parent, Use)))
      continue;
    Best = Order;
    if (const auto *Assign = dyn_cast_or_null<BinaryOperator>(Parent); Assign && Assign->getOpcode() == BO_Assign)
      Last = Assign->getRHS();
    else if (Assigned)
      Last = Operator->getArg(1);
  }
  return Last;
}

} // namespace ward
