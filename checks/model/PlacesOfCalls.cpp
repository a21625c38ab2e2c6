// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The places that the result of a call names or refers to.
#include "model/Callables.h"
#include "model/PlaceFinder.h"
#include "model/SharedCount.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace clang;

namespace ward {
namespace {

/// A function with more `return` statements than this returns anything.
constexpr size_t MaxReturns = 8;


/// The `return`s of \p S, those of nested lambdas apart.
void collectReturned(const Stmt *S, llvm::SmallVectorImpl<const Expr *> &Into) {
  if (!S || isa<LambdaExpr>(S) || Into.size() > MaxReturns)
    return;
  if (const auto *Return = dyn_cast<ReturnStmt>(S); Return && Return->getRetValue())
    Into.push_back(Return->getRetValue());
  if (isa<Expr>(S))
    return;
  for (const Stmt *Child : S->children())
    collectReturned(Child, Into);
}

bool isFromLvalueReference(const CallSite &Site, unsigned Index) {
  if (Index >= Site.Callee->getNumParams())
    return false;
  QualType Type = Site.Callee->getParamDecl(Index)->getType();
  return Type->isReferenceType() && !Type->getPointeeType().isConstQualified();
}

} // namespace

/// The places of the object that a member function is called for.
static const Expr *objectOf(const CallSite &Site) { return Site.OnThis ? nullptr : Site.Object; }

bool PlaceFinder::givesOwnMember(const CXXOperatorCallExpr *Operator) {
  if (Types.holdsItsObject(Operator->getArg(0)->getType()))
    return true;
  const FunctionDecl *Definition = visibleDefinition(Operator->getDirectCallee());
  if (!Definition || isLibraryCode(Definition) || !isa<CXXMethodDecl>(Definition) || !Definition->getBody())
    return false;
  const ReachedPlaces *Inner = returned(Definition);
  return Inner && !Inner->empty() &&
         llvm::all_of(*Inner, [](const ReachedPlace &Place) { return !Place.Path.root() && !Place.Path.steps().empty() && !Place.Pointer; });
}

ReachedPlaces PlaceFinder::namedByCall(const CallExpr *Call) {
  CallSite Site = CallSite::of(Call);
  const Expr *Object = objectOf(Site);
  auto ObjectPlaces = [&] {
    ReachedPlaces Result;
    if (Object)
      return Object->getType()->isPointerType() ? valueOf(Object) : namedBy(Object);
    Result.add(ReachedPlace(AccessPath::ofThis()));
    return Result;
  };
  if (!Site.Callee) {
    // In a template's pattern: an element of a library's container.
    const auto *Member = dyn_cast<CXXDependentScopeMemberExpr>(Call->getCallee()->IgnoreParens());
    if (Member && !Member->isImplicitAccess() && !Member->isArrow() && Names.isValue(classOf(Member->getBaseType())))
      return element(namedBy(Member->getBase()), Call->getNumArgs() > 0);
    if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call); Operator && Operator->getOperator() == OO_Subscript)
      return element(namedBy(Operator->getArg(0)), /*Selected=*/true);
    return {};
  }
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call)) {
    const Expr *First = Operator->getNumArgs() > 0 ? Operator->getArg(0) : nullptr;
    switch (First ? Operator->getOperator() : OO_None) {
    case OO_Star:
      if (Operator->getNumArgs() == 1) {
        if (givesOwnMember(Operator))
          return namedBy(First);
        ReachedPlaces Result = valueOf(First);
        return Result.empty() ? behind(namedBy(First)) : Result;
      }
      return {};
    case OO_Subscript:
      return element(canRefer(First->getType()) && !Names.isValue(classOf(First->getType())) ? valueOf(First) : namedBy(First), true);
    case OO_PlusPlus:
    case OO_MinusMinus:
    case OO_LessLess:
    case OO_GreaterGreater:
      return namedBy(First);
    case OO_Call:
      break;
    default:
      if (Operator->isAssignmentOp())
        return namedBy(First);
    }
  }
  if (const FunctionEntry *Entry = Names.function(Site.Callee))
    if (Entry->Effect == FunctionEffect::Forward && Site.Arguments.size() == 1)
      return namedBy(Site.Arguments[0]);
  if (const auto *Method = dyn_cast<CXXMethodDecl>(Site.Callee); Method && Object && !Method->isStatic() && !isClosure(Site.Callee)) {
    QualType Type = Object->getType()->isPointerType() ? Object->getType()->getPointeeType() : Object->getType();
    if (Names.isPointer(Method->getParent()))
      return Types.holdsItsObject(Type) ? namedBy(Object) : valueOf(Object);
    if (Names.isValue(Method->getParent()))
      return element(ObjectPlaces(), !Site.Arguments.empty());
    if (isLibraryCode(Method) && canRefer(Type))
      return element(valueOf(Object), !Site.Arguments.empty());
  }
  if (std::optional<ReachedPlaces> Result = returnedBy(Site))
    return *Result;
  if (isLibraryCode(Site.Callee))
    return byArguments(Call, Site);
  // A part of what it was called for or given, if that is what it is for.
  ReachedPlaces Result;
  if (Call->getType().isConstQualified())
    return Result;
  const auto *Method = dyn_cast<CXXMethodDecl>(Site.Callee);
  if (Method && !Method->isStatic() && !Method->isConst())
    Result = element(ObjectPlaces(), /*Selected=*/false);
  for (unsigned I = 0; !Method && I != Site.Arguments.size(); ++I)
    if (isFromLvalueReference(Site, I))
      Result.addAll(element(namedBy(Site.Arguments[I]), /*Selected=*/false));
  for (ReachedPlace &Place : Result)
    Place.Alias = Place.Path.steps().size();
  return Result;
}

ReachedPlaces PlaceFinder::valueOfCall(const CallExpr *Call) {
  CallSite Site = CallSite::of(Call);
  const Expr *Object = objectOf(Site);
  if (!Site.Callee) {
    const auto *Member = dyn_cast<CXXDependentScopeMemberExpr>(Call->getCallee()->IgnoreParens());
    if (Member && !Member->isImplicitAccess() && !Member->isArrow() && Names.isValue(classOf(Member->getBaseType())))
      return element(namedBy(Member->getBase()), /*Selected=*/false);
    return {};
  }
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call); Operator && Operator->getNumArgs() > 0) {
    const Expr *First = Operator->getArg(0);
    ReachedPlaces Result;
    switch (Operator->getOperator()) {
    case OO_Arrow:
      if (givesOwnMember(Operator))
        return namedBy(First);
      Result = valueOf(First);
      return Result.empty() ? behind(namedBy(First)) : Result;
    case OO_Plus:
    case OO_Minus:
      Result = valueOf(canRefer(First->getType()) || Operator->getNumArgs() < 2 ? First : Operator->getArg(1));
      for (ReachedPlace &Place : Result)
        Place.Selected = true;
      return Result;
    case OO_PlusPlus:
    case OO_MinusMinus:
    case OO_PlusEqual:
    case OO_MinusEqual:
      return valueOf(First);
    case OO_Equal:
      return Operator->getNumArgs() == 2 ? valueOf(Operator->getArg(1)) : Result;
    default:
      break;
    }
  }
  if (const FunctionEntry *Entry = Names.function(Site.Callee); Entry && Entry->Effect == FunctionEffect::Forward && Site.Arguments.size() == 1) {
    const Expr *Argument = Site.Arguments[0];
    if (Call->isGLValue())
      return valueOf(Argument);
    // std::to_address(p) is p's value; std::addressof(x), std::ref(x) refer to x.
    bool IsValue = canRefer(Argument->getType()) && Call->getType()->isPointerType() &&
                   !Unit.context().hasSameUnqualifiedType(Call->getType()->getPointeeType(), Argument->getType());
    return IsValue ? valueOf(Argument) : namedBy(Argument);
  }
  if (!canRefer(Call->getType()))
    return {};
  const auto *Method = dyn_cast<CXXMethodDecl>(Site.Callee);
  bool IsMember = Method && Object && !Method->isStatic() && !isClosure(Site.Callee);
  if (IsMember && !Call->isGLValue()) {
    QualType Type = Object->getType()->isPointerType() ? Object->getType()->getPointeeType() : Object->getType();
    if (Names.isPointer(Method->getParent()))
      return Types.holdsItsObject(Type) ? namedBy(Object) : valueOf(Object);
    if (Names.isValue(Method->getParent()))
      return element(Object->getType()->isPointerType() ? valueOf(Object) : namedBy(Object), /*Selected=*/false);
    if (pointsToItsObject(Method))
      return Object->getType()->isPointerType() ? valueOf(Object) : namedBy(Object);
    if (isLibraryCode(Method) && canRefer(Type)) {
      ReachedPlaces Result = valueOf(Object);
      for (ReachedPlace &Place : Result)
        Place.Selected |= llvm::any_of(Site.Arguments, [](const Expr *Argument) { return Argument->getType()->isIntegerType(); });
      return Result;
    }
  }
  if (Call->isGLValue())
    return behind(namedByCall(Call));
  if (std::optional<ReachedPlaces> Result = returnedBy(Site))
    return *Result;
  if (isLibraryCode(Site.Callee))
    return byArguments(Call, Site);
  // An iterator of a class whose functions are elsewhere.
  if (IsMember && !Call->getType()->isPointerType() && !Types.refersToConst(Call->getType()) && !Types.dereferenced(Call->getType()).isNull())
    return element(Object->getType()->isPointerType() ? valueOf(Object) : namedBy(Object), /*Selected=*/false);
  return {};
}

ReachedPlaces PlaceFinder::byArguments(const CallExpr *Call, const CallSite &Site) {
  ASTContext &Context = Unit.context();
  ReachedPlaces Result;
  auto SameType = [&](const Expr *Argument) { return Context.hasSameUnqualifiedType(Argument->getType(), Call->getType()); };
  for (const Expr *Argument : Site.Arguments)
    if (SameType(Argument))
      Result.addAll(Call->isGLValue() ? namedBy(Argument) : valueOf(Argument));
  if (!Result.empty())
    return Result;
  auto Add = [&](const Expr *Argument) {
    QualType Type = Argument->getType();
    const auto *Class = Type->getAsCXXRecordDecl();
    if (Class && (Class->isLambda() || (Class->hasDefinition() && Class->isEmpty())))
      return;
    bool ByValue = canRefer(Type) && !(Call->isGLValue() && Argument->isGLValue() && Types.dereferenced(Type).isNull());
    if (ByValue)
      Result.addAll(valueOf(Argument));
    else if (Argument->isGLValue())
      Result.addAll(element(namedBy(Argument), /*Selected=*/false));
  };
  if (Site.Object)
    Add(Site.Object);
  for (unsigned I = 0; I != Site.Arguments.size(); ++I)
    if (isFromLvalueReference(Site, I) || Types.refersToConst(Call->getType()) ||
        (canRefer(Site.Arguments[I]->getType()) &&
         !(Call->isGLValue() && Types.refersToConst(Site.Arguments[I]->getType()))))
      Add(Site.Arguments[I]);
  return Result;
}

void PlaceFinder::collectTargets(const Stmt *S, LocalTargets &Into) {
  if (!S || isa<LambdaExpr>(S))
    return;
  auto Refers = [&](const VarDecl *Variable) {
    return Variable && Variable->hasLocalStorage() &&
           (Variable->getType()->isReferenceType() || canRefer(Variable->getType()));
  };
  if (const auto *Declaration = dyn_cast<DeclStmt>(S))
    for (const Decl *D : Declaration->decls())
      if (const auto *Variable = dyn_cast<VarDecl>(D); Refers(Variable) && Variable->getInit())
        Into.assign(Variable, initialTargets(Variable, &Into));
  if (const auto *Assign = dyn_cast<BinaryOperator>(S); Assign && Assign->getOpcode() == BO_Assign)
    if (const auto *Ref = dyn_cast<DeclRefExpr>(stripped(Assign->getLHS())))
      if (const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl());
          Refers(Variable) && !Variable->getType()->isReferenceType())
        Into.add(Variable, referredTo(Assign->getRHS(), &Into));
  for (const Stmt *Child : S->children())
    collectTargets(Child, Into);
}

const ReachedPlaces *PlaceFinder::returned(const FunctionDecl *Definition) {
  auto [It, New] = Returned.try_emplace(Definition->getCanonicalDecl());
  std::optional<ReachedPlaces> &Slot = It->second;
  if (!New)
    return Slot ? &*Slot : nullptr;
  llvm::SmallVector<const Expr *, 4> Values;
  collectReturned(Definition->getBody(), Values);
  if (Values.size() > MaxReturns)
    return nullptr;
  LocalTargets Own;
  collectTargets(Definition->getBody(), Own);
  llvm::SaveAndRestore<const LocalTargets *> Scope(Locals, &Own);
  ReachedPlaces Result;
  for (const Expr *Value : Values)
    Result.addAll(Definition->getReturnType()->isReferenceType() ? namedBy(Value) : valueOf(Value));
  Slot = std::move(Result);
  return &*Slot;
}

std::optional<ReachedPlaces> PlaceFinder::returnedBy(const CallSite &Site) {
  const FunctionDecl *Definition = visibleDefinition(Site.Callee);
  if (!Definition || isLibraryCode(Site.Callee) || !Definition->getBody())
    return std::nullopt;
  const ReachedPlaces *Inner = returned(Definition);
  if (!Inner)
    return std::nullopt;
  bool IsClosure = isClosure(Site.Callee);
  ReachedPlaces Result;
  for (const ReachedPlace &Place : *Inner) {
    const VarDecl *Root = Place.Path.root();
    ReachedPlaces Bases;
    if (!Root) {
      if (const Expr *Object = IsClosure ? nullptr : objectOf(Site))
        Bases = Object->getType()->isPointerType() ? valueOf(Object) : namedBy(Object);
      else
        Bases.add(ReachedPlace(AccessPath::ofThis()));
    } else if (const auto *Parameter = dyn_cast<ParmVarDecl>(Root); Parameter && Parameter->getDeclContext() == Definition) {
      unsigned Index = Parameter->getFunctionScopeIndex();
      if (Index >= Site.Arguments.size())
        continue;
      const Expr *Argument = Site.Arguments[Index];
      if (Place.Pointer || !Parameter->getType()->isReferenceType())
        Bases = valueOf(Argument);
      else
        Bases = namedBy(Argument);
    } else if (Root->hasGlobalStorage() || (IsClosure && Root->getDeclContext() != Definition)) {
      Bases.add(ReachedPlace(AccessPath::ofVariable(Root)));
      if (Place.Pointer == 0)
        Bases.front().Pointer = 0;
    }
    for (ReachedPlace &Base : Bases) {
      unsigned Length = Base.Path.steps().size();
      Base.Path.append(Place.Path.steps());
      if (Place.Pointer && *Place.Pointer > 0)
        Base.Pointer = Length + *Place.Pointer;
      Base.Selected |= Place.Selected;
      Base.Alias = Base.Path.steps().size();
      Result.add(std::move(Base));
    }
  }
  return Result;
}

} // namespace ward
