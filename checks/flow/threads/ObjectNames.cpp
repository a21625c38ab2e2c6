// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// How the code of threads and functions names the objects that it is given.
#include "flow/threads/ObjectAccesses.h"

#include "model/CallEffects.h"
#include "model/Callables.h"
#include "model/Records.h"
#include "model/SharedCount.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace ward {
namespace {

/// The x of `&x`, `std::ref(x)` and the like.
const Expr *withoutForward(const Expr *E, CatalogIndex &Names) {
  E = withoutAddressOf(E);
  const auto *Call = dyn_cast<CallExpr>(E);
  const FunctionEntry *Entry = Call && Call->getDirectCallee() ? Names.function(Call->getDirectCallee()) : nullptr;
  return Entry && Entry->Effect == FunctionEffect::Forward && Call->getNumArgs() == 1 ? stripped(Call->getArg(0)) : E;
}

/// \p E moves a pointer that alone owns its object, `std::move(p)`: whoever gets it has the object, and p does not lead to it any more.
bool givesAway(const Expr *E, CatalogIndex &Names) {
  E = E->IgnoreImplicit();
  while (const auto *Construct = dyn_cast<CXXConstructExpr>(E)) {
    if (Construct->getNumArgs() != 1)
      return false;
    E = Construct->getArg(0)->IgnoreImplicit();
  }
  const TagDecl *Class = classOf(E->getType());
  return E->isXValue() && Names.isPointer(Class) && Names.isValue(Class) && !sharesOwnership(E->getType(), Names);
}

} // namespace

std::optional<ReachedPlace> ObjectAccesses::objectOf(const Expr *E, bool IsPointer) {
  PlaceFinder &Places = CallEffects::of(Unit).places();
  ReachedPlaces Reached = IsPointer ? Places.referredTo(E) : Places.named(E);
  if (Reached.size() == 1)
    return Reached.front();
  if (Reached.empty() && !IsPointer)
    if (std::optional<AccessPath> Path = pathOf(E, Names))
      return ReachedPlace(std::move(*Path));
  return std::nullopt;
}

ReachedPlace ObjectAccesses::placeOf(const VarDecl *Variable) {
  PlaceFinder &Places = CallEffects::of(Unit).places();
  if (!isa<ParmVarDecl>(Variable) && Places.types().canRefer(Variable->getType()) && Names.rebindings().isNeverReassigned(Variable)) {
    if (ReachedPlaces Reached = Places.initialTargets(Variable); Reached.size() == 1)
      return Reached.front();
    // `auto self = shared_from_this();`, also of a class that has a lock.
    if (Variable->getInit() && !Variable->getType()->isReferenceType())
      if (std::optional<ReachedPlace> Object = objectOf(Variable->getInit(), /*IsPointer=*/true); Object && Object->Path.isThis())
        return *Object;
  }
  ReachedPlace Itself(AccessPath::ofVariable(Variable));
  if (Places.types().canRefer(Variable->getType()))
    Itself.Pointer = 0;
  return Itself;
}

llvm::SmallVector<int64_t, 1> ObjectAccesses::constantIndices(const Expr *E) const {
  llvm::SmallVector<int64_t, 1> Result;
  while (true) {
    E = stripped(E);
    const Expr *Index = nullptr;
    if (const auto *Subscript = dyn_cast<ArraySubscriptExpr>(E)) {
      Index = Subscript->getIdx();
      E = Subscript->getBase();
    } else if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E); Operator && Operator->getOperator() == OO_Subscript) {
      Index = Operator->getArg(1);
      E = Operator->getArg(0);
    } else if (const auto *Member = dyn_cast<MemberExpr>(E)) {
      E = Member->getBase();
      continue;
    } else {
      return isa<DeclRefExpr, CXXThisExpr>(E) ? Result : llvm::SmallVector<int64_t, 1>();
    }
    Expr::EvalResult Value;
    if (Index->isValueDependent() || !Index->getType()->isIntegralOrEnumerationType() || !Index->EvaluateAsInt(Value, Unit.context()))
      return {};
    Result.push_back(Value.Val.getInt().getExtValue());
  }
}

void ObjectAccesses::nameCaptures(const LambdaExpr *Lambda, llvm::SmallVectorImpl<ObjectName> &Into) {
  // Without a copy of its own, `this` is that of the code around: captured, or what an init-capture was made from.
  if (llvm::none_of(Lambda->captures(), [](const LambdaCapture &Capture) { return Capture.getCaptureKind() == LCK_StarThis; }))
    Into.push_back({AccessPath::ofThis(), AccessPath::ofThis()});
  for (auto [Capture, Init] : llvm::zip(Lambda->captures(), Lambda->capture_inits())) {
    if (!Capture.capturesVariable())
      continue;
    const auto *Variable = dyn_cast<VarDecl>(Capture.getCapturedVar());
    if (!Variable)
      continue;
    AccessPath Inner = AccessPath::ofVariable(Variable);
    if (Variable->isInitCapture()) {
      bool ByReference = Variable->getType()->isReferenceType();
      const Expr *From = Variable->getInit();
      if (std::optional<ReachedPlace> Object = From && !givesAway(From, Names) ? objectOf(From, !ByReference) : std::nullopt)
        Into.push_back({Inner, Object->Path, Object->isIndirect(), !ByReference, constantIndices(withoutAddressOf(From))});
    } else if (Capture.getCaptureKind() == LCK_ByCopy) {
      ReachedPlace Place = placeOf(Variable);
      Into.push_back({Inner, Place.Path, Place.isIndirect(), /*IsCopy=*/true});
    }
  }
}

void ObjectAccesses::nameArguments(const FunctionDecl *Code, const Expr *Object, ArrayRef<const Expr *> Arguments,
                                   llvm::SmallVectorImpl<ObjectName> &Into, bool ByValue) {
  ReferringTypes &Types = CallEffects::of(Unit).places().types();
  auto Refers = [&](const Expr *E) { return Types.canRefer(E->getType().getNonReferenceType()); };
  if (Object) {
    bool IsPointer = ByValue || Object->getType()->isPointerType() || Names.isPointer(classOf(Object->getType()));
    if (!ByValue || Refers(Object) || isa<CallExpr>(stripped(Object)))
      if (std::optional<ReachedPlace> Place = objectOf(Object, IsPointer))
        Into.push_back({AccessPath::ofThis(), Place->Path, Place->isIndirect(), false, constantIndices(withoutAddressOf(Object))});
    if (ByValue)
      nameMembersOf(AccessPath::ofThis(), withoutForward(Object, Names), Into);
  }
  for (unsigned I = 0; I != Arguments.size() && I != Code->getNumParams(); ++I) {
    const ParmVarDecl *Parameter = Code->getParamDecl(I);
    const Expr *Argument = Arguments[I];
    bool ByReference = Parameter->getType()->isReferenceType();
    // A thread copies its arguments; a reference parameter refers to the copy, unless that is a reference itself.
    if (ByValue ? !Refers(Argument) && !isa<CallExpr>(stripped(Argument)) : !ByReference && !Refers(Argument))
      continue;
    if ((ByValue || !ByReference) && givesAway(Argument, Names))
      continue;
    bool OfPointer = !ByReference || ByValue;
    if (std::optional<ReachedPlace> Place = objectOf(Argument, OfPointer)) {
      bool IsPointer = Types.canRefer(Parameter->getType().getNonReferenceType());
      Into.push_back({AccessPath::ofVariable(Parameter), Place->Path, Place->isIndirect(), ByReference ? ByValue && IsPointer : true,
                      constantIndices(withoutForward(Argument, Names))});
    }
    if (ByValue) // a structure of arguments: what that refers to
      nameMembersOf(AccessPath::ofVariable(Parameter), withoutForward(Argument, Names), Into);
  }
}

llvm::SmallVector<ObjectName, 4> ObjectAccesses::given(const Spawn &Started) {
  llvm::SmallVector<ObjectName, 4> Result;
  const FunctionModel *Body = Flow.spawns().bodyOf(Started);
  if (!Body)
    return Result;
  const Expr *Callable = Started.Callable;
  if (Started.Body) { // a function of an object
    for (const GivenMember &Given : Started.Given)
      nameMember(Given.Field, Given.Value, Result);
    const Expr *Object = withoutAddressOf(originalValue(Callable, Names));
    if (isa<DeclRefExpr, CXXThisExpr, MemberExpr>(Object))
      if (std::optional<ReachedPlace> Place = objectOf(Callable, Callable->getType()->isPointerType() || Names.isPointer(classOf(Callable->getType()))))
        Result.push_back({AccessPath::ofThis(), Place->Path, Place->isIndirect()});
    return Result;
  }
  llvm::SmallVector<const Expr *, 4> Arguments(Started.Arguments.begin(), Started.Arguments.end());
  if (const CallExpr *Bound = bindOf(Callable, Names); Bound && Bound->getNumArgs() > 0) {
    Callable = Bound->getArg(0);
    Arguments.assign(Bound->arg_begin() + 1, Bound->arg_end());
  }
  const auto *Method = dyn_cast<CXXMethodDecl>(Body->Function);
  const Expr *Object = nullptr;
  if (const LambdaExpr *Lambda = lambdaOf(Callable, Names)) {
    nameCaptures(Lambda, Result);
  } else if (Method && Method->getOverloadedOperator() == OO_Call) {
    const auto *Passed = dyn_cast<CallExpr>(stripped(Callable)); // std::ref(object)
    const FunctionEntry *Entry = Passed && Passed->getDirectCallee() ? Names.function(Passed->getDirectCallee()) : nullptr;
    if (Entry && Entry->Effect == FunctionEffect::Forward && Passed->isPRValue() && Passed->getNumArgs() == 1) {
      if (std::optional<ReachedPlace> Place = objectOf(Passed->getArg(0), /*IsPointer=*/false))
        Result.push_back({AccessPath::ofThis(), Place->Path, Place->isIndirect()});
    } else {
      nameParts(Callable, Result);
    }
  } else if (Method && !Method->isStatic() && !Arguments.empty()) {
    Object = Arguments.front();
    Arguments.erase(Arguments.begin());
  }
  nameArguments(Body->Function, Object, Arguments, Result, /*ByValue=*/true);
  return Result;
}

llvm::SmallVector<ObjectName, 4> ObjectAccesses::namesAt(const CallEdge &Edge) {
  llvm::SmallVector<ObjectName, 4> Result;
  nameArguments(Edge.Callee->Function, nullptr, Edge.How.Arguments, Result, /*ByValue=*/false);
  for (unsigned I = 0; I != Edge.How.Arguments.size() && I != Edge.Callee->Function->getNumParams(); ++I)
    nameMembersOf(AccessPath::ofVariable(Edge.Callee->Function->getParamDecl(I)), Edge.How.Arguments[I], Result);
  const auto *Method = dyn_cast<CXXMethodDecl>(Edge.Callee->Function);
  if (!Method || Method->isStatic() || ward::isClosure(Method))
    return Result;
  if (isa<CXXConstructorDecl>(Method))
    nameParts(Edge.Site, Result);
  else if (Edge.How.isOnThis())
    Result.push_back({AccessPath::ofThis(), AccessPath::ofThis()});
  else if (Edge.How.Object)
    nameObject(Edge.How.Object, *Edge.Caller, Result);
  return Result;
}

llvm::SmallVector<ObjectName, 4> throughNames(ArrayRef<ObjectName> Inner, ArrayRef<ObjectName> Outer) {
  auto Append = [](AccessPath To, ArrayRef<AccessPath::Step> Steps) { return To.append(Steps); };
  llvm::SmallVector<ObjectName, 4> Result;
  for (const ObjectName &Name : Inner) {
    const ObjectName *Through = nullptr;
    for (const ObjectName &Each : Outer) {
      if (Name.Outer.startsWith(Each.Inner) && (!Through || Each.Inner.steps().size() > Through->Inner.steps().size()))
        Through = &Each;
      else if (Each.Inner.startsWith(Name.Outer)) // a part of what it names
        Result.push_back({Append(Name.Inner, Each.Inner.steps().drop_front(Name.Outer.steps().size())), Each.Outer, Each.IsPointee, Each.IsCopy, Each.At});
    }
    if (!Through)
      continue;
    bool IsWhole = Name.Outer == Through->Inner;
    if (IsWhole && Through->IsCopy && !Name.IsCopy && !Name.Inner.isThis())
      continue; // it refers to the callee's own copy
    Result.push_back({Name.Inner, Append(Through->Outer, Name.Outer.steps().drop_front(Through->Inner.steps().size())),
                      Name.IsPointee && !(IsWhole && !Through->IsPointee), Name.IsCopy, Name.At.empty() ? Through->At : Name.At});
  }
  return Result;
}

} // namespace ward
