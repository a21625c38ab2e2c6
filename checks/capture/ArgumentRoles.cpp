// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "capture/ArgumentRoles.h"

#include "model/Annotations.h"

#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace ward {
namespace {

ArgumentRole roleOf(QualType Type, CatalogIndex &Names) {
  if (Type->isLValueReferenceType() || (Type->isPointerType() && Type->getPointeeType()->isObjectType())) {
    QualType Pointee = Type->getPointeeType();
    if (Pointee->isFunctionType() || Pointee->isVoidType())
      return ArgumentRole::None;
    return Pointee.isConstQualified() ? ArgumentRole::Shared : ArgumentRole::Exclusive;
  }
  const TypeEntry *Entry = Type->isReferenceType() ? nullptr : Names.type(classOf(Type));
  return Entry && Entry->Borrows ? ArgumentRole::Shared : ArgumentRole::None;
}

/// \p Argument is converted to a temporary, so the callee refers to a copy.
bool isCopied(const Expr *Argument, QualType Parameter) {
  return Parameter->isReferenceType() && isa<MaterializeTemporaryExpr>(Argument->IgnoreParens());
}

PassedObject passedAs(const ParmVarDecl *Parameter, const Expr *Argument, CatalogIndex &Names) {
  PassedObject Result;
  QualType Type = Parameter->getType();
  Result.As = roleOf(Type, Names);
  if (Result.As == ArgumentRole::None || isCopied(Argument, Type) || isa<CXXDefaultArgExpr>(Argument))
    return {};
  Result.Demanded = isAnnotated(Parameter, "ward::exclusive");
  if (Result.Demanded)
    Result.As = ArgumentRole::Exclusive;
  else if (isAnnotated(Parameter, "ward::shared"))
    Result.As = ArgumentRole::Shared;
  Result.Parameter = Parameter;
  Result.Passed = Argument;
  Result.Referent = Type->isReferenceType() || Type->isPointerType() ? Type->getPointeeType() : QualType();
  return Result;
}

} // namespace

llvm::SmallVector<PassedObject, 4> passedObjects(const CallSite &Site, CatalogIndex &Names) {
  llvm::SmallVector<PassedObject, 4> Result;
  const auto *Method = dyn_cast<CXXMethodDecl>(Site.Callee);
  if (Site.Object && Method && !Method->isStatic() && !Method->getParent()->isLambda()) {
    QualType Type = Site.Object->getType();
    Result.push_back({Method->isConst() ? ArgumentRole::Shared : ArgumentRole::Exclusive, false, nullptr, Site.Object,
                      Type->isPointerType() ? Type->getPointeeType() : Type});
  }
  for (unsigned I = 0; I != Site.Arguments.size() && I != Site.Callee->getNumParams(); ++I)
    if (PassedObject One = passedAs(Site.Callee->getParamDecl(I), Site.Arguments[I], Names); One.As != ArgumentRole::None)
      Result.push_back(One);
  return Result;
}

} // namespace ward
