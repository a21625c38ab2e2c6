// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "capture/ConflictingCapturesCheck.h"

#include "flow/locks/GuardedBy.h"
#include "flow/threads/Conflicts.h"
#include "flow/threads/MemberConflicts.h"
#include "flow/threads/Outlives.h"

using namespace clang;

namespace ward {
namespace {

std::string nameOf(const ObjectAccess &Access) {
  const FieldDecl *Field = Access.Place.lastField();
  return Field && !Access.Place.root() ? displayName(*Field) : Access.Place.root() ? Access.Place.root()->getNameAsString() : Access.Place.print();
}

/// The members that ward-missing-lock reports.
llvm::DenseSet<const ValueDecl *> membersWithoutTheirLock(UnitFlow &Unit) {
  llvm::DenseSet<const ValueDecl *> Result;
  GuardInference Inference(Unit);
  for (const SharedAccesses::Group &Group : Unit.shared().groups()) {
    std::vector<GuardVerdict> Stated = annotatedGuards(Group, /*Pointee=*/false, Unit.model().names());
    if (Stated.empty())
      if (std::optional<GuardVerdict> Verdict = Inference.infer(Group, Confidence::Likely))
        Stated.push_back(std::move(*Verdict));
    if (llvm::any_of(Stated, [](const GuardVerdict &Verdict) { return !Verdict.Lacking.empty(); }))
      Result.insert(Group.Subject);
  }
  return Result;
}

} // namespace

ConflictingCapturesCheck::ConflictingCapturesCheck(llvm::StringRef Name, tidy::ClangTidyContext *Context)
    : WardCheck(Name, Context), DisjointElements(boolOption("DisjointElements", true)) {}

void ConflictingCapturesCheck::storeOptions(tidy::ClangTidyOptions::OptionMap &Opts) {
  Options.store(Opts, "DisjointElements", DisjointElements ? "true" : "false");
  WardCheck::storeOptions(Opts);
}

void ConflictingCapturesCheck::analyse(UnitFlow &Unit) {
  for (const Conflict &Found : Unit.conflicts(DisjointElements)) {
    const VarDecl *Variable = Found.variable();
    if (Found.OfPointer || Found.isOfFreed() || (Variable && Variable->hasGlobalStorage()))
      continue; // reported by ward-shared-non-sync, ward-borrow-outlives-scope and ward-mutable-global
    // A variable that the thread may outlive is reported by ward-borrow-outlives-scope.
    bool IsBorrowed = Variable && !Found.Mine.Pointer;
    if (!IsBorrowed || !outlives(*Found.Started, Variable, Unit.spawns().captured(*Found.Started), Unit, /*Strict=*/false))
      report(Found, Unit);
  }
  reportMembers(Unit);
}

void ConflictingCapturesCheck::report(const Conflict &Found, UnitFlow &Unit) {
  if (!claim(Found.Location, Unit.model().context().getSourceManager()))
    return;
  bool Writes = Found.Mine.Kind != AccessKind::Read;
  diag(Found.Location, "possible data race: '%0' is %select{read|written}2 by this thread while another thread%select{| that runs the "
                       "same code}1 may %select{write|access}2 it, with no common lock")
      << nameOf(Found.Mine) << Found.IsItself << Writes;
  diag(Found.Mine.Where->getBeginLoc(), "%select{read|written}0 here by this thread", DiagnosticIDs::Note) << Writes;
  if (!Found.IsItself)
    diag((Found.Other.Where == Found.Mine.Where ? Found.Other.inBase() : Found.Other.Where)->getBeginLoc(),
         "%select{written|accessed}0 here at the same time", DiagnosticIDs::Note)
        << Writes;
}

void ConflictingCapturesCheck::reportMembers(UnitFlow &Unit) {
  const SourceManager &Sources = Unit.model().context().getSourceManager();
  const std::vector<MemberConflict> &All = Unit.memberConflicts();
  llvm::DenseSet<const ValueDecl *> Guarded;
  if (!All.empty() && isAlsoOn("ward-missing-lock"))
    Guarded = membersWithoutTheirLock(Unit);
  for (const MemberConflict &Found : All) {
    if (Found.OfPointer || Found.isOfFreed() || Guarded.contains(patternOf(Found.Field)) ||
        (Found.Field->getType().isVolatileQualified() && isAlsoOn("ward-racy-storage")) || !claim(Found.Location, Sources))
      continue; // other checks report these
    std::string Name = displayName(*Found.Field);
    bool Writes = Found.Other.Kind != AccessKind::Read, Mine = Found.Mine.Kind != AccessKind::Read;
    if (Found.OtherThread) {
      bool IsItself = Found.OtherThread == Found.Started;
      diag(Found.Location, "possible data race: '%0' is %select{read|written}2 by this thread while another thread%select{| that runs the "
                           "same code}1 may %select{write|access}2 it, with no common lock")
          << Name << IsItself << Writes;
      diag(Found.Other.Where->getBeginLoc(), "%select{read|written}0 here by this thread", DiagnosticIDs::Note) << Writes;
      if (!IsItself)
        diag(Found.Mine.Where->getBeginLoc(), "%select{written|accessed}0 here at the same time", DiagnosticIDs::Note) << Writes;
      continue;
    }
    diag(Found.Location, "possible data race: '%0' is %select{read|written}1 here while the thread that the object has started may "
                         "%select{read|write}2 it, with no common lock")
        << Name << Writes << Mine;
    diag(Found.Mine.Where->getBeginLoc(), "%select{read|written}0 here by that thread; use one lock in both places, or std::atomic",
         DiagnosticIDs::Note)
        << Mine;
    diag(Found.Started->Site->getBeginLoc(), "the thread is started here", DiagnosticIDs::Note);
  }
}

} // namespace ward
