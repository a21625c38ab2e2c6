// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The values that a spawn captures.
#include "model/Callables.h"
#include "model/Spawns.h"

using namespace clang;

namespace ward {
namespace {

/// The captured \p Variable is a callable parameter of \p Function; its captures are judged at the calls of \p Function.
bool isCallableParameter(const ValueDecl *Variable, const FunctionModel *Function, CatalogIndex &Names) {
  const ParmVarDecl *Parameter = Function ? parameterBehind(Variable, *Function, Names) : nullptr;
  return Parameter && hidesCallable(Parameter->getType(), Function->Function, Names);
}

} // namespace

const CallExpr *bindOf(const Expr *E, CatalogIndex &Names) {
  for (unsigned I = 0; E && I != 4; ++I) {
    E = originalValue(E, Names);
    if (const auto *Call = dyn_cast_or_null<CallExpr>(E)) {
      const FunctionEntry *Entry = Call->getDirectCallee() ? Names.function(Call->getDirectCallee()) : nullptr;
      return Entry && Entry->Effect == FunctionEffect::Bind ? Call : nullptr;
    }
    const auto *Ref = dyn_cast_or_null<DeclRefExpr>(E);
    const auto *Variable = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
    if (!Variable || isa<ParmVarDecl>(Variable))
      return nullptr;
    E = Variable->getInit();
  }
  return nullptr;
}

llvm::SmallVector<Captured, 4> Spawns::captured(const Spawn &Started) const {
  CatalogIndex &Names = Unit.names();
  llvm::SmallVector<Captured, 4> Result;
  auto AddLambda = [&](auto &&Self, const LambdaExpr *Lambda, SourceLocation Location, unsigned Depth) -> void {
    for (auto [Capture, Init] : llvm::zip(Lambda->captures(), Lambda->capture_inits())) {
      Captured One;
      One.Location = Location;
      One.Lambda = Lambda;
      if (!Init || Init->getType().isNull()) // in a template's pattern, or in code that Clang could not build
        continue;
      if (Capture.capturesThis()) {
        One.Name = "this";
        One.IsThis = Capture.getCaptureKind() == LCK_This; // a copy of *this is a value
        One.Type = One.IsThis ? Init->getType()->getPointeeType() : Init->getType();
        Result.push_back(std::move(One));
        continue;
      }
      if (!Capture.capturesVariable())
        continue;
      const ValueDecl *Variable = Capture.getCapturedVar();
      if (isCallableParameter(Variable, Started.In, Names))
        continue;
      One.Name = Variable->getNameAsString();
      One.Variable = Variable;
      One.Type = Variable->getType();
      if (const auto *Own = dyn_cast<VarDecl>(Variable); Own && Own->isInitCapture())
        One.Source = Own->getInit();
      else if (Capture.getCaptureKind() == LCK_ByRef && !One.Type->isReferenceType())
        One.Type = Unit.context().getLValueReferenceType(One.Type);
      else if (Capture.getCaptureKind() == LCK_ByCopy)
        One.Type = One.Type.getNonReferenceType();
      // A closure inside a closure adds its own captures.
      const LambdaExpr *Inner = nullptr;
      if (const auto *Local = dyn_cast<VarDecl>(Variable); Local && Depth > 0 && Local->getInit())
        Inner = lambdaOf(Local->getInit(), Names);
      // By reference, the inner closure itself is borrowed too.
      if (!Inner || One.Type->isReferenceType())
        Result.push_back(std::move(One));
      if (Inner)
        Self(Self, Inner, Location, Depth - 1);
    }
  };
  auto Add = [&](const Expr *E, bool IsCallable, SourceLocation Location) {
    if (const LambdaExpr *Lambda = lambdaOf(E, Names)) {
      AddLambda(AddLambda, Lambda, Location, 4);
      return;
    }
    if (const ParmVarDecl *Parameter = Started.In ? parameterOf(E, *Started.In, Names) : nullptr)
      if (Started.In->Function->isTemplateInstantiation() || hidesCallable(Parameter->getType(), Started.In->Function, Names))
        return; // passed on, and judged at the calls
    const Expr *Value = originalValue(E, Names);
    if (bindOf(E, Names))
      return; // its arguments are added below
    if (IsCallable && (Value->getType()->isFunctionType() || Value->getType()->isFunctionPointerType() ||
                       Value->getType()->isMemberPointerType()))
      return;
    Captured One;
    One.Location = Location;
    One.Source = E;
    One.Type = E->getType().getNonReferenceType();
    if (One.Type->isArrayType())
      One.Type = Unit.context().getDecayedType(One.Type);
    if (const auto *Ref = dyn_cast<DeclRefExpr>(Value)) {
      One.Variable = Ref->getDecl();
      One.Name = Ref->getDecl()->getNameAsString();
    }
    One.IsThis = isa<CXXThisExpr>(Value);
    if (One.IsThis) {
      One.Name = "this";
      One.Type = One.Type->getPointeeType();
    }
    Result.push_back(std::move(One));
  };
  if (Started.Body) { // a function of an object: what the object was given
    for (const GivenMember &Given : Started.Given) {
      QualType Type = Given.Field ? Given.Field->getType() : Given.Value->getType();
      if (!Given.Field && Given.Value->isGLValue() && !Type->isPointerType() && !Names.isPointer(classOf(Type)))
        Type = Unit.context().getLValueReferenceType(Type);
      if (const ParmVarDecl *Parameter = Started.In ? parameterOf(Given.Value, *Started.In, Names) : nullptr;
          Parameter && (Parameter->getType()->isReferenceType() || Parameter->getType()->isPointerType()))
        continue;
      Captured One;
      One.Location = Given.Value->getBeginLoc();
      One.Source = Given.Value;
      One.Member = Given.Field;
      One.Type = Type;
      if (const auto *Ref = dyn_cast<DeclRefExpr>(withoutAddressOf(originalValue(Given.Value, Names)))) {
        One.Variable = Ref->getDecl();
        One.Name = Ref->getDecl()->getNameAsString();
      }
      Result.push_back(std::move(One));
    }
    // The object itself, unless it was made for the thread.
    const Expr *Object = withoutAddressOf(originalValue(Started.Callable, Names));
    const auto *Ref = dyn_cast<DeclRefExpr>(Object);
    const auto *Variable = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
    if (Variable && Variable->hasLocalStorage() && Variable->getType()->isRecordType() && !Names.isPointer(classOf(Variable->getType()))) {
      Captured One;
      One.Name = Variable->getNameAsString();
      One.Variable = Variable;
      One.Source = Object;
      One.Location = Started.Callable->getBeginLoc();
      One.Type = Unit.context().getLValueReferenceType(Variable->getType());
      One.IsOwner = Started.Callable == Started.Owner;
      Result.push_back(std::move(One));
    }
    return Result;
  }
  Add(Started.Callable, true, Started.Callable->getBeginLoc());
  for (const Expr *Argument : Started.Arguments)
    Add(Argument, false, Argument->getBeginLoc());
  if (const CallExpr *Call = bindOf(Started.Callable, Names)) {
    bool AtSite = isa<CallExpr>(originalValue(Started.Callable, Names)); // otherwise a variable that may be defined far away
    for (unsigned I = 0; I != Call->getNumArgs(); ++I)
      Add(Call->getArg(I), I == 0, AtSite ? Call->getArg(I)->getBeginLoc() : Started.Callable->getBeginLoc());
  }
  return Result;
}

} // namespace ward
