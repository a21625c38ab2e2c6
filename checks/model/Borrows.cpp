// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "model/Borrows.h"

#include "model/AccessPath.h"
#include "model/LockTypes.h"
#include "model/Records.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace ward {
namespace {

/// How deep aliases of aliases are followed.
constexpr unsigned MaxBorrowDepth = 12;

const VarDecl *storage(const Expr *E, CatalogIndex &Names, unsigned Depth);
const VarDecl *borrowed(const Expr *E, CatalogIndex &Names, unsigned Depth);

/// \p Type is a pointer, or a class that refers to data that it does not own.
bool refersElsewhere(QualType Type, CatalogIndex &Names) {
  if (Type->isPointerType() && !Type->isFunctionPointerType())
    return true;
  const TypeEntry *Entry = Names.type(classOf(Type));
  return Entry && Entry->Borrows;
}

/// The local variable that alone owns the pointee of \p E, a smart pointer, until the end of its lifetime; null if there is none.
const VarDecl *soleOwner(const Expr *E, CatalogIndex &Names) {
  const auto *Ref = dyn_cast<DeclRefExpr>(stripped(E));
  const auto *Variable = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
  if (!Variable || !Variable->isLocalVarDecl() || !Variable->hasLocalStorage())
    return nullptr;
  const TagDecl *Class = classOf(Variable->getType());
  return !Variable->getType()->isReferenceType() && Names.isPointer(Class) && Names.isValue(Class) && Names.rebindings().isNeverReassigned(Variable)
             ? Variable
             : nullptr;
}

/// The local variable that a member of type \p Member borrows if \p Init initialises it; null if none.
const VarDecl *borrowedByMember(QualType Member, const Expr *Init, CatalogIndex &Names, unsigned Depth) {
  return Member->isReferenceType() ? storage(Init, Names, Depth) : borrowed(Init, Names, Depth);
}

/// The local variable that a constructor stores a reference or pointer to, as `Task(Job &j) : job(j) {}` does; null if none.
const VarDecl *borrowedByConstructor(const CXXConstructExpr *Construct, CatalogIndex &Names, unsigned Depth) {
  const auto *Definition = dyn_cast_or_null<CXXConstructorDecl>(visibleDefinition(Construct->getConstructor()));
  if (!Definition || Definition->isDependentContext())
    return nullptr;
  for (const CXXCtorInitializer *Init : Definition->inits()) {
    const FieldDecl *Member = Init->getAnyMember();
    if (!Member || !(Member->getType()->isReferenceType() || refersElsewhere(Member->getType(), Names)))
      continue;
    const Expr *From = stripped(Init->getInit());
    while (const auto *List = dyn_cast<InitListExpr>(From)) {
      if (List->getNumInits() != 1)
        break;
      From = stripped(List->getInit(0));
    }
    bool OfAddress = false;
    if (const auto *Address = dyn_cast<UnaryOperator>(From); Address && Address->getOpcode() == UO_AddrOf) {
      OfAddress = true;
      From = stripped(Address->getSubExpr());
    }
    const auto *Ref = dyn_cast<DeclRefExpr>(From);
    const auto *Parameter = Ref ? dyn_cast<ParmVarDecl>(Ref->getDecl()) : nullptr;
    if (!Parameter || Parameter->getFunctionScopeIndex() >= Construct->getNumArgs())
      continue;
    const Expr *Argument = Construct->getArg(Parameter->getFunctionScopeIndex());
    bool ByReference = Parameter->getType()->isReferenceType() && (OfAddress || Member->getType()->isReferenceType());
    if (!ByReference && (OfAddress || Member->getType()->isReferenceType()))
      continue; // it refers to the constructor's own parameter, and dangles already
    if (const VarDecl *Found = ByReference ? storage(Argument, Names, Depth) : borrowed(Argument, Names, Depth))
      return Found;
  }
  return nullptr;
}

const VarDecl *storage(const Expr *E, CatalogIndex &Names, unsigned Depth) {
  if (!E || Depth == 0)
    return nullptr;
  E = stripped(E);
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) {
    if (const auto *Binding = dyn_cast<BindingDecl>(Ref->getDecl()))
      return Binding->getBinding() ? storage(Binding->getBinding(), Names, Depth - 1) : nullptr;
    const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl());
    if (!Variable || !Variable->hasLocalStorage())
      return nullptr;
    if (!Variable->getType()->isReferenceType())
      return Variable;
    // A reference is an alias of the object that it is bound to; for a parameter, that belongs to the caller.
    return isa<ParmVarDecl>(Variable) ? nullptr : storage(Variable->getInit(), Names, Depth - 1);
  }
  if (const auto *Member = dyn_cast<MemberExpr>(E)) {
    if (!isa<FieldDecl>(Member->getMemberDecl()) || Member->getMemberDecl()->getType()->isReferenceType())
      return nullptr;
    if (const auto *Arrow = dyn_cast<CXXOperatorCallExpr>(stripped(Member->getBase())); Arrow && Arrow->getOperator() == OO_Arrow)
      return storage(Arrow, Names, Depth - 1); // p->field of a smart pointer
    return Member->isArrow() ? borrowed(Member->getBase(), Names, Depth - 1) : storage(Member->getBase(), Names, Depth - 1);
  }
  if (const auto *Subscript = dyn_cast<ArraySubscriptExpr>(E))
    return borrowed(Subscript->getBase(), Names, Depth - 1);
  if (const auto *Unary = dyn_cast<UnaryOperator>(E); Unary && Unary->getOpcode() == UO_Deref)
    return borrowed(Unary->getSubExpr(), Names, Depth - 1);
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E)) {
    // v[i], *it: an element is part of its container, but the pointee of a pointer-like class is not part of it.
    const TagDecl *Class = classOf(Operator->getArg(0)->getType());
    if (Operator->getOperator() == OO_Subscript && Names.isValue(Class) && !Names.isPointer(Class))
      return storage(Operator->getArg(0), Names, Depth - 1);
    if (Operator->getOperator() == OO_Star && refersElsewhere(Operator->getArg(0)->getType(), Names))
      return borrowed(Operator->getArg(0), Names, Depth - 1);
    if (Operator->getOperator() == OO_Star || Operator->getOperator() == OO_Arrow)
      return soleOwner(Operator->getArg(0), Names);
    return nullptr;
  }
  if (const auto *Call = dyn_cast<CXXMemberCallExpr>(E)) {
    const TagDecl *Class = classOf(Call->getImplicitObjectArgument()->getType());
    if (Call->isLValue() && Names.isValue(Class) && !Names.isPointer(Class)) // v.front(), m.at(k)
      return storage(Call->getImplicitObjectArgument(), Names, Depth - 1);
    return nullptr;
  }
  if (const auto *Call = dyn_cast<CallExpr>(E))
    if (const FunctionEntry *Entry = Call->getDirectCallee() ? Names.function(Call->getDirectCallee()) : nullptr;
        Entry && Entry->Effect == FunctionEffect::Forward && Call->getNumArgs() > 0)
      return storage(Call->getArg(0), Names, Depth - 1);
  return nullptr;
}

const VarDecl *borrowed(const Expr *E, CatalogIndex &Names, unsigned Depth) {
  if (!E || Depth == 0)
    return nullptr;
  // A local array that decays to a pointer.
  if (const auto *Cast = dyn_cast<CastExpr>(E->IgnoreParens()); Cast && Cast->getCastKind() == CK_ArrayToPointerDecay)
    return storage(Cast->getSubExpr(), Names, Depth - 1);
  E = stripped(E);
  if (E->getType().isNull()) // `T p(a, b);` in a template pattern, or in code that does not compile
    return nullptr;
  if (E->getType()->isArrayType())
    return storage(E, Names, Depth - 1);
  if (const auto *Unary = dyn_cast<UnaryOperator>(E); Unary && Unary->getOpcode() == UO_AddrOf)
    return storage(Unary->getSubExpr(), Names, Depth - 1);
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) {
    const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl());
    if (!Variable || isa<ParmVarDecl>(Variable) || !Variable->getInit() || Variable->hasGlobalStorage())
      return nullptr;
    return borrowed(Variable->getInit(), Names, Depth - 1);
  }
  if (const auto *List = dyn_cast<InitListExpr>(E)) {
    const RecordDecl *Class = recordOf(List->getType());
    llvm::SmallVector<const FieldDecl *, 8> Fields;
    if (Class)
      Fields.append(Class->field_begin(), Class->field_end());
    size_t Bases = Class ? llvm::range_size(basesOf(Class)) : 0;
    for (size_t I = 0; I != List->getNumInits(); ++I) {
      const FieldDecl *Field = I >= Bases && I - Bases < Fields.size() ? Fields[I - Bases] : nullptr;
      if (const VarDecl *Found = borrowedByMember(Field ? Field->getType() : List->getInit(I)->getType(), List->getInit(I), Names, Depth - 1))
        return Found;
    }
    return nullptr;
  }
  if (const auto *New = dyn_cast<CXXNewExpr>(E)) // new Job{&local}
    return New->getInitializer() && !New->isArray() ? borrowed(New->getInitializer(), Names, Depth - 1) : nullptr;
  if (const auto *Call = dyn_cast<CXXMemberCallExpr>(E)) {
    // v.data(), s.c_str(), m.find(k), s.operator string_view()
    const Expr *Object = Call->getImplicitObjectArgument();
    if (refersElsewhere(Call->getType(), Names) && Names.isValue(classOf(Object->getType())) &&
        !Names.isPointer(classOf(Object->getType())))
      return storage(Object, Names, Depth - 1);
    return Call->getType()->isPointerType() && Call->getMethodDecl()->isConst() ? soleOwner(Object, Names) : nullptr; // p.get()
  }
  if (const auto *Call = dyn_cast<CallExpr>(E)) {
    const FunctionEntry *Entry = Call->getDirectCallee() ? Names.function(Call->getDirectCallee()) : nullptr;
    if (!Entry || Entry->Effect != FunctionEffect::Forward || Call->getNumArgs() == 0)
      return nullptr;
    // std::ref(x) and std::addressof(x) refer to x; std::move(p) is p.
    return Call->isPRValue() ? storage(Call->getArg(0), Names, Depth - 1) : borrowed(Call->getArg(0), Names, Depth - 1);
  }
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(E)) {
    if (Construct->getConstructor()->isCopyOrMoveConstructor() && Construct->getNumArgs() >= 1)
      return borrowed(Construct->getArg(0), Names, Depth - 1);
    if (!refersElsewhere(Construct->getType(), Names))
      return borrowedByConstructor(Construct, Names, Depth - 1);
    for (const Expr *Argument : Construct->arguments()) {
      if (const VarDecl *Found = borrowed(Argument, Names, Depth - 1))
        return Found;
      if (Argument->isGLValue())
        if (const VarDecl *Found = storage(Argument, Names, Depth - 1))
          return Found;
    }
  }
  return nullptr;
}

} // namespace

const VarDecl *localStorage(const Expr *E, CatalogIndex &Names) { return storage(E, Names, MaxBorrowDepth); }
const VarDecl *borrowedBy(const Expr *E, CatalogIndex &Names) { return borrowed(E, Names, MaxBorrowDepth); }

} // namespace ward
