// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "capture/SharedNonSyncCheck.h"

#include "capture/KeptTypes.h"
#include "capture/SharedGlobals.h"
#include "flow/threads/Conflicts.h"
#include "flow/threads/LateJoins.h"
#include "flow/threads/MemberConflicts.h"

#include "model/SharedCount.h"

#include "clang/AST/DeclTemplate.h"
#include "clang/AST/Stmt.h"

using namespace clang;

namespace ward {
namespace {

/// \p Type is a pointer to a lock whose reference count is not atomic, so no second thread can use the lock.
bool sharesLockOnOneThread(QualType Type, LockTypes &Types) {
  const auto *Class = dyn_cast_or_null<ClassTemplateSpecializationDecl>(Type.getNonReferenceType()->getAsCXXRecordDecl());
  if (!Class || Class->getTemplateArgs().size() == 0 || Class->getTemplateArgs()[0].getKind() != TemplateArgument::Type)
    return false;
  QualType Owned = Class->getTemplateArgs()[0].getAsType();
  if (Owned->isPointerType() || Owned->isReferenceType() || !Types.mutex(Owned))
    return false; // a pointer to a lock is not the lock
  const TypeEntry *Entry = Types.names().type(Class);
  if (Entry)
    return Entry->Send == ThreadRule::No && Entry->Sync == ThreadRule::No && Types.names().isPointer(Class);
  return Class->hasDefinition() && hasNonAtomicRefCount(Class->getDefinition(), Types);
}

void forEachLocal(const Stmt *S, llvm::function_ref<void(const VarDecl *)> Visit) {
  if (!S)
    return;
  if (const auto *Declaration = dyn_cast<DeclStmt>(S))
    for (const Decl *D : Declaration->decls())
      if (const auto *Variable = dyn_cast<VarDecl>(D))
        Visit(Variable);
  for (const Stmt *Child : S->children())
    forEachLocal(Child, Visit);
}

} // namespace

void SharedNonSyncCheck::analyse(UnitFlow &Unit) {
  CrossingCheck::analyse(Unit);
  reportPointers(Unit);
  reportKept(Unit);
  UnitModel &Model = Unit.model();
  auto Judge = [&](const ValueDecl *Declared) {
    if (sharesLockOnOneThread(Declared->getType(), Model.types()) && claim(Declared->getLocation(), Model.context().getSourceManager()))
      diag(Declared->getLocation(), "'%0' shares ownership of a lock, but its reference count is not atomic; no second thread can use "
                                    "the lock, so it protects nothing")
          << Declared->getName();
  };
  for (const auto &Function : Model.functions()) {
    for (const ParmVarDecl *Parameter : Function->Function->parameters())
      Judge(Parameter);
    forEachLocal(Function->Body, Judge);
  }
  for (const CXXRecordDecl *Class : Model.classes())
    for (const FieldDecl *Field : Class->fields())
      Judge(Field);
}

/// What a pointer keeps alive besides what its type says is used, or destroyed, by the thread that drops it last.
void SharedNonSyncCheck::reportKept(UnitFlow &Unit) {
  CatalogIndex &Names = Unit.model().names();
  SendSync &Types = Unit.sendSync(PointerPolicy::Pointee);
  for (const Spawn &Started : Unit.spawns().all())
    for (const Captured &Capture : Unit.spawns().captured(Started)) {
      const TypeEntry *Entry = Capture.Type->isReferenceType() ? nullptr : Names.type(classOf(Capture.Type));
      const auto *Variable = dyn_cast_or_null<VarDecl>(Capture.Variable);
      const Expr *Made = Capture.Source ? Capture.Source : Variable && Variable->hasLocalStorage() && !isa<ParmVarDecl>(Variable) ? Variable->getInit() : nullptr;
      if (!Entry || !Entry->Shares || !Made || Capture.IsOwner || Types.ask(Trait::Send, Capture.Type).no())
        continue;
      for (const KeptType &Kept : keptTypes(Made, Names)) {
        ThreadAnswer Answer = Types.ask(Trait::Send, Kept.Type);
        if (!Answer.no() && Kept.IsShared)
          Answer = Types.ask(Trait::Sync, Kept.Type);
        if (!Answer.no() || !claim(Capture.Location, Unit.model().context().getSourceManager()))
          continue;
        const PrintingPolicy &Policy = Unit.model().context().getPrintingPolicy();
        diag(Capture.Location, "%select{'%1'|this argument}0 is passed to another thread, but keeps %select{a deleter|an object}2 alive that is not "
                               "%select{Send (must not move to another thread)|both Send and Sync (must not be used by several threads)}2")
            << Capture.Name.empty() << Capture.Name << Kept.IsShared;
        diag(Made->getExprLoc(), "it was made here with %0, which is or contains '%1', %2", DiagnosticIDs::Note)
            << Kept.Type << Answer.Culprit.getUnqualifiedType().getAsString(Policy) << Answer.Why;
      }
    }
}

void SharedNonSyncCheck::reportPointers(UnitFlow &Unit) {
  const SourceManager &Sources = Unit.model().context().getSourceManager();
  auto Report = [&](SourceLocation Where, const ValueDecl *Pointer, const Expr *Write, const Expr *Other) {
    if (!claim(Where, Sources))
      return;
    diag(Where, "possible data race: shared pointer '%0' is modified while another thread may use it; its reference count is atomic, "
                "the pointer itself is not")
        << Pointer->getName();
    if (Write)
      diag(Write->getExprLoc(), "modified here", DiagnosticIDs::Note);
    if (Other && Other != Write)
      diag(Other->getExprLoc(), "used here at the same time", DiagnosticIDs::Note);
  };
  for (const Conflict &Found : Unit.conflicts())
    if (const VarDecl *Variable = Found.OfPointer && !Found.isOfFreed() ? Found.variable() : nullptr; Variable && !Variable->hasGlobalStorage())
      Report(Found.Location, Variable, Found.Mine.writes() ? Found.Mine.Where : nullptr, Found.Other.Where);
  for (const GlobalUse &Use : unlockedGlobals(Unit))
    if (Use.OfPointer)
      Report(Use.Access->getExprLoc(), Use.Variable, Use.Written, Use.Access);
  bool InDestructors = isAlsoOn("ward-thread-before-members");
  for (const MemberConflict &Found : Unit.memberConflicts())
    if (Found.OfPointer && !Found.isOfFreed() && !(InDestructors && isJoinedLate(Found.Field, Unit)))
      Report(Found.Given, Found.Field, (Found.Mine.writes() ? Found.Mine : Found.Other).Where, (Found.Mine.writes() ? Found.Other : Found.Mine).Where);
}

SharedNonSyncCheck::SharedNonSyncCheck(llvm::StringRef Name, clang::tidy::ClangTidyContext *Context)
    : CrossingCheck(Name, Context, Crossing::Shared) {}

} // namespace ward
