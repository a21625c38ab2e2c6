// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "capture/BorrowOutlivesScopeCheck.h"

#include "capture/ScopeEscapes.h"
#include "flow/threads/Conflicts.h"
#include "flow/threads/EarlyThreads.h"
#include "flow/threads/LateJoins.h"
#include "flow/threads/MemberConflicts.h"
#include "model/ThreadHandle.h"

#include "clang/AST/DeclTemplate.h"

using namespace clang;

namespace ward {
namespace {

const char *explain(Escape::Way How) {
  switch (How) {
  case Escape::Detached:
    return "nothing waits for the thread to finish; join it, or pass it a copy";
  case Escape::Returned:
    return "the thread's handle is returned here, and the thread continues to run";
  case Escape::Stored:
    return "the thread's handle is stored in an object that lives longer";
  case Escape::PassedOn:
    return "the thread's handle is passed to a function that does not visibly join it";
  case Escape::NotJoined:
    return "a path leaves the scope here without joining the thread";
  case Escape::JoinedTooLate:
    return "objects are destroyed in reverse order of declaration, so the thread is joined too late; declare the thread last";
  case Escape::Thrown:
    return "an exception thrown here skips the join";
  case Escape::ScopeJoins:
    return "the lifetime ends here, and the scope joins the thread only later; declare the variable outside of the scope, or join the thread before";
  }
  return "";
}

/// One of \p Captures shares ownership of the object, as shared_from_this() does, and so keeps it alive while the thread runs.
bool keepsObjectAlive(ArrayRef<Captured> Captures, QualType Object, CatalogIndex &Names) {
  const CXXRecordDecl *Class = Object->getAsCXXRecordDecl();
  return Class && llvm::any_of(Captures, [&](const Captured &Other) {
           const auto *Pointer = dyn_cast_or_null<ClassTemplateSpecializationDecl>(Other.Type->getAsCXXRecordDecl());
           const TypeEntry *Entry = Pointer ? Names.type(Pointer) : nullptr;
           if (!Entry || !Entry->Shares || Pointer->getTemplateArgs().size() == 0 ||
               Pointer->getTemplateArgs()[0].getKind() != TemplateArgument::Type)
             return false;
           const CXXRecordDecl *Owned = Pointer->getTemplateArgs()[0].getAsType()->getAsCXXRecordDecl();
           return Owned && Owned->hasDefinition() && Class->hasDefinition() &&
                  (Owned->getCanonicalDecl() == Class->getCanonicalDecl() || Class->isDerivedFrom(Owned) || Owned->isDerivedFrom(Class));
         });
}

/// The thread's handle, a local variable that is not joined, terminates the program before anything borrowed is destroyed.
bool terminatesFirst(const Spawn &Started, const VarDecl *Local, const Escape &Away, UnitModel &Unit) {
  if (Away.How != Escape::NotJoined)
    return false;
  HandlePlace Handle = placeOf(Started, Unit.names());
  // A handle of a scope around that of the local is still there.
  const SourceManager &Sources = Unit.context().getSourceManager();
  if (Handle.Variable && Sources.isBeforeInTranslationUnit(Handle.Variable->getLocation(), Local->getLocation()) &&
      Away.Where != Started.In->Body->getEndLoc())
    return false;
  return Handle.Kind == HandlePlace::Local && Handle.Variable && Unit.names().thread(classOf(Handle.Type)) &&
         destructionOf(Handle.Type, Unit) == HandleDestruction::Terminates;
}

/// The object is not complete when the thread starts: the order of its members is wrong already for that.
bool startsTooEarly(const Spawn &Started, UnitFlow &Unit) {
  return llvm::any_of(Unit.earlyThreads(), [&](const EarlyThread &Early) { return Early.Started == &Started; });
}

} // namespace

BorrowOutlivesScopeCheck::BorrowOutlivesScopeCheck(llvm::StringRef Name, tidy::ClangTidyContext *Context)
    : WardCheck(Name, Context), Strict(boolOption("Strict", false)) {}

void BorrowOutlivesScopeCheck::storeOptions(tidy::ClangTidyOptions::OptionMap &Opts) {
  Options.store(Opts, "Strict", Strict ? "true" : "false");
  WardCheck::storeOptions(Opts);
}

void BorrowOutlivesScopeCheck::analyse(UnitFlow &Unit) {
  CatalogIndex &Names = Unit.model().names();
  for (const Spawn &Started : Unit.spawns().all()) {
    llvm::SmallVector<Captured, 4> Captures = Unit.spawns().captured(Started);
    for (const Captured &Capture : Captures) {
      if (Capture.IsOwner)
        continue; // its class is judged where it starts the thread
      if (Capture.IsThis) {
        if (keepsObjectAlive(Captures, Capture.Type, Names))
          continue;
        std::optional<Escape> Away = outlivesObject(Started, Unit);
        if (Away && !(Away->How == Escape::JoinedTooLate && isAlsoOn("ward-thread-before-members") && startsTooEarly(Started, Unit)))
          report(Capture, nullptr, *Away, Unit);
      } else if (const VarDecl *Local = borrowedLocal(Capture, Names)) {
        std::optional<Escape> Away = outlives(Started, Local, Captures, Unit, Strict);
        if (Away && !(isAlsoOn("ward-thread-lifecycle") && terminatesFirst(Started, Local, *Away, Unit.model())))
          report(Capture, Local, *Away, Unit);
      }
    }
  }
  for (const auto &Function : Unit.model().functions())
    for (const ScopeEscape &Escaped : scopeEscapes(*Function, Unit))
      if (claim(Escaped.Where, Unit.model().context().getSourceManager())) {
        diag(Escaped.Where, "possible use-after-free: %select{'%1' refers|the result refers}0 to the scope '%2' after the scope has ended")
            << Escaped.Keeper.empty() << Escaped.Keeper << Escaped.Scope->getName();
        diag(Escaped.Scope->getLocation(), "the scope ends when the function that it is passed to has returned and its threads have been joined; "
                                           "start the threads there", DiagnosticIDs::Note);
      }
  reportFreed(Unit);
}

/// Objects that one thread destroys while another one uses them.
void BorrowOutlivesScopeCheck::reportFreed(UnitFlow &Unit) {
  const SourceManager &Sources = Unit.model().context().getSourceManager();
  auto Report = [&](SourceLocation Where, const ObjectAccess &Mine, const ObjectAccess &Other) {
    if (!claim(Where, Sources))
      return;
    const ObjectAccess &Freed = Mine.Frees ? Mine : Other, &Used = Mine.Frees ? Other : Mine;
    diag(Where, "possible use-after-free: the object that '%0' points to may be destroyed by one thread while another one uses it")
        << Freed.Place.print();
    diag(Freed.Where->getExprLoc(), "destroyed here", DiagnosticIDs::Note);
    diag(Used.Where->getExprLoc(), "used here; join that thread first, or share the ownership", DiagnosticIDs::Note);
  };
  for (const Conflict &Found : Unit.conflicts())
    if (Found.isOfFreed())
      Report(Found.Location, Found.Mine, Found.Other);
  bool InDestructors = isAlsoOn("ward-thread-before-members");
  for (const MemberConflict &Found : Unit.memberConflicts())
    if (Found.isOfFreed() && !(InDestructors && isJoinedLate(Found.Field, Unit)))
      Report(Found.Location, Found.Mine, Found.Other);
}

void BorrowOutlivesScopeCheck::report(const Captured &Capture, const VarDecl *Local, const Escape &Away, UnitFlow &Unit) {
  if (!claim(Capture.Location, Unit.model().context().getSourceManager()))
    return;
  // A structured binding is named, the decomposed variable is not.
  std::string Name = !Local ? "*this" : Local->getDeclName() ? Local->getNameAsString() : Capture.Name;
  diag(Capture.Location, "possible use-after-free: this thread refers to '%0', which may be destroyed while the thread still runs") << Name;
  diag(Away.Where, explain(Away.How), DiagnosticIDs::Note);
  if (Local)
    diag(Local->getLocation(), "'%0' is declared here", DiagnosticIDs::Note) << Name;
}

} // namespace ward
