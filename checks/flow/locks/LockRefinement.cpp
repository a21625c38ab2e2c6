// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/locks/LockRefinement.h"

#include "model/Annotations.h"

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
void decideCall(const CallExpr *Call, bool Succeeded, const LockSites &Sites, LockSet &State, bool OnlyTries = false) {
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
    if (Sites[Site].Tries || (!OnlyTries && Call->getType()->isIntegerType() && Types.effectOf(Call)))
      decideTry(Site, Succeeded, State);
}

/// The result of \p Call, of a lock function, is a status, of which zero is success. In C, a boolean may have the type int too.
bool returnsStatus(const CallExpr *Call, CatalogIndex &Names) {
  if (!Call->getType()->isIntegerType() || Call->getType()->isBooleanType())
    return false;
  const FunctionDecl *Callee = Call->getDirectCallee();
  const FunctionEntry *Entry = Callee ? Names.function(Callee) : nullptr;
  std::optional<TriedLocks> Tried = Callee && !Entry ? triedLocks(Callee, Names) : std::nullopt;
  return Entry ? !Entry->Truthy : !(Tried && Tried->Success);
}

/// How many blocks with a single predecessor are followed back to an assignment.
constexpr unsigned MaxBlocks = 4;

/// The value that \p Variable has at the end of \p Block, if it was assigned or declared there or on the only way to it; null otherwise.
const Expr *lastValueOf(const VarDecl *Variable, const CFGBlock *Block) {
  for (unsigned Count = 0; Block && Count != MaxBlocks; ++Count) {
    for (const CFGElement &Element : llvm::reverse(*Block)) {
      std::optional<CFGStmt> S = Element.getAs<CFGStmt>();
      if (!S)
        continue;
      if (const auto *Declaration = dyn_cast<DeclStmt>(S->getStmt()))
        if (llvm::is_contained(Declaration->decls(), Variable))
          return Variable->getInit();
      auto Names = [&](const Expr *E) {
        const auto *Ref = dyn_cast<DeclRefExpr>(E->IgnoreParenImpCasts());
        return Ref && Ref->getDecl() == Variable;
      };
      if (const auto *Binary = dyn_cast<BinaryOperator>(S->getStmt()); Binary && Binary->isAssignmentOp() && Names(Binary->getLHS()))
        return Binary->getOpcode() == BO_Assign ? Binary->getRHS() : nullptr;
      if (const auto *Unary = dyn_cast<UnaryOperator>(S->getStmt());
          Unary && (Unary->isIncrementDecrementOp() || Unary->getOpcode() == UO_AddrOf) && Names(Unary->getSubExpr()))
        return nullptr;
    }
    Block = Block->pred_size() == 1 ? static_cast<const CFGBlock *>(*Block->pred_begin()) : nullptr;
  }
  return nullptr;
}

/// \p Condition, at the end of \p Block, was \p Holds.
void refineBy(const Expr *Condition, bool Holds, const CFGBlock &Block, const LockSites &Sites, LockSet &State) {
  bool OnlyTries = false;
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
      else if (Equal)
        OnlyTries = Holds = true; // another status, such as EBUSY; a lock function has some that mean success
      else
        return;
      Condition = Left;
    } else if (std::optional<unsigned> Site =
                   isa<DeclRefExpr>(Condition) ? Sites.ofGuardNamedBy(Condition) : std::nullopt) {
      return decideTry(*Site, Holds, State); // in a template's pattern
    } else if (const auto *Ref = dyn_cast<DeclRefExpr>(Condition)) {
      const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl());
      if (!Variable || !Variable->isLocalVarDecl() || !Variable->getType()->isIntegralOrEnumerationType())
        return;
      bool IsFixed = Variable->getInit() && Sites.unit().names().rebindings().isNeverReassigned(Variable);
      Condition = IsFixed ? Variable->getInit() : lastValueOf(Variable, &Block);
    } else if (const auto *Call = dyn_cast<CallExpr>(Condition)) {
      return decideCall(Call, returnsStatus(Call, Sites.unit().names()) ? !Holds : Holds, Sites, State, OnlyTries);
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
    refineBy(Condition, Successor == 0, Block, Sites, State);
}

} // namespace ward
