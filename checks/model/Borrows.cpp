// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "model/Borrows.h"

#include "model/AccessPath.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace ward {
namespace {

/// Aliases of aliases: so far they are followed.
constexpr unsigned MaxDepth = 12;

const VarDecl *storage(const Expr *E, CatalogIndex &Names, unsigned Depth);
const VarDecl *borrowed(const Expr *E, CatalogIndex &Names, unsigned Depth);

/// A pointer, or a class that refers to what it does not own.
bool refersElsewhere(QualType Type, CatalogIndex &Names) {
  if (Type->isPointerType() && !Type->isFunctionPointerType())
    return true;
  const TypeEntry *Entry = Names.type(classOf(Type));
  return Entry && Entry->Borrows;
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
    // Another name: what it is bound to lives where that lives. A reference parameter's object is the caller's.
    return isa<ParmVarDecl>(Variable) ? nullptr : storage(Variable->getInit(), Names, Depth - 1);
  }
  if (const auto *Member = dyn_cast<MemberExpr>(E)) {
    if (!isa<FieldDecl>(Member->getMemberDecl()) || Member->getMemberDecl()->getType()->isReferenceType())
      return nullptr;
    return Member->isArrow() ? borrowed(Member->getBase(), Names, Depth - 1) : storage(Member->getBase(), Names, Depth - 1);
  }
  if (const auto *Subscript = dyn_cast<ArraySubscriptExpr>(E))
    return borrowed(Subscript->getBase(), Names, Depth - 1);
  if (const auto *Unary = dyn_cast<UnaryOperator>(E); Unary && Unary->getOpcode() == UO_Deref)
    return borrowed(Unary->getSubExpr(), Names, Depth - 1);
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E)) {
    // v[i], *it: an element lives in its container, what a pointer-like leads to does not live in the pointer.
    const TagDecl *Class = classOf(Operator->getArg(0)->getType());
    if (Operator->getOperator() == OO_Subscript && Names.isValue(Class) && !Names.isPointer(Class))
      return storage(Operator->getArg(0), Names, Depth - 1);
    if (Operator->getOperator() == OO_Star && refersElsewhere(Operator->getArg(0)->getType(), Names))
      return borrowed(Operator->getArg(0), Names, Depth - 1);
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
  // A local array given as a pointer.
  if (const auto *Cast = dyn_cast<CastExpr>(E->IgnoreParens()); Cast && Cast->getCastKind() == CK_ArrayToPointerDecay)
    return storage(Cast->getSubExpr(), Names, Depth - 1);
  E = stripped(E);
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
    for (const Expr *Init : List->inits())
      if (const VarDecl *Found = borrowed(Init, Names, Depth - 1))
        return Found;
    return nullptr;
  }
  if (const auto *Call = dyn_cast<CXXMemberCallExpr>(E)) {
    // v.data(), s.c_str(), m.find(k), s.operator string_view()
    const Expr *Object = Call->getImplicitObjectArgument();
    if (refersElsewhere(Call->getType(), Names) && Names.isValue(classOf(Object->getType())) &&
        !Names.isPointer(classOf(Object->getType())))
      return storage(Object, Names, Depth - 1);
    return nullptr;
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
      return nullptr;
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

const VarDecl *localStorage(const Expr *E, CatalogIndex &Names) { return storage(E, Names, MaxDepth); }
const VarDecl *borrowedBy(const Expr *E, CatalogIndex &Names) { return borrowed(E, Names, MaxDepth); }

} // namespace ward
