// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Functions, not members of a class, that lock or unlock what they are passed.
#include "model/LockEffects.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/Expr.h"

using namespace clang;

namespace ward {

/// The same as lockFunction(), with what the function does in \p Effects.
static const FunctionDecl *findLockFunction(const CallExpr *Call, LockTypes &Types, BodyEffects &Effects) {
  const FunctionDecl *Callee = Call->getDirectCallee();
  if (!Callee || isa<CXXMethodDecl>(Callee) || isLibraryCode(Callee) || Types.names().function(Callee))
    return nullptr;
  auto LeadsToLock = [&](const ParmVarDecl *Parameter) {
    QualType Type = Parameter->getType();
    const auto *Record = Type->isReferenceType() || Type->isPointerType() ? Type->getPointeeType()->getAsCXXRecordDecl() : nullptr;
    Record = Record && Record->hasDefinition() ? Record->getDefinition() : nullptr;
    return Record && (Types.mutex(Type) || (!isLibraryCode(Record) && !Record->field_empty() && Types.holdsOnlySynchronisation(Record)));
  };
  const FunctionDecl *Definition = llvm::any_of(Callee->parameters(), LeadsToLock) ? visibleDefinition(Callee) : nullptr;
  if (!Definition)
    return nullptr;
  Effects = bodyEffects(Definition->getBody(), /*Depth=*/0, Types);
  return Effects.Locks != Effects.Unlocks ? Definition : nullptr;
}

const FunctionDecl *lockFunction(const CallExpr *Call, LockTypes &Types) {
  BodyEffects Effects;
  return findLockFunction(Call, Types, Effects);
}

const FunctionDecl *lockingFunction(const CallExpr *Call, LockTypes &Types) {
  BodyEffects Effects;
  const FunctionDecl *Definition = findLockFunction(Call, Types, Effects);
  return Effects.Locks ? Definition : nullptr;
}

} // namespace ward
