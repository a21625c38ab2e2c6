// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "capture/BorrowFlags.h"

#include "model/AccessPath.h"

#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace ward {
namespace {

/// A local bool, and the value that it has where a use runs.
struct FlagValue {
  const VarDecl *Flag;
  bool Value;
};

/// What holds where \p Condition is \p Outcome: each flag that must have some value for that.
void collectFlags(const Expr *Condition, bool Outcome, llvm::SmallVectorImpl<FlagValue> &Into) {
  Condition = stripped(Condition);
  if (const auto *Not = dyn_cast<UnaryOperator>(Condition); Not && Not->getOpcode() == UO_LNot)
    return collectFlags(Not->getSubExpr(), !Outcome, Into);
  if (const auto *Binary = dyn_cast<BinaryOperator>(Condition);
      Binary && Binary->getOpcode() == (Outcome ? BO_LAnd : BO_LOr)) {
    collectFlags(Binary->getLHS(), Outcome, Into);
    return collectFlags(Binary->getRHS(), Outcome, Into);
  }
  const auto *Ref = dyn_cast<DeclRefExpr>(Condition);
  const auto *Flag = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
  if (Flag && Flag->isLocalVarDecl() && Flag->getType()->isBooleanType())
    Into.push_back({Flag, Outcome});
}

/// The flags on which it depends that \p Use runs, by the branches and operators around it and the early exits before
/// it.
llvm::SmallVector<FlagValue, 4> flagsAt(const Stmt *Use, const StmtParents &Around) {
  llvm::SmallVector<FlagValue, 4> Result;
  for (const Stmt *S = Use, *Parent = Around.parent(S); Parent; S = Parent, Parent = Around.parent(Parent)) {
    if (const auto *Binary = dyn_cast<BinaryOperator>(Parent); Binary && Binary->isLogicalOp() && S == Binary->getRHS())
      collectFlags(Binary->getLHS(), Binary->getOpcode() == BO_LAnd, Result);
    else if (const auto *Conditional = dyn_cast<ConditionalOperator>(Parent);
             Conditional && S != Conditional->getCond())
      collectFlags(Conditional->getCond(), S == Conditional->getTrueExpr(), Result);
    else if (const auto *If = dyn_cast<IfStmt>(Parent); If && (S == If->getThen() || S == If->getElse()))
      collectFlags(If->getCond(), S == If->getThen(), Result);
    else if (const auto *While = dyn_cast<WhileStmt>(Parent); While && S == While->getBody())
      collectFlags(While->getCond(), true, Result);
    else if (const auto *Block = dyn_cast<CompoundStmt>(Parent))
      for (const Stmt *Before : Block->body()) {
        if (Before == S)
          break;
        if (const auto *Leaves = dyn_cast<IfStmt>(Before); Leaves && alwaysLeaves(Leaves->getThen()))
          collectFlags(Leaves->getCond(), false, Result);
      }
  }
  return Result;
}

/// The value that \p S assigns to \p Flag; none if it assigns none.
std::optional<bool> assignedBy(const Stmt *S, const VarDecl *Flag) {
  const auto *E = dyn_cast_or_null<Expr>(S);
  const auto *Assign = E ? dyn_cast<BinaryOperator>(stripped(E)) : nullptr;
  const auto *Ref =
      Assign && Assign->getOpcode() == BO_Assign ? dyn_cast<DeclRefExpr>(stripped(Assign->getLHS())) : nullptr;
  const auto *Value =
      Ref && Ref->getDecl() == Flag ? dyn_cast<CXXBoolLiteralExpr>(stripped(Assign->getRHS())) : nullptr;
  return Value ? std::optional(Value->getValue()) : std::nullopt;
}

/// \p S assigns to \p Variable.
bool assigns(const Stmt *S, const VarDecl *Variable) {
  const auto *E = dyn_cast_or_null<Expr>(S);
  const Expr *Target = nullptr;
  E = E ? stripped(E) : nullptr;
  if (const auto *Binary = dyn_cast_or_null<BinaryOperator>(E); Binary && Binary->getOpcode() == BO_Assign)
    Target = Binary->getLHS();
  else if (const auto *Operator = dyn_cast_or_null<CXXOperatorCallExpr>(E);
           Operator && Operator->getOperator() == OO_Equal)
    Target = Operator->getArg(0);
  const auto *Ref = Target ? dyn_cast<DeclRefExpr>(stripped(Target)) : nullptr;
  return Ref && Ref->getDecl() == Variable;
}

/// Every assignment in \p S, a part of a function's body, that gives \p Flag its value stands beside one to \p
/// Variable; no other value than a literal is assigned.
bool isSetWith(const Stmt *S, const FlagValue &Flag, const VarDecl *Variable) {
  if (!S)
    return true;
  if (const auto *Block = dyn_cast<CompoundStmt>(S)) {
    bool Sets =
        llvm::any_of(Block->body(), [&](const Stmt *Each) { return assignedBy(Each, Flag.Flag) == Flag.Value; });
    if (Sets && llvm::none_of(Block->body(), [&](const Stmt *Each) { return assigns(Each, Variable); }))
      return false;
    return llvm::all_of(Block->body(), [&](const Stmt *Each) {
      return assignedBy(Each, Flag.Flag) || isSetWith(Each, Flag, Variable);
    });
  }
  if (assigns(S, Flag.Flag))
    return assignedBy(S, Flag.Flag) == !Flag.Value;
  return llvm::all_of(S->children(), [&](const Stmt *Child) { return isSetWith(Child, Flag, Variable); });
}

} // namespace

bool isKeptByFlag(const DeclRefExpr *Use, const VarDecl *Variable, const Expr *Change, const Stmt *Body,
                  const StmtParents &Around) {
  const Stmt *Block = Around.parent(Change);
  while (Block && !isa<CompoundStmt>(Block))
    Block = Around.parent(Block);
  if (!Block)
    return false;
  for (const FlagValue &Flag : flagsAt(Use, Around))
    if (llvm::any_of(cast<CompoundStmt>(Block)->body(),
                     [&](const Stmt *Each) { return assignedBy(Each, Flag.Flag) == !Flag.Value; }) &&
        isSetWith(Body, Flag, Variable))
      return true;
  return false;
}

} // namespace ward
