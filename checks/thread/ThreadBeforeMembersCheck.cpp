// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "thread/ThreadBeforeMembersCheck.h"

#include "flow/threads/EarlyThreads.h"
#include "flow/threads/LateJoins.h"

#include "clang/AST/DeclCXX.h"

using namespace clang;

namespace ward {

void ThreadBeforeMembersCheck::analyse(UnitFlow &Unit) {
  const SourceManager &Sources = Unit.model().context().getSourceManager();
  for (const EarlyThread &Early : findEarlyThreads(Unit)) {
    if (!claim(Early.At->getBeginLoc(), Sources))
      continue;
    diag(Early.At->getBeginLoc(),
         "possible data race: the thread that starts here %select{uses '%1', which is initialised only after its start"
         "|uses '%1' of a derived class, which is constructed later"
         "|calls the virtual function '%1', which runs as that of '%2' until derived classes are constructed"
         "|uses '%1', which the constructor modifies after its start}0")
        << static_cast<int>(Early.Why) << Early.What->getName() << Early.Class->getName();
    if (Early.Use->getBeginLoc() != Early.At->getBeginLoc())
      diag(Early.Use->getBeginLoc(), "used by the thread here", DiagnosticIDs::Note);
    switch (Early.Why) {
    case EarlyThread::BeforeMember:
      diag(Early.What->getLocation(), "declared here; members are initialised in the order of their declaration", DiagnosticIDs::Note);
      break;
    case EarlyThread::BeforeWrite:
      diag(Early.Write->getBeginLoc(), "modified here; start the thread after that", DiagnosticIDs::Note);
      break;
    default:
      diag(Early.What->getLocation(), "declared here; start the thread when the object is complete", DiagnosticIDs::Note);
    }
  }
  for (const LateJoin &Late : findLateJoins(Unit)) {
    SourceLocation Where = Late.At ? Late.At->getBeginLoc() : Late.Destructor->getLocation();
    if (!claim(Where, Sources))
      continue;
    diag(Where, "possible use-after-free: %select{'%1' is destroyed here, but the thread that uses it is joined only after that"
                "|the thread that is joined here calls the virtual function '%1', whose override in '%2' is already destroyed}0")
        << (Late.Derived != nullptr) << cast<NamedDecl>(Late.What)->getName() << (Late.Derived ? Late.Derived->getName() : "");
    diag(Late.Started->Site->getBeginLoc(), "the thread is started here", DiagnosticIDs::Note);
    diag(Late.Use->getBeginLoc(), "used by the thread here", DiagnosticIDs::Note);
    if (Late.Derived)
      diag(Late.Derived->getLocation(), "join the thread in the destructor of '%0'", DiagnosticIDs::Note) << Late.Derived->getName();
  }
}

} // namespace ward
