// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "capture/ConflictingCapturesCheck.h"

using namespace clang;

namespace ward {

ConflictingCapturesCheck::ConflictingCapturesCheck(llvm::StringRef Name, tidy::ClangTidyContext *Context)
    : WardCheck(Name, Context), DisjointElements(boolOption("DisjointElements", true)) {}

void ConflictingCapturesCheck::storeOptions(tidy::ClangTidyOptions::OptionMap &Opts) {
  Options.store(Opts, "DisjointElements", DisjointElements ? "true" : "false");
  WardCheck::storeOptions(Opts);
}

void ConflictingCapturesCheck::analyse(UnitFlow &Unit) {
  for (const Conflict &Found : findConflicts(Unit, DisjointElements))
    if (!Found.At.OfPointer) // ward-shared-non-sync's
      report(Found.At, Found.Other, Unit);
}

void ConflictingCapturesCheck::report(const ThreadUse &At, const Expr *Other, UnitFlow &Unit) {
  if (!claim(At.Location, Unit.model().context().getSourceManager()))
    return;
  diag(At.Location, "'%0' is used by this thread while %select{another|this very code on another}1 thread may use it too, one of them "
                    "writes it, and no lock orders them")
      << At.Variable->getName() << (Other == At.Write);
  if (const Expr *Mine = At.Write ? At.Write : At.Read)
    diag(Mine->getBeginLoc(), "%select{read|written}0 here by the thread", DiagnosticIDs::Note) << (At.Write != nullptr);
  if (Other != At.Write)
    diag(Other->getBeginLoc(), "used here at the same time", DiagnosticIDs::Note);
}

} // namespace ward
