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
      diag(Location, "possible data race: bit-field %0 shares a memory location with %1, and %select{different locks guard them|a lock "
                     "guards only one of them|two threads write them}2; a write of one rewrites the other")
          << Racy.Declared << Racy.Other << static_cast<int>(Racy.How);
      break;
    case RacyStorage::PackedBools:
      diag(Location, "possible data race: elements of %0 are packed into shared words, and two threads access them; a write of one rewrites its "
                     "neighbours")
          << Racy.Declared;
      break;
    case RacyStorage::Volatile:
      diag(Location, "possible data race: threads share %0, and volatile makes no access of it atomic or ordered; make it an atomic")
          << Racy.Declared;
      break;
    }
    diag(Racy.First->getBeginLoc(), "accessed here", DiagnosticIDs::Note);
    if (Racy.Second)
      diag(Racy.Second->getBeginLoc(), "and accessed here", DiagnosticIDs::Note);
  }
}

} // namespace ward
