// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "model/Rebindings.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace ward {

/// Adds the variable or field that \p E itself names, rather than its pointee.
void Rebindings::addNamed(const Expr *E, const Expr *Value, Changed &Out) {
  E = E->IgnoreParenImpCasts();
  const ValueDecl *Named = nullptr;
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E))
    Named = Ref->getDecl();
  else if (const auto *Member = dyn_cast<MemberExpr>(E))
    Named = Member->getMemberDecl();
  if (!Named)
    return;
  Change &Known = Out.Of[cast<ValueDecl>(Named->getCanonicalDecl())];
  ++Known.Count;
  Known.Value = Value;
  Known.Last = ++Out.Changes;
}

void Rebindings::addArguments(const FunctionDecl *Callee, llvm::ArrayRef<const Expr *> Arguments, Changed &Out) {
  for (unsigned I = 0; I != Arguments.size() && I != Callee->getNumParams(); ++I) {
    QualType Type = Callee->getParamDecl(I)->getType();
    if (Type->isReferenceType() && !Type->getPointeeType().isConstQualified())
      addNamed(Arguments[I], nullptr, Out);
  }
}

void Rebindings::collect(const Stmt *S, Changed &Out) {
  if (!S)
    return;
  if (const auto *Binary = dyn_cast<BinaryOperator>(S); Binary && Binary->isAssignmentOp())
    addNamed(Binary->getLHS(), Binary->getOpcode() == BO_Assign ? Binary->getRHS() : nullptr, Out);
  else if (const auto *Unary = dyn_cast<UnaryOperator>(S);
           Unary && (Unary->isIncrementDecrementOp() || Unary->getOpcode() == UO_AddrOf))
    addNamed(Unary->getSubExpr(), nullptr, Out);
  else if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(S)) {
    const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Operator->getDirectCallee());
    bool Accesses = Operator->getOperator() == OO_Arrow || Operator->getOperator() == OO_Star || Operator->getOperator() == OO_Subscript;
    if (Method && !Method->isConst() && !Accesses)
      addNamed(Operator->getArg(0), nullptr, Out);
  } else if (const auto *Call = dyn_cast<CXXMemberCallExpr>(S)) {
    const auto *Member = dyn_cast<MemberExpr>(Call->getCallee()->IgnoreParens());
    if (Member && !Member->isArrow() && Call->getMethodDecl() && !Call->getMethodDecl()->isConst())
      addNamed(Call->getImplicitObjectArgument(), nullptr, Out);
  }
  if (const auto *Call = dyn_cast<CallExpr>(S); Call && Call->getDirectCallee() && !isa<CXXOperatorCallExpr>(Call))
    addArguments(Call->getDirectCallee(), {Call->getArgs(), Call->getNumArgs()}, Out);
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(S))
    addArguments(Construct->getConstructor(), {Construct->getArgs(), Construct->getNumArgs()}, Out);
  for (const Stmt *Child : S->children())
    collect(Child, Out);
}

const Rebindings::Changed &Rebindings::changedInFunctionOf(const VarDecl *Variable) {
  const DeclContext *Context = Variable->getDeclContext();
  // Changes in a lambda of the function count too, so examine the outermost function.
  const FunctionDecl *Outermost = nullptr;
  for (const DeclContext *Up = Context; Up; Up = Up->getParent())
    if (const auto *Function = dyn_cast<FunctionDecl>(Up))
      Outermost = Function;
  auto [It, New] = Cache.try_emplace(Outermost);
  if (New && Outermost && Outermost->hasBody()) {
    Changed Found;
    collect(Outermost->getBody(), Found);
    Cache[Outermost] = std::move(Found);
    return Cache[Outermost];
  }
  return It->second;
}

bool Rebindings::isNeverReassigned(const VarDecl *Variable) {
  return Variable->isLocalVarDecl() && !changedInFunctionOf(Variable).contains(Variable->getCanonicalDecl());
}

bool Rebindings::isReassignedAfter(const VarDecl *Variable, const VarDecl *Other) {
  const Changed &All = changedInFunctionOf(Variable);
  auto Last = All.Of.find(Variable->getCanonicalDecl()), Before = All.Of.find(Other->getCanonicalDecl());
  return Last != All.Of.end() && (Before == All.Of.end() || Before->second.Last < Last->second.Last);
}

const Expr *Rebindings::soleValue(const VarDecl *Variable) {
  if (Variable->getInit() || !Variable->isLocalVarDecl() || Variable->isStaticLocal())
    return isNeverReassigned(Variable) ? Variable->getInit() : nullptr;
  const Changed &All = changedInFunctionOf(Variable);
  auto It = All.Of.find(Variable->getCanonicalDecl());
  return It != All.Of.end() && It->second.Count == 1 ? It->second.Value : nullptr;
}

bool Rebindings::isFieldNeverReassigned(const VarDecl *Variable, const FieldDecl *Field) {
  return !changedInFunctionOf(Variable).contains(Field->getCanonicalDecl());
}

} // namespace ward
