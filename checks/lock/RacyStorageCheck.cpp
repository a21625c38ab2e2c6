// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lock/RacyStorageCheck.h"

#include "lock/SharedStorage.h"

using namespace clang;

namespace ward {

void RacyStorageCheck::analyse(UnitFlow &Unit) {
  const SourceManager &Sources = Unit.model().context().getSourceManager();
  for (const RacyStorage &Racy : findRacyStorage(Unit)) {
    SourceLocation Location = Racy.Declared->getLocation();
    if (!claim(Location, Sources))
      continue;
    switch (Racy.How) {
    case RacyStorage::DifferentLocks:
    case RacyStorage::OneUnlocked:
    case RacyStorage::TwoThreads:
      diag(Location, "%0 shares a word of memory with %1, and %select{each is under another lock|only one of the two is under a lock"
                     "|two threads write them}2: to write one is to write both back")
          << Racy.Declared << Racy.Other << static_cast<int>(Racy.How);
      break;
    case RacyStorage::PackedBools:
      diag(Location, "elements of %0 share words of memory, and two threads write them: to write one is to write its neighbours back")
          << Racy.Declared;
      break;
    case RacyStorage::Volatile:
      diag(Location, "%0 is shared by threads, for which volatile does nothing: no access of it is atomic or ordered; make it an atomic")
          << Racy.Declared;
      break;
    }
    diag(Racy.First->getBeginLoc(), "it is used here", DiagnosticIDs::Note);
    if (Racy.Second)
      diag(Racy.Second->getBeginLoc(), "and here", DiagnosticIDs::Note);
  }
}

} // namespace ward
