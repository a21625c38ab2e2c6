// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "capture/BorrowOutlivesScopeCheck.h"

#include "model/ThreadHandle.h"

#include "clang/AST/DeclTemplate.h"

using namespace clang;

namespace ward {
namespace {

const char *explain(Escape::Way How) {
  switch (How) {
  case Escape::Detached:
    return "nothing waits for the thread";
  case Escape::Returned:
    return "the thread's handle is returned here, and the thread goes on";
  case Escape::Stored:
    return "the thread's handle is kept in something that lives longer";
  case Escape::PassedOn:
    return "the thread's handle is given away here, and nothing shows that it is joined there";
  case Escape::NotJoined:
    return "a path leads here on which the thread was not joined";
  case Escape::DiesLater:
    return "what is declared later dies earlier: it is gone before the thread is joined";
  case Escape::Thrown:
    return "an exception that comes from here skips the join";
  }
  return "";
}

/// What the thread takes along shares the ownership of the object, as shared_from_this() does: that lives as long as the thread.
bool keepsObjectAlive(ArrayRef<Captured> Taken, QualType Object, CatalogIndex &Names) {
  const CXXRecordDecl *Class = Object->getAsCXXRecordDecl();
  return Class && llvm::any_of(Taken, [&](const Captured &Other) {
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

/// Where the thread is not joined, its handle, a local variable, ends the program before anything that is borrowed is gone.
bool endsProgramFirst(const Spawn &Started, const Escape &Away, UnitModel &Unit) {
  if (Away.How != Escape::NotJoined)
    return false;
  HandlePlace Handle = placeOf(Started, Unit.names());
  return Handle.Kind == HandlePlace::Local && Handle.Variable && Unit.names().thread(classOf(Handle.Type)) &&
         destructionOf(Handle.Type, Unit) == HandleDestruction::Terminates;
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
    llvm::SmallVector<Captured, 4> Taken = Unit.spawns().captured(Started);
    for (const Captured &Capture : Taken) {
      if (Capture.IsThis) {
        if (keepsObjectAlive(Taken, Capture.Type, Names))
          continue;
        if (std::optional<Escape> Away = outlivesObject(Started, Unit))
          report(Capture, nullptr, *Away, Unit);
      } else if (const VarDecl *Local = borrowedLocal(Capture, Names)) {
        std::optional<Escape> Away = outlives(Started, Local, Taken, Unit, Strict);
        if (Away && !(isAlsoOn("ward-thread-lifecycle") && endsProgramFirst(Started, *Away, Unit.model())))
          report(Capture, Local, *Away, Unit);
      }
    }
  }
}

void BorrowOutlivesScopeCheck::report(const Captured &Capture, const VarDecl *Local, const Escape &Away, UnitFlow &Unit) {
  if (!claim(Capture.Location, Unit.model().context().getSourceManager()))
    return;
  diag(Capture.Location, "the thread started here refers to %select{the object 'this' points to|'%1'}0, and may still run when that is "
                         "gone")
      << (Local != nullptr) << (Local ? Local->getName() : "");
  diag(Away.Where, explain(Away.How), DiagnosticIDs::Note);
  if (Local)
    diag(Local->getLocation(), "'%0' lives here", DiagnosticIDs::Note) << Local->getName();
}

} // namespace ward
