// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "capture/MutableGlobalCheck.h"

#include "capture/SharedGlobals.h"

using namespace clang;

namespace ward {

void MutableGlobalCheck::analyse(UnitFlow &Unit) {
  const SourceManager &Sources = Unit.model().context().getSourceManager();
  for (const GlobalUse &Use : unlockedGlobals(Unit)) {
    if (Use.OfPointer || !claim(Use.Access->getExprLoc(), Sources)) // a shared pointer's own change is ward-shared-non-sync's
      continue;
    diag(Use.Access->getExprLoc(), "'%0' is %select{read|written}1 on a thread without a lock, and other threads may use it at the same "
                                   "time")
        << Use.Variable->getName() << Use.Writes;
    diag(Use.Started->Site->getBeginLoc(), "this thread gets there", DiagnosticIDs::Note);
    if (Use.Written != Use.Access)
      diag(Use.Written->getExprLoc(), "written here", DiagnosticIDs::Note);
  }
}

} // namespace ward
