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
      continue; // ward-shared-non-sync's
    // What may be gone before the thread ends is ward-borrow-outlives-scope's.
    if (!outlives(*Found.At.Started, Found.At.Variable, Unit.spawns().captured(*Found.At.Started), Unit, /*Strict=*/false))
      report(Found, Unit);
  }
}

void ConflictingCapturesCheck::report(const Conflict &Found, UnitFlow &Unit) {
  if (!claim(Found.At.Location, Unit.model().context().getSourceManager()))
    return;
  bool Itself = Found.Other == Found.Mine.Where;
  diag(Found.At.Location, "'%0' is used by this thread while %select{another|this very code on another}1 thread may use it too, one of them "
                          "writes it, and no lock orders them")
      << Found.At.Variable->getName() << Itself;
  bool Writes = Found.Mine.Writes || !Found.Mine.WrittenAt.empty();
  diag(Found.Mine.Where->getBeginLoc(), "%select{read|written}0 here by the thread", DiagnosticIDs::Note) << Writes;
  if (!Itself)
    diag(Found.Other->getBeginLoc(), "used here at the same time", DiagnosticIDs::Note);
}

} // namespace ward
