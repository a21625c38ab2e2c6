// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "thread/UnsafeCallOnThreadsCheck.h"

#include "thread/UnsafeCalls.h"

using namespace clang;

namespace ward {

void UnsafeCallOnThreadsCheck::analyse(UnitFlow &Unit) {
  const SourceManager &Sources = Unit.model().context().getSourceManager();
  for (const UnsafeCall &Found : findUnsafeCalls(Unit)) {
    if (!claim(Found.Call->getBeginLoc(), Sources))
      continue;
    llvm::StringRef Other = Found.Other->getDirectCallee()->getName();
    bool IsSame = Other == Found.Call->getDirectCallee()->getName();
    {
      DiagnosticBuilder Warning = diag(Found.Call->getBeginLoc(), "possible data race: '%0' uses %1, and another thread may call "
                                                                  "%select{'%3'|it}2 at the same time; they hold no common lock");
      Warning << Found.Call->getDirectCallee()->getName() << Found.State->State << IsSame << Other;
    }
    if (Found.Other != Found.Call)
      diag(Found.Other->getBeginLoc(), "the other call is here", DiagnosticIDs::Note);
    diag(Found.Started->Site->getBeginLoc(), "this thread reaches the call", DiagnosticIDs::Note);
    if (!Found.State->Instead.empty())
      diag(Found.Call->getBeginLoc(), "use %0", DiagnosticIDs::Note) << Found.State->Instead;
  }
}

} // namespace ward
