// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "model/PlaceFinder.h"
#include "model/Records.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace clang;

namespace ward {
namespace {

/// Aliases of aliases are followed so deep, through returned references too.
constexpr unsigned MaxAliasDepth = 20;

/// What a value is made from before something else is counted: so deep calls and casts nest at most.
class DepthLimit {
public:
  explicit DepthLimit(unsigned &Depth) : Depth(Depth) { ++Depth; }
  ~DepthLimit() { --Depth; }
  bool isReached() const { return Depth > MaxAliasDepth; }

private:
  unsigned &Depth;
};

} // namespace

bool isTemporary(const Expr *E) {
  while (true) {
    if (const auto *Full = dyn_cast<FullExpr>(E))
      E = Full->getSubExpr();
    else if (const auto *Cast = dyn_cast<ImplicitCastExpr>(E))
      E = Cast->getSubExpr();
    else if (const auto *Paren = dyn_cast<ParenExpr>(E))
      E = Paren->getSubExpr();
    else
      return isa<MaterializeTemporaryExpr>(E);
  }
}

bool bindsTemporary(const VarDecl *Variable) {
  const Expr *Init = Variable->getInit();
  return Init && Variable->getType()->isReferenceType() && isTemporary(Init);
}

ReachedPlaces PlaceFinder::named(const Expr *E, const LocalTargets *Current) {
  llvm::SaveAndRestore<const LocalTargets *> Scope(Locals, Current);
  return namedBy(E);
}

ReachedPlaces PlaceFinder::referredTo(const Expr *E, const LocalTargets *Current) {
  llvm::SaveAndRestore<const LocalTargets *> Scope(Locals, Current);
  return valueOf(E);
}

ReachedPlaces PlaceFinder::initialTargets(const VarDecl *Variable, const LocalTargets *Current) {
  llvm::SaveAndRestore<const LocalTargets *> Scope(Locals, Current);
  QualType Type = Variable->getType();
  const Expr *Init = Variable->getInit();
  if (!Init || hasLockInside(Types.dereferenced(Type)))
    return {};
  return Type->isReferenceType() && !bindsTemporary(Variable) ? namedBy(Init) : valueOf(Init);
}

/// An object with a lock of its own is used without the lock of what contains it.
bool PlaceFinder::hasLockInside(QualType Pointee) {
  Pointee = Pointee.isNull() ? Pointee : Pointee.getNonReferenceType();
  return !Pointee.isNull() && !Pointee->isDependentType() && Unit.types().isInternallySynchronised(Pointee);
}

ReachedPlaces PlaceFinder::variable(const VarDecl *Variable, bool Value) {
  ReachedPlaces Result;
  QualType Type = Variable->getType();
  bool IsAlias = Type->isReferenceType() && !bindsTemporary(Variable);
  if (Value || IsAlias) {
    const ReachedPlaces *Known = Locals ? Locals->lookup(Variable) : nullptr;
    if (Known)
      Result = *Known;
    else if (!isa<ParmVarDecl>(Variable) && (IsAlias || Names.rebindings().isNeverReassigned(Variable)))
      Result = initialTargets(Variable, Locals);
    for (ReachedPlace &Place : Result)
      Place.Alias = Place.Path.steps().size();
  }
  if (Result.empty()) {
    ReachedPlace Itself(AccessPath::ofVariable(Variable));
    if (Value && !IsAlias)
      Itself.Pointer = 0;
    Result.add(std::move(Itself));
  }
  return Result;
}

ReachedPlaces PlaceFinder::element(ReachedPlaces Of, bool Selected) {
  for (ReachedPlace &Place : Of) {
    bool IsElement = !Place.Path.steps().empty() && Place.Path.steps().back().isElement() && !Place.isIndirect();
    if (!IsElement)
      Place.Path.push(AccessPath::Step::element());
    Place.Selected |= Selected;
  }
  return Of;
}

ReachedPlaces PlaceFinder::field(ReachedPlaces Of, AccessPath::Step Step) {
  for (ReachedPlace &Place : Of)
    Place.Path.push(Step);
  return Of;
}

/// \p Field of the objects at \p Of; of a reference in a local aggregate, what that is bound to.
ReachedPlaces PlaceFinder::member(ReachedPlaces Of, const FieldDecl *Field) {
  if (!Field->getType()->isReferenceType())
    return field(std::move(Of), AccessPath::Step::field(Field));
  ReachedPlaces Result;
  for (ReachedPlace &Place : Of) {
    const VarDecl *Root = Place.Path.root();
    if (Root && Root->isLocalVarDecl() && !Place.Pointer && !Place.Alias)
      if (ReachedPlaces Held = variable(Root, /*Value=*/true); Held.front().Alias) {
        Result.addAll(Held);
        continue;
      }
    Place.Path.push(AccessPath::Step::field(Field));
    Result.add(std::move(Place));
  }
  return Result;
}

/// What the pointers at the places \p Of point to.
ReachedPlaces PlaceFinder::behind(ReachedPlaces Of) {
  ReachedPlaces Result;
  for (ReachedPlace &Place : Of) {
    const VarDecl *Root = Place.Path.root();
    if (Root && Root->isLocalVarDecl() && !Place.Pointer) {
      ReachedPlaces Held = variable(Root, /*Value=*/true);
      if (Held.front().Alias) {
        Result.addAll(Held);
        continue;
      }
    }
    Place.Pointer = Place.Path.steps().size();
    Result.add(std::move(Place));
  }
  return Result;
}

ReachedPlaces PlaceFinder::namedBy(const Expr *E) {
  DepthLimit Limit(Depth);
  E = stripped(E);
  if (!E || Limit.isReached() || E->getType().isNull())
    return {};
  ReachedPlaces Result;
  if (isa<CXXThisExpr>(E)) {
    Result.add(ReachedPlace(AccessPath::ofThis()));
  } else if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) {
    if (const auto *Binding = dyn_cast<BindingDecl>(Ref->getDecl()))
      return Binding->getBinding() ? namedBy(Binding->getBinding()) : Result;
    if (const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl()))
      return variable(Variable, /*Value=*/false);
  } else if (const auto *Member = dyn_cast<MemberExpr>(E)) {
    if (const auto *Static = dyn_cast<VarDecl>(Member->getMemberDecl()))
      Result.add(ReachedPlace(AccessPath::ofVariable(Static)));
    else if (const auto *Field = dyn_cast<FieldDecl>(Member->getMemberDecl()))
      return member(Member->isArrow() ? valueOf(Member->getBase()) : namedBy(Member->getBase()), Field);
  } else if (const auto *Member = dyn_cast<CXXDependentScopeMemberExpr>(E)) {
    const IdentifierInfo *Name = Member->getMember().getAsIdentifierInfo();
    if (Name && Member->isImplicitAccess())
      Result.add(ReachedPlace(AccessPath::ofThis()));
    else if (Name)
      Result = Member->isArrow() ? valueOf(Member->getBase()) : namedBy(Member->getBase());
    return Name ? field(std::move(Result), AccessPath::Step::name(Name)) : Result;
  } else if (const auto *Unary = dyn_cast<UnaryOperator>(E)) {
    if (Unary->getOpcode() == UO_Deref)
      return valueOf(Unary->getSubExpr());
    if (Unary->isPrefix() && Unary->isIncrementDecrementOp())
      return namedBy(Unary->getSubExpr());
  } else if (const auto *Subscript = dyn_cast<ArraySubscriptExpr>(E)) {
    const Expr *Base = Subscript->getBase()->IgnoreParenImpCasts();
    if (Base->getType()->isArrayType())
      return element(namedBy(Base), /*Selected=*/true);
    // `p[0]` where p is the address of an object is that object.
    Result = valueOf(Base);
    for (ReachedPlace &Place : Result) {
      bool IsElement = !Place.Path.steps().empty() && Place.Path.steps().back().isElement();
      Place.Selected |= Place.isIndirect() || IsElement;
      if (Place.isIndirect())
        Place.Path.push(AccessPath::Step::element());
    }
  } else if (const auto *Conditional = dyn_cast<AbstractConditionalOperator>(E)) {
    Result = namedBy(Conditional->getTrueExpr());
    Result.addAll(namedBy(Conditional->getFalseExpr()));
  } else if (const auto *Opaque = dyn_cast<OpaqueValueExpr>(E)) {
    return namedBy(Opaque->getSourceExpr());
  } else if (const auto *Binary = dyn_cast<BinaryOperator>(E)) {
    if (Binary->getOpcode() == BO_Comma)
      return namedBy(Binary->getRHS());
    if (Binary->isAssignmentOp() || Binary->getOpcode() == BO_PtrMemD)
      return namedBy(Binary->getLHS());
    if (Binary->getOpcode() == BO_PtrMemI)
      return valueOf(Binary->getLHS());
  } else if (const auto *Call = dyn_cast<CallExpr>(E)) {
    return namedByCall(Call);
  } else if (const auto *Statements = dyn_cast<StmtExpr>(E)) {
    const CompoundStmt *Block = Statements->getSubStmt();
    if (const auto *Last = Block->body_empty() ? nullptr : dyn_cast<Expr>(Block->body_back()))
      return namedBy(Last);
  }
  return Result;
}

ReachedPlaces PlaceFinder::valueOf(const Expr *E) {
  DepthLimit Limit(Depth);
  if (!E || Limit.isReached())
    return {};
  E = stripped(E);
  if (!E || E->getType().isNull())
    return {};
  if (E->getType()->isArrayType() && E->isGLValue())
    return element(namedBy(E), /*Selected=*/false);
  if (isa<CXXThisExpr>(E))
    return namedBy(E);
  ReachedPlaces Result;
  if (const auto *Unary = dyn_cast<UnaryOperator>(E)) {
    if (Unary->getOpcode() == UO_AddrOf)
      return namedBy(Unary->getSubExpr());
    if (Unary->isIncrementDecrementOp() || Unary->getOpcode() == UO_Plus)
      return valueOf(Unary->getSubExpr());
  } else if (const auto *Binary = dyn_cast<BinaryOperator>(E)) {
    if (Binary->isAdditiveOp()) {
      for (const Expr *Side : {Binary->getLHS(), Binary->getRHS()})
        if (Side->getType()->isPointerType() || Side->isTypeDependent())
          Result.addAll(valueOf(Side));
      for (ReachedPlace &Place : Result)
        Place.Selected = true;
      return Result;
    }
    if (Binary->isCompoundAssignmentOp())
      return valueOf(Binary->getLHS());
    if (Binary->getOpcode() == BO_Comma || Binary->getOpcode() == BO_Assign)
      return valueOf(Binary->getRHS());
  } else if (const auto *Conditional = dyn_cast<AbstractConditionalOperator>(E)) {
    Result = valueOf(Conditional->getTrueExpr());
    Result.addAll(valueOf(Conditional->getFalseExpr()));
    return Result;
  } else if (const auto *Opaque = dyn_cast<OpaqueValueExpr>(E)) {
    return valueOf(Opaque->getSourceExpr());
  } else if (const auto *Call = dyn_cast<CallExpr>(E)) {
    return valueOfCall(Call);
  } else if (const auto *Construct = dyn_cast<CXXConstructExpr>(E)) {
    return valueOfConstruct(Construct);
  } else if (const auto *List = dyn_cast<InitListExpr>(E)) {
    return valueOfList(List);
  } else if (const auto *List = dyn_cast<CXXStdInitializerListExpr>(E)) {
    return valueOf(List->getSubExpr());
  } else if (const auto *Statements = dyn_cast<StmtExpr>(E)) {
    const CompoundStmt *Block = Statements->getSubStmt();
    const auto *Last = Block->body_empty() ? nullptr : dyn_cast<Expr>(Block->body_back());
    return Last ? valueOf(Last) : Result;
  }
  if (!canRefer(E->getType()))
    return Result;
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) {
    if (const auto *Binding = dyn_cast<BindingDecl>(Ref->getDecl()))
      return Binding->getBinding() ? valueOf(Binding->getBinding()) : Result;
    if (const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl()); Variable && (!Variable->getType()->isReferenceType() || bindsTemporary(Variable)))
      return variable(Variable, /*Value=*/true);
  }
  return E->isGLValue() ? behind(namedBy(E)) : Result;
}

ReachedPlaces PlaceFinder::valueOfList(const InitListExpr *List) {
  ReachedPlaces Result;
  if (const InitListExpr *Semantic = List->getSemanticForm())
    List = Semantic;
  const RecordDecl *Class = recordOf(List->getType());
  llvm::SmallVector<const FieldDecl *, 8> Fields;
  if (Class)
    Fields.append(Class->field_begin(), Class->field_end());
  size_t Bases = Class ? llvm::range_size(basesOf(Class)) : 0;
  for (size_t I = 0; I != List->getNumInits() && Result.size() != ReachedPlaces::MaxPlaces; ++I) {
    const FieldDecl *Field = I >= Bases && I - Bases < Fields.size() ? Fields[I - Bases] : nullptr;
    const Expr *Init = List->getInit(I);
    if (Field && Field->getType()->isReferenceType())
      Result.addAll(namedBy(Init));
    else if (canRefer(Init->getType()))
      Result.addAll(valueOf(Init));
  }
  return Result;
}

ReachedPlaces PlaceFinder::valueOfConstruct(const CXXConstructExpr *Construct) {
  ReachedPlaces Result;
  if (Construct->getNumArgs() == 0 || !canRefer(Construct->getType()))
    return Result;
  const CXXConstructorDecl *Constructor = Construct->getConstructor();
  const auto *Definition = dyn_cast_or_null<CXXConstructorDecl>(visibleDefinition(Constructor));
  if (Constructor->isCopyOrMoveConstructor() || !Definition || isLibraryCode(Constructor) || Definition->isDependentContext()) {
    if (!Constructor->isCopyOrMoveConstructor() && !isLibraryCode(Constructor) && !Names.type(Constructor->getParent()))
      return Result;
    for (const Expr *Argument : Construct->arguments())
      if (canRefer(Argument->getType()))
        Result.addAll(valueOf(Argument));
      else if (Argument->isGLValue() && !Argument->getType().isConstQualified()) // a view of a container, or a reference to one object
        Result.addAll(Types.dereferenced(Argument->getType()).isNull() ? namedBy(Argument) : element(namedBy(Argument), /*Selected=*/false));
    return Result;
  }
  // `Cursor(Table &t, int *p) : table(t), at(p) {}`
  for (const CXXCtorInitializer *Init : Definition->inits()) {
    const FieldDecl *Member = Init->getAnyMember();
    if (!Member || !canRefer(Member->getType()))
      continue;
    const Expr *From = stripped(Init->getInit());
    while (const auto *List = dyn_cast_or_null<InitListExpr>(From))
      From = List->getNumInits() == 1 ? stripped(List->getInit(0)) : nullptr;
    if (!From)
      continue;
    const auto *Ref = dyn_cast<DeclRefExpr>(withoutAddressOf(From));
    const auto *Parameter = Ref ? dyn_cast<ParmVarDecl>(Ref->getDecl()) : nullptr;
    if (!Parameter || Parameter->getFunctionScopeIndex() >= Construct->getNumArgs())
      continue;
    const Expr *Given = Construct->getArg(Parameter->getFunctionScopeIndex());
    bool OfReference = Parameter->getType()->isReferenceType() && (Member->getType()->isReferenceType() || From != Ref);
    Result.addAll(OfReference ? namedBy(Given) : valueOf(Given));
  }
  return Result;
}

} // namespace ward
