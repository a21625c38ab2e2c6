// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/locks/LockRefinement.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace ward {
namespace {

/// The lock that may have been acquired at \p Site was, or was not.
void decideTry(unsigned Site, bool Succeeded, LockSet &State) {
  if (!Succeeded)
    State.release(Site);
  else if (State.May.test(Site))
    State.Must.set(Site);
}

/// \p Call, which acquires a lock or asks a guard whether it holds one, succeeded or not.
void decideCall(const CallExpr *Call, bool Succeeded, const LockSites &Sites, LockSet &State) {
  LockTypes &Types = Sites.unit().types();
  if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call))
    if (const CXXMethodDecl *Method = Member->getMethodDecl())
      if (std::optional<unsigned> Site = Sites.ofGuardNamedBy(Member->getImplicitObjectArgument())) {
        const GuardType &Type = *Sites[*Site].Guard->Type;
        std::optional<FunctionEffect> Effect = Types.guardEffect(Type, Method);
        if ((Effect && isTryLock(*Effect)) || (!Effect && Types.isStatusQuery(Type, Method)))
          decideTry(*Site, Succeeded, State);
        return;
      }
  // A lock function that returns a status, as pthread_mutex_lock does, may fail too.
  for (unsigned Site : Sites.allOf(Call))
    if (Sites[Site].Tries || (Call->getType()->isIntegerType() && Types.effectOf(Call)))
      decideTry(Site, Succeeded, State);
}

/// \p Condition was \p Holds.
void refineBy(const Expr *Condition, bool Holds, const LockSites &Sites, LockSet &State) {
  for (unsigned Depth = 0; Condition && Depth != 8; ++Depth) {
    if (const auto *Full = dyn_cast<FullExpr>(Condition))
      Condition = Full->getSubExpr();
    Condition = Condition->IgnoreParenImpCasts();
    if (const auto *Unary = dyn_cast<UnaryOperator>(Condition); Unary && Unary->getOpcode() == UO_LNot) {
      Condition = Unary->getSubExpr();
      Holds = !Holds;
    } else if (const auto *Binary = dyn_cast<BinaryOperator>(Condition)) {
      if (Binary->getOpcode() == BO_Assign) {
        Condition = Binary->getRHS();
        continue;
      }
      Expr::EvalResult Value;
      if (!Binary->isEqualityOp() || Binary->getRHS()->isValueDependent() ||
          !Binary->getRHS()->EvaluateAsInt(Value, Sites.unit().context()))
        return;
      const Expr *Left = Binary->getLHS()->IgnoreParenImpCasts();
      bool Equal = Holds == (Binary->getOpcode() == BO_EQ);
      // Of a status, 0 (and std::try_lock's -1) is success; of a boolean, true is.
      bool IsZero = Value.Val.getInt() == 0;
      if (Left->getType()->isBooleanType())
        Holds = Equal != IsZero;
      else if (IsZero)
        Holds = !Equal;
      else if (const auto *Call = dyn_cast<CallExpr>(Left); Call && Value.Val.getInt() == -1)
        return decideCall(Call, Equal, Sites, State);
      else
        return;
      Condition = Left;
    } else if (std::optional<unsigned> Site =
                   isa<DeclRefExpr>(Condition) ? Sites.ofGuardNamedBy(Condition) : std::nullopt) {
      return decideTry(*Site, Holds, State); // in a template's pattern
    } else if (const auto *Ref = dyn_cast<DeclRefExpr>(Condition)) {
      const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl());
      if (!Variable || !Variable->getInit() || !Variable->getType()->isIntegralOrEnumerationType() ||
          !Sites.unit().names().rebindings().isNeverReassigned(Variable))
        return;
      Condition = Variable->getInit();
    } else if (const auto *Call = dyn_cast<CallExpr>(Condition)) {
      bool IsStatus = Call->getType()->isIntegerType() && !Call->getType()->isBooleanType();
      return decideCall(Call, IsStatus ? !Holds : Holds, Sites, State);
    } else {
      return;
    }
  }
}

} // namespace

void refineOnEdge(const CFGBlock &Block, unsigned Successor, const LockSites &Sites, LockSet &State) {
  if (Block.succ_size() != 2 || State.May.none())
    return;
  const auto *Condition = dyn_cast_or_null<Expr>(Block.getTerminatorCondition());
  while (Condition) { // of `a && b` the part that was evaluated last decides
    const auto *Logical = dyn_cast<BinaryOperator>(Condition->IgnoreParens());
    if (!Logical || !Logical->isLogicalOp())
      break;
    Condition = Logical->getRHS();
  }
  if (Condition && !isa_and_nonnull<SwitchStmt>(Block.getTerminatorStmt()))
    refineBy(Condition, Successor == 0, Sites, State);
}

} // namespace ward
