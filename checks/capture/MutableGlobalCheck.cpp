// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "capture/MutableGlobalCheck.h"

#include "capture/SharedGlobals.h"
#include "flow/threads/Conflicts.h"

using namespace clang;

namespace ward {

void MutableGlobalCheck::analyse(UnitFlow &Unit) {
  const SourceManager &Sources = Unit.model().context().getSourceManager();
  for (const GlobalUse &Use : unlockedGlobals(Unit)) {
    if (Use.OfPointer || !claim(Use.Access->getExprLoc(), Sources)) // a write to a shared pointer itself is reported by ward-shared-non-sync
      continue;
    diag(Use.Access->getExprLoc(), "possible data race: '%0' is %select{read|written}1 without a lock, and another thread may "
                                   "%select{write|access}1 it at the same time")
        << Use.Variable->getName() << Use.Writes;
    diag(Use.Started->Site->getBeginLoc(), "this thread reaches the access", DiagnosticIDs::Note);
    if (Use.Written != Use.Access)
      diag(Use.Written->getExprLoc(), "written here", DiagnosticIDs::Note);
  }
  // By an address that a thread was given.
  for (const Conflict &Found : Unit.conflicts()) {
    const VarDecl *Variable = Found.variable();
    SourceLocation Where = Found.Mine.Where->getExprLoc();
    if (!Variable || !Variable->hasGlobalStorage() || Found.OfPointer || Found.isOfFreed() || !claim(Where, Sources))
      continue;
    bool Writes = Found.Mine.Kind != AccessKind::Read;
    diag(Where, "possible data race: '%0' is %select{read|written}1 without a lock, and another thread may %select{write|access}1 it at the "
                "same time")
        << Variable->getName() << Writes;
    diag(Found.Location, "this thread is given its address", DiagnosticIDs::Note);
    if (!Found.IsItself)
      diag(Found.Other.Where->getExprLoc(), "%select{written|accessed}0 here", DiagnosticIDs::Note) << Writes;
  }
}

} // namespace ward
