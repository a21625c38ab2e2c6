// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "guard/MutexForScalarCheck.h"

#include "guard/LockUses.h"

#include "clang/AST/DeclTemplate.h"
#include "clang/Basic/SourceManager.h"

using namespace clang;

namespace ward {
namespace {

bool isScalar(QualType Type) {
  return Type->isIntegralOrEnumerationType() || Type->isRealFloatingType() || Type->isPointerType();
}

/// The unit has all functions that can access \p Mutex: those of its class have bodies, and no other code can name it.
bool isAccessedHereOnly(const ValueDecl *Mutex, UnitModel &Unit) {
  const SourceManager &Sources = Unit.context().getSourceManager();
  bool InMainFile = Sources.isInMainFile(Mutex->getLocation());
  const auto *Field = dyn_cast<FieldDecl>(Mutex);
  if (!Field) {
    const auto *Variable = cast<VarDecl>(Mutex);
    return InMainFile && (Variable->hasGlobalStorage()) && !Variable->hasExternalStorage();
  }
  const auto *Class = dyn_cast<CXXRecordDecl>(Field->getParent());
  if (!Class || (!InMainFile && Field->getAccess() != AS_private) || Class->hasFriends())
    return false;
  return llvm::all_of(Class->methods(), [&](const CXXMethodDecl *Method) {
    return Method->isImplicit() || Method->isDefaulted() || Method->isDeleted() || Method->isPureVirtual() || Unit.function(Method) ||
           (Method->isTemplated() && Method->hasBody());
  });
}

} // namespace

void MutexForScalarCheck::analyse(UnitFlow &Unit) {
  UnitModel &Model = Unit.model();
  const SourceManager &Sources = Model.context().getSourceManager();
  for (const CXXRecordDecl *Class : Model.classes())
    for (const FieldDecl *Field : Class->fields())
      checkOwning(Field, Unit);
  for (const auto &[Mutex, Use] : lockUses(Unit)) {
    if (Use.Other || Use.Accessed.size() != 1 || Use.Sections < 2 || Use.Writes == 0)
      continue;
    const MutexType *Type = Model.types().mutex(Mutex->getType());
    auto [Protected, First] = Use.Accessed.front();
    if (!Type || Type->OwnsData || Mutex->getType()->isPointerType() || Mutex->getType()->isReferenceType() ||
        !isScalar(Protected->getType()) || Protected->getType().isVolatileQualified() || !isAccessedHereOnly(Mutex, Model))
      continue;
    if (const auto *Field = dyn_cast<FieldDecl>(Protected); Field && Field->isBitField())
      continue;
    if (!claim(Mutex->getLocation(), Sources))
      continue;
    diag(Mutex->getLocation(), "mutex %0 protects only %1, a scalar of type %2; an atomic needs no lock")
        << Mutex << Protected << Protected->getType();
    diag(First->getExprLoc(), "%0 is accessed here while holding the lock", DiagnosticIDs::Note) << Protected;
    diag(Protected->getLocation(), "%0 is declared here; use compare_exchange where it is tested and then changed", DiagnosticIDs::Note)
        << Protected;
  }
}

void MutexForScalarCheck::checkOwning(const ValueDecl *Lock, UnitFlow &Unit) {
  const MutexType *Type = Unit.model().types().mutex(Lock->getType());
  const auto *Class = dyn_cast_or_null<ClassTemplateSpecializationDecl>(Lock->getType()->getAsCXXRecordDecl());
  if (!Type || !Type->OwnsData || !Class || Class->getTemplateArgs().size() == 0 ||
      Class->getTemplateArgs()[0].getKind() != TemplateArgument::Type || !isScalar(Class->getTemplateArgs()[0].getAsType()))
    return;
  // A condition variable in the same class needs the lock for its waits.
  if (const auto *Field = dyn_cast<FieldDecl>(Lock))
    for (const FieldDecl *Other : Field->getParent()->fields())
      if (Unit.model().names().condvar(classOf(Other->getType())))
        return;
  if (!claim(Lock->getLocation(), Unit.model().context().getSourceManager()))
    return;
  diag(Lock->getLocation(), "%0 protects only a scalar of type %1; an atomic needs no lock")
      << Lock << Class->getTemplateArgs()[0].getAsType();
}

} // namespace ward
