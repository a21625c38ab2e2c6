// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "capture/ConflictingCapturesCheck.h"

#include "flow/threads/Outlives.h"

using namespace clang;

namespace ward {

ConflictingCapturesCheck::ConflictingCapturesCheck(llvm::StringRef Name, tidy::ClangTidyContext *Context)
    : WardCheck(Name, Context), DisjointElements(boolOption("DisjointElements", true)) {}

void ConflictingCapturesCheck::storeOptions(tidy::ClangTidyOptions::OptionMap &Opts) {
  Options.store(Opts, "DisjointElements", DisjointElements ? "true" : "false");
  WardCheck::storeOptions(Opts);
}

void ConflictingCapturesCheck::analyse(UnitFlow &Unit) {
  for (const Conflict &Found : findConflicts(Unit, DisjointElements)) {
    if (Found.At.OfPointer)
      continue; // reported by ward-shared-non-sync
    // A variable that the thread may outlive is reported by ward-borrow-outlives-scope.
    if (!outlives(*Found.At.Started, Found.At.Variable, Unit.spawns().captured(*Found.At.Started), Unit, /*Strict=*/false))
      report(Found, Unit);
  }
}

void ConflictingCapturesCheck::report(const Conflict &Found, UnitFlow &Unit) {
  if (!claim(Found.At.Location, Unit.model().context().getSourceManager()))
    return;
  bool Itself = Found.Other == Found.Mine.Where;
  bool Writes = Found.Mine.Writes || !Found.Mine.WrittenAt.empty();
  diag(Found.At.Location, "possible data race: '%0' is %select{read|written}2 by this thread while another thread%select{| that runs the "
                          "same code}1 may %select{write|access}2 it, with no common lock")
      << Found.At.Variable->getName() << Itself << Writes;
  diag(Found.Mine.Where->getBeginLoc(), "%select{read|written}0 here by this thread", DiagnosticIDs::Note) << Writes;
  if (!Itself)
    diag(Found.Other->getBeginLoc(), "%select{written|accessed}0 here at the same time", DiagnosticIDs::Note) << Writes;
}

} // namespace ward
