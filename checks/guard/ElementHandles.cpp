// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "guard/ElementHandles.h"

#include "model/ElementBorrows.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace ward {
namespace {

/// \p Function erases the element of its parameter of type \p Type from a container that keeps its other elements in
/// place.
bool erasesByParameter(const FunctionModel &Function, QualType Type, UnitModel &Unit) {
  const ASTContext &Context = Unit.context();
  return llvm::any_of(Function.Function->parameters(), [&](const ParmVarDecl *Parameter) {
    if (!Context.hasSameUnqualifiedType(Parameter->getType().getNonReferenceType(), Type))
      return false;
    return llvm::any_of(Function.Calls, [&](const CallExpr *Call) {
      std::optional<ChangeCall> Change = changeBy(Call, Unit.names());
      if (!Change || Change->Change != ContainerChange::Removes || !Change->Entry->Stable || Change->Arguments.empty())
        return false;
      const Expr *Which = stripped(Change->Arguments.front());
      while (const auto *Copy = dyn_cast<CXXConstructExpr>(Which)) { // to a const_iterator
        if (Copy->getNumArgs() != 1)
          return false;
        Which = stripped(Copy->getArg(0));
      }
      const auto *Ref = dyn_cast<DeclRefExpr>(Which);
      return Ref && Ref->getDecl() == Parameter;
    });
  });
}

} // namespace

bool isErasureHandle(QualType Type, const FunctionDecl *Returning, UnitFlow &Unit) {
  UnitModel &Model = Unit.model();
  const TypeEntry *Entry =
      Type->isReferenceType() || Type->isPointerType() ? nullptr : Model.names().type(classOf(Type));
  const auto *Method = dyn_cast<CXXMethodDecl>(Returning);
  if (!Type->isRecordType() || (Entry && !Entry->Borrows))
    return false;
  const ASTContext &Context = Model.context();
  bool Erases = false;
  for (const auto &Function : Model.functions()) {
    for (const CallExpr *Call : Function->Calls)
      if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call);
          Operator && (Operator->getOperator() == OO_Star || Operator->getOperator() == OO_Arrow) &&
          Operator->getNumArgs() == 1 &&
          Context.hasSameUnqualifiedType(Operator->getArg(0)->IgnoreParenImpCasts()->getType(), Type) &&
          !Unit.locked(*Function).contains(Call))
        return false;
    const auto *Other = dyn_cast<CXXMethodDecl>(Function->Function);
    bool SameOwner =
        Method ? Other && Other->getParent()->getCanonicalDecl() == Method->getParent()->getCanonicalDecl() : !Other;
    Erases |= SameOwner && erasesByParameter(*Function, Type, Model);
  }
  return Erases;
}

} // namespace ward
