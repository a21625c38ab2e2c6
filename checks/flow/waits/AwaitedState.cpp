// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/waits/AwaitedState.h"

#include "model/OwnWaits.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace ward {

bool isUserCode(const FunctionDecl *Function) { return Function && !isLibraryCode(Function) && !Function->getBuiltinID(); }

bool AwaitedState::isReadBy(const Expr *E, const CallExpr *AroundWait, llvm::ArrayRef<const Stmt *> AssignedIn) {
  Wait = AroundWait;
  Assignments = AssignedIn;
  return E && (E->containsErrors() || reads(E));
}

bool AwaitedState::reads(const Stmt *S) {
  if (!S || S == Wait || isa<LambdaExpr>(S))
    return false;
  if (const auto *Ref = dyn_cast<DeclRefExpr>(S)) {
    if (const auto *Binding = dyn_cast<BindingDecl>(Ref->getDecl()))
      return !isa<VarDecl>(Binding->getDecomposedDecl()) || isState(cast<VarDecl>(Binding->getDecomposedDecl()));
    const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl());
    return Variable && (Ref->refersToEnclosingVariableOrCapture() || isState(Variable));
  }
  if (const auto *Member = dyn_cast<MemberExpr>(S); Member && isa<FieldDecl>(Member->getMemberDecl())) {
    QualType Type = Member->getType();
    if (Unit.types().guard(Type) || Unit.types().mutex(Type))
      return false;
    if (const auto *Base = dyn_cast<DeclRefExpr>(stripped(Member->getBase())); Base && !Member->isArrow())
      return reads(Base);
    return true;
  }
  if (isa<CXXDependentScopeMemberExpr, UnresolvedLookupExpr, UnresolvedMemberExpr, CXXThisExpr>(S))
    return true;
  if (const auto *Call = dyn_cast<CallExpr>(S)) {
    if (waitOf(Call, Unit))
      return false;
    CallSite Site = CallSite::of(Call);
    if (!Site.Callee || isUserCode(Site.Callee))
      return true;
    if (Site.Object && reads(Site.Object))
      return true;
    return llvm::any_of(Site.Arguments, [&](const Expr *Argument) { return reads(Argument); });
  }
  return llvm::any_of(S->children(), [&](const Stmt *Child) { return reads(Child); });
}

bool AwaitedState::isState(const VarDecl *Variable) {
  QualType Type = Variable->getType();
  if (Type->isDependentType())
    return true;
  if (Unit.types().guard(Type.getNonReferenceType()) || Unit.types().mutex(Type.getNonReferenceType()))
    return false;
  if (Variable->hasGlobalStorage())
    return !Variable->isConstexpr() && !(Type.isConstQualified() && Type->isScalarType());
  if (Variable->getDeclContext() != Function.Function || Type->isReferenceType() || Type->isAnyPointerType())
    return true; // a variable of the enclosing function, or another object
  if (const TagDecl *Class = classOf(Type)) {
    if (Unit.names().isPointer(Class) || Unit.names().isAtomic(Class))
      return true;
    const auto *Record = dyn_cast<CXXRecordDecl>(Class);
    if (Record && !Unit.names().isValue(Class) && !Unit.types().isValue(Type) && !Record->isPOD())
      return true;
  }
  if (isEscaping(Variable))
    return true;
  // The thread's own value: it counts if it is set from state around the wait.
  if (!Asking.insert(Variable).second)
    return false;
  bool Result = llvm::any_of(Assignments, [&](const Stmt *S) { return assignsState(S, Variable); });
  Asking.erase(Variable);
  return Result;
}

bool AwaitedState::assignsState(const Stmt *S, const VarDecl *Variable) {
  auto Names = [&](const Expr *E) {
    const auto *Ref = dyn_cast<DeclRefExpr>(stripped(E));
    return Ref && Ref->getDecl() == Variable;
  };
  auto ReadsState = [&](const Expr *E) { return E->containsErrors() || reads(E); };
  if (const auto *Declaration = dyn_cast<DeclStmt>(S))
    return llvm::is_contained(Declaration->decls(), Variable) && Variable->getInit() && ReadsState(Variable->getInit());
  if (const auto *Binary = dyn_cast<BinaryOperator>(S))
    return Binary->isAssignmentOp() && Names(Binary->getLHS()) && ReadsState(Binary->getRHS());
  const auto *Call = dyn_cast<CallExpr>(S);
  if (!Call || Call == Wait)
    return false;
  CallSite Site = CallSite::of(Call);
  bool Passes = (Site.Object && Names(Site.Object)) ||
                llvm::any_of(Site.Arguments, [&](const Expr *Argument) { return Argument->isLValue() && Names(Argument); });
  return Passes && ReadsState(Call);
}

/// A closure captures \p Variable by reference, or its address is taken.
bool AwaitedState::isEscaping(const VarDecl *Variable) const {
  auto Search = [&](auto &&Self, const Stmt *S) -> bool {
    if (!S)
      return false;
    if (const auto *Lambda = dyn_cast<LambdaExpr>(S))
      return llvm::any_of(Lambda->captures(), [&](const LambdaCapture &Capture) {
        return Capture.capturesVariable() && Capture.getCapturedVar() == Variable && Capture.getCaptureKind() == LCK_ByRef;
      });
    if (const auto *Unary = dyn_cast<UnaryOperator>(S); Unary && Unary->getOpcode() == UO_AddrOf)
      if (const auto *Ref = dyn_cast<DeclRefExpr>(stripped(Unary->getSubExpr())); Ref && Ref->getDecl() == Variable)
        return true;
    return llvm::any_of(S->children(), [&](const Stmt *Child) { return Self(Self, Child); });
  };
  return Search(Search, Function.Body);
}

} // namespace ward
