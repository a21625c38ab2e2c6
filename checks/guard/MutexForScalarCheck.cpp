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

/// All functions that can get at \p Mutex are here: those of its class have bodies, and it is not for others to use.
bool isSeenWhole(const ValueDecl *Mutex, UnitModel &Unit) {
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
        !isScalar(Protected->getType()) || Protected->getType().isVolatileQualified() || !isSeenWhole(Mutex, Model))
      continue;
    if (const auto *Field = dyn_cast<FieldDecl>(Protected); Field && Field->isBitField())
      continue;
    if (!claim(Mutex->getLocation(), Sources))
      continue;
    diag(Mutex->getLocation(), "%0 protects nothing but %1, a single value of type %2: an atomic does this without a lock")
        << Mutex << Protected << Protected->getType();
    diag(First->getExprLoc(), "%0 is accessed under the lock here", DiagnosticIDs::Note) << Protected;
    diag(Protected->getLocation(), "%0 is declared here; where a value is tested and then changed, compare_exchange does both at once",
         DiagnosticIDs::Note)
        << Protected;
  }
}

void MutexForScalarCheck::checkOwning(const ValueDecl *Lock, UnitFlow &Unit) {
  const MutexType *Type = Unit.model().types().mutex(Lock->getType());
  const auto *Class = dyn_cast_or_null<ClassTemplateSpecializationDecl>(Lock->getType()->getAsCXXRecordDecl());
  if (!Type || !Type->OwnsData || !Class || Class->getTemplateArgs().size() == 0 ||
      Class->getTemplateArgs()[0].getKind() != TemplateArgument::Type || !isScalar(Class->getTemplateArgs()[0].getAsType()))
    return;
  // A condition variable next to it needs a lock to wait with.
  if (const auto *Field = dyn_cast<FieldDecl>(Lock))
    for (const FieldDecl *Other : Field->getParent()->fields())
      if (Unit.model().names().condvar(classOf(Other->getType())))
        return;
  if (!claim(Lock->getLocation(), Unit.model().context().getSourceManager()))
    return;
  diag(Lock->getLocation(), "%0 protects nothing but a single value of type %1: an atomic does this without a lock")
      << Lock << Class->getTemplateArgs()[0].getAsType();
}

} // namespace ward
