// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lock/SplitCriticalSectionCheck.h"

#include "lock/SplitSections.h"

using namespace clang;

namespace ward {

void SplitCriticalSectionCheck::analyse(UnitFlow &Unit) {
  const SourceManager &Sources = Unit.model().context().getSourceManager();
  for (const auto &Function : Unit.model().functions())
    for (const SplitSection &Found : findSplitSections(*Function, Unit)) {
      if (!claim(Found.Act->getBeginLoc(), Sources))
        continue;
      diag(Found.Act->getBeginLoc(),
           "%select{this relies on what was seen of '%1' before '%2' was given back and taken again: another thread may have changed it"
           "|what is stored in '%1' was read before '%2' was given back and taken again: what another thread stored in between is lost}0")
          << Found.WritesBack << Found.Path.print() << Found.Mutex.print();
      diag(Found.Check->getBeginLoc(), "it was %select{checked|read}0 here, in another critical section; hold the lock over both, or check again",
           DiagnosticIDs::Note)
          << Found.WritesBack;
    }
}

} // namespace ward
