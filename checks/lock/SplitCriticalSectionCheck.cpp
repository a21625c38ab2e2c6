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
           "atomicity violation: %select{this relies on a check of '%1' in an earlier critical section of '%2'; another thread may have changed "
           "it in between|the value stored in '%1' was read in an earlier critical section of '%2'; a store by another thread in between is "
           "lost}0")
          << Found.WritesBack << Found.Path.print() << Found.Mutex.print();
      diag(Found.Check->getBeginLoc(), "%select{checked|read}0 here; hold the lock over both, or %select{check|read}0 again",
           DiagnosticIDs::Note)
          << Found.WritesBack;
    }
}

} // namespace ward
