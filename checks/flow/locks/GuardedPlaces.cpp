// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/locks/GuardedPlaces.h"

#include "model/Annotations.h"
#include "model/Records.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace ward {
namespace {

/// A pointer, reference or smart pointer that does not own what it refers to, or shares it.
bool isForeignPointer(QualType Type, CatalogIndex &Names) {
  if (Type->isPointerType() || Type->isReferenceType())
    return true;
  const TagDecl *Class = classOf(Type);
  return Class && Names.isPointer(Class) && !Names.isValue(Class) && !Names.isCarrier(Class);
}

} // namespace

bool GuardedPlaces::canRefer(QualType Type, CatalogIndex &Names) {
  if (Type->isReferenceType() || Type->isPointerType())
    return !Type->isFunctionPointerType();
  const TagDecl *Class = classOf(Type);
  const TypeEntry *Entry = Class ? Names.type(Class) : nullptr;
  if (Entry && Entry->Borrows)
    return true;
  // An optional of a pointer, a pair with an iterator.
  const auto *Carrier = Class && Names.isCarrier(Class) ? dyn_cast<ClassTemplateSpecializationDecl>(Class) : nullptr;
  return Carrier && llvm::any_of(Carrier->getTemplateArgs().asArray(), [&](const TemplateArgument &Argument) {
           ArrayRef<TemplateArgument> Pack =
               Argument.getKind() == TemplateArgument::Pack ? Argument.getPackAsArray() : ArrayRef(Argument);
           return llvm::any_of(Pack, [&](const TemplateArgument &One) {
             return One.getKind() == TemplateArgument::Type && !One.getAsType().isNull() &&
                    canRefer(One.getAsType(), Names);
           });
         });
}

bool GuardedPlaces::isGuard(const Expr *E) const {
  E = stripped(E);
  const auto *Ref = dyn_cast<DeclRefExpr>(E);
  if (Ref && Guard)
    return Ref->getDecl() == Guard;
  // A temporary guard is the one in question: `m.lock()`.
  return !Guard && !Ref && E->isPRValue() && Flow.model().types().guard(E->getType());
}

bool GuardedPlaces::ownsElements(QualType Type) const {
  CatalogIndex &Names = Flow.model().names();
  const TagDecl *Class = classOf(Type);
  return Class && (Names.isValue(Class) || Names.isCarrier(Class));
}

bool GuardedPlaces::isProtectedField(const AccessPath &Path) const {
  LockTypes &Types = Flow.model().types();
  return llvm::any_of(Locks, [&](const LockRef &Lock) {
    if (!Lock.Owner) {
      // A mutex that is a variable: what the unit accesses under it.
      if (!Lock.Mutex || !Lock.Mutex->root() || !Lock.Mutex->steps().empty() || !Path.root() || !Path.steps().empty())
        return false;
      // For an object of a class, or one that is created lazily, the lock may guard only the creation.
      QualType Type = Path.root()->getType();
      const TagDecl *Class = classOf(Type);
      bool Plain = Class ? Types.names().isValue(Class) && !Types.names().isPointer(Class) : !Type->isPointerType();
      return Plain && Path.root()->hasGlobalStorage() && Flow.evidence().protects(Lock.Mutex->root(), Path.root());
    }
    if (!Path.startsWith(*Lock.Owner) || Path.steps().size() <= Lock.Owner->steps().size() ||
        (Lock.Mutex && Path == *Lock.Mutex))
      return false;
    const FieldDecl *Field = Path.steps()[Lock.Owner->steps().size()].asField();
    if (!Field || Types.isSynchronised(Field->getType()) || Field->getType().isConstQualified() ||
        Field->getType()->isReferenceType())
      return false;
    AnnotatedLocks Declared = guardedBy(Field, Types.names());
    if (Declared.empty())
      return true;
    return llvm::any_of(Declared, [&](const AnnotatedLock &One) {
      return One.Path && Lock.Mutex && One.Path->lastField() == Lock.Mutex->lastField();
    });
  });
}

bool GuardedPlaces::place(const Expr *E, unsigned Depth) const {
  if (!E || Depth == 0)
    return false;
  --Depth;
  E = stripped(E);
  CatalogIndex &Names = Flow.model().names();
  // An object with a mutex of its own synchronises itself.
  if (const RecordDecl *Record = recordOf(E->getType()); Record && !isLibraryCode(Record))
    if (llvm::any_of(Record->fields(), [&](const FieldDecl *Field) { return Flow.model().types().mutex(Field->getType()); }))
      return false;
  if (const auto *Member = dyn_cast<MemberExpr>(E)) {
    if (std::optional<AccessPath> Path = pathOf(Member, Names); Path && isProtectedField(*Path)) {
      // The path below the owner must not go through a pointer out of it.
      bool Leaves = false;
      for (size_t I = 0; I + 1 < Path->steps().size(); ++I)
        if (const FieldDecl *Field = Path->steps()[I].asField())
          for (const LockRef &Lock : Locks)
            Leaves |= Lock.Owner && I >= Lock.Owner->steps().size() && isForeignPointer(Field->getType(), Names);
      return !Leaves;
    }
    return Member->isArrow() ? pointer(Member->getBase(), Depth) : place(Member->getBase(), Depth);
  }
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) {
    const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl());
    if (!Variable)
      return false;
    if (Variable->getType()->isReferenceType())
      return Variable->isLocalVarDecl() && place(Variable->getInit(), Depth);
    return Variable->hasGlobalStorage() && isProtectedField(AccessPath::ofVariable(Variable));
  }
  if (const auto *Unary = dyn_cast<UnaryOperator>(E))
    return Unary->getOpcode() == UO_Deref
               ? pointer(Unary->getSubExpr(), Depth)
               : Unary->isPrefix() && Unary->isIncrementDecrementOp() && place(Unary->getSubExpr(), Depth);
  if (const auto *Subscript = dyn_cast<ArraySubscriptExpr>(E))
    return pointer(Subscript->getBase(), Depth);
  if (const auto *Binary = dyn_cast<BinaryOperator>(E)) {
    if (Binary->getOpcode() == BO_Comma)
      return place(Binary->getRHS(), Depth);
    return Binary->isAssignmentOp() && place(Binary->getLHS(), Depth);
  }
  if (const auto *Conditional = dyn_cast<ConditionalOperator>(E))
    return place(Conditional->getTrueExpr(), Depth) || place(Conditional->getFalseExpr(), Depth);
  if (const auto *Call = dyn_cast<CallExpr>(E))
    return Call->isGLValue() && placeOfCall(Call, Depth);
  return false;
}

bool GuardedPlaces::placeOfCall(const CallExpr *Call, unsigned Depth) const {
  CatalogIndex &Names = Flow.model().names();
  CallSite Site = CallSite::of(Call);
  if (!Site.Callee)
    return false;
  if (const FunctionEntry *Entry = Names.function(Site.Callee);
      Entry && Entry->Effect == FunctionEffect::Forward && !Site.Arguments.empty())
    return place(Site.Arguments[0], Depth);
  if (!Site.Object) // std::get<0>(pair), std::max(a, b)
    return isLibraryCode(Site.Callee) && llvm::any_of(Site.Arguments, [&](const Expr *Argument) {
             return Argument->isGLValue() && place(Argument, Depth);
           });
  if (isGuard(Site.Object)) {
    const MutexType *Mutex = Locks.empty() ? nullptr : Locks.front().Type;
    return !Mutex || Mutex->OwnsData; // *guard
  }
  // *it, view[0]
  if (canRefer(Site.Object->IgnoreParenImpCasts()->getType().getNonReferenceType(), Names))
    return pointer(Site.Object, Depth);
  if (ownsElements(Site.Object->IgnoreParenImpCasts()->getType()))
    return place(Site.Object, Depth); // items_[0], *owned_
  const Expr *Returned = onlyReturn(Site.Callee);
  const auto *Field = Returned ? dyn_cast<MemberExpr>(stripped(Returned)) : nullptr;
  return Field && isa<CXXThisExpr>(stripped(Field->getBase())) && isa<FieldDecl>(Field->getMemberDecl()) &&
         !isa<CXXThisExpr>(stripped(Site.Object)) && place(Site.Object, Depth);
}

bool GuardedPlaces::pointer(const Expr *E, unsigned Depth) const {
  if (!E || Depth == 0)
    return false;
  --Depth;
  E = stripped(E);
  CatalogIndex &Names = Flow.model().names();
  if (E->getType()->isArrayType())
    return place(E, Depth);
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) {
    const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl());
    if (!Variable)
      return false;
    if (Pointers.contains(Variable))
      return true;
    return Variable->isLocalVarDecl() && Variable->getType()->isReferenceType() && Variable->getInit() &&
           canRefer(Variable->getType().getNonReferenceType(), Names) && pointer(Variable->getInit(), Depth);
  }
  if (const auto *Unary = dyn_cast<UnaryOperator>(E))
    return Unary->getOpcode() == UO_AddrOf && place(Unary->getSubExpr(), Depth);
  if (const auto *Binary = dyn_cast<BinaryOperator>(E); Binary && Binary->getOpcode() == BO_Comma)
    return pointer(Binary->getRHS(), Depth);
  if (const auto *Binary = dyn_cast<BinaryOperator>(E))
    return Binary->isAdditiveOp() && (pointer(Binary->getLHS(), Depth) || pointer(Binary->getRHS(), Depth));
  if (const auto *Conditional = dyn_cast<ConditionalOperator>(E))
    return pointer(Conditional->getTrueExpr(), Depth) || pointer(Conditional->getFalseExpr(), Depth);
  auto Refers = [&](const Expr *Argument) {
    return (Argument->isGLValue() && place(Argument, Depth)) || pointer(Argument, Depth);
  };
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(E)) {
    if (!canRefer(Construct->getType(), Names) || Construct->getNumArgs() == 0)
      return false;
    if (!Names.isCarrier(classOf(Construct->getType())))
      return Refers(Construct->getArg(0));
    return llvm::any_of(Construct->arguments(), [&](const Expr *Argument) { return pointer(Argument, Depth); });
  }
  if (const auto *List = dyn_cast<InitListExpr>(E))
    return List->getNumInits() == 1 && pointer(List->getInit(0), Depth);
  const auto *Call = dyn_cast<CallExpr>(E);
  if (!Call || !canRefer(Call->getType(), Names))
    return false;
  CallSite Site = CallSite::of(Call);
  if (!Site.Callee)
    return false;
  if (Call->isGLValue()) { // an element's value: `pointers_.back()`, `*it`
    const FunctionEntry *Entry = Names.function(Site.Callee);
    return Entry && Entry->Effect == FunctionEffect::Forward && !Site.Arguments.empty() &&
           pointer(Site.Arguments[0], Depth);
  }
  if (Site.Object) {
    if (isGuard(Site.Object)) {
      const MutexType *Mutex = Locks.empty() ? nullptr : Locks.front().Type;
      return Site.Callee->getOverloadedOperator() == OO_Arrow && (!Mutex || Mutex->OwnsData);
    }
    QualType Object = Site.Object->IgnoreParenImpCasts()->getType();
    if (ownsElements(Object)) // data(), begin(), find(), get()
      return place(Site.Object, Depth);
    return canRefer(Object.getNonReferenceType(), Names) && isLibraryCode(Site.Callee) && pointer(Site.Object, Depth);
  }
  if (const FunctionEntry *Entry = Names.function(Site.Callee);
      Entry && Entry->Effect == FunctionEffect::Forward && !Site.Arguments.empty())
    return place(Site.Arguments[0], Depth); // std::addressof(x), std::ref(x)
  // std::find(begin, end, x), std::begin(x); of a pointer, std::exchange(p, nullptr) gives the value, and std::make_optional(p) holds it.
  const ASTContext &Context = Flow.model().context();
  const auto *Carrier = Names.isCarrier(classOf(Call->getType()))
                            ? dyn_cast_or_null<ClassTemplateSpecializationDecl>(Call->getType()->getAsCXXRecordDecl())
                            : nullptr;
  auto IsHeld = [&](QualType Type) {
    return Carrier && llvm::any_of(Carrier->getTemplateArgs().asArray(), [&](const TemplateArgument &Held) {
             return Held.getKind() == TemplateArgument::Type && Context.hasSameUnqualifiedType(Held.getAsType(), Type);
           });
  };
  return isLibraryCode(Site.Callee) && llvm::any_of(Site.Arguments, [&](const Expr *Argument) {
           return IsHeld(Argument->getType()) || Context.hasSameUnqualifiedType(Argument->getType(), Call->getType())
                      ? pointer(Argument, Depth)
                      : Refers(Argument);
         });
}

} // namespace ward
