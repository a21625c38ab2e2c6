// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// What a spawn takes along.
#include "model/Callables.h"
#include "model/Spawns.h"

using namespace clang;

namespace ward {
namespace {

/// The callable parameter of \p Function, if what the capture brings is one: its captures are the caller's, who is asked
/// about them.
bool isCallersCallable(const ValueDecl *Variable, const FunctionModel *Function, CatalogIndex &Names) {
  const ParmVarDecl *Parameter = Function ? parameterBehind(Variable, *Function, Names) : nullptr;
  return Parameter && hidesCallable(Parameter->getType(), Function->Function, Names);
}

} // namespace

llvm::SmallVector<Captured, 4> Spawns::captured(const Spawn &Started) const {
  CatalogIndex &Names = Unit.names();
  llvm::SmallVector<Captured, 4> Result;
  auto AddLambda = [&](auto &&Self, const LambdaExpr *Lambda, SourceLocation Location, unsigned Depth) -> void {
    for (auto [Capture, Init] : llvm::zip(Lambda->captures(), Lambda->capture_inits())) {
      Captured One;
      One.Location = Location;
      One.Lambda = Lambda;
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
      if (isCallersCallable(Variable, Started.In, Names))
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
      // A closure in a closure brings its own captures.
      const LambdaExpr *Inner = nullptr;
      if (const auto *Local = dyn_cast<VarDecl>(Variable); Local && Depth > 0 && Local->getInit())
        Inner = lambdaOf(Local->getInit(), Names);
      if (Inner)
        Self(Self, Inner, Location, Depth - 1);
      else
        Result.push_back(std::move(One));
    }
  };
  auto Add = [&](const Expr *E, bool IsCallable) {
    SourceLocation Location = E->getBeginLoc();
    if (const LambdaExpr *Lambda = lambdaOf(E, Names)) {
      AddLambda(AddLambda, Lambda, Location, 4);
      return;
    }
    if (const ParmVarDecl *Parameter = Started.In ? parameterOf(E, *Started.In, Names) : nullptr)
      if (Started.In->Function->isTemplateInstantiation() || hidesCallable(Parameter->getType(), Started.In->Function, Names))
        return; // given on: its caller is asked
    const Expr *Value = givenValue(E, Names);
    if (const auto *Call = dyn_cast<CallExpr>(Value))
      if (const FunctionEntry *Entry = Call->getDirectCallee() ? Names.function(Call->getDirectCallee()) : nullptr;
          Entry && Entry->Effect == FunctionEffect::Bind)
        return; // its arguments are added by the caller
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
  Add(Started.Callable, true);
  for (const Expr *Argument : Started.Arguments)
    Add(Argument, false);
  if (const auto *Call = dyn_cast_or_null<CallExpr>(givenValue(Started.Callable, Names)))
    if (const FunctionEntry *Entry = Call->getDirectCallee() ? Names.function(Call->getDirectCallee()) : nullptr;
        Entry && Entry->Effect == FunctionEffect::Bind)
      for (unsigned I = 0; I != Call->getNumArgs(); ++I)
        Add(Call->getArg(I), I == 0);
  return Result;
}

} // namespace ward
