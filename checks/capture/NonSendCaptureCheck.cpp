// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "capture/NonSendCaptureCheck.h"

#include "flow/Exceptions.h"

using namespace clang;

namespace ward {

NonSendCaptureCheck::NonSendCaptureCheck(llvm::StringRef Name, clang::tidy::ClangTidyContext *Context)
    : CrossingCheck(Name, Context, Crossing::Value) {}

void NonSendCaptureCheck::analyse(UnitFlow &Unit) {
  CrossingCheck::analyse(Unit);
  if (Unit.model().context().getLangOpts().CXXExceptions)
    reportThrown(Unit);
}

/// An exception that leaves a thread is rethrown on the one that waits for its result.
void NonSendCaptureCheck::reportThrown(UnitFlow &Unit) {
  SendSync &Types = Unit.sendSync(PointerPolicy::Pointee);
  Exceptions Thrown(Unit.model(), {}, /*Strict=*/false);
  for (const Spawn &Started : Unit.spawns().all()) {
    const FunctionModel *Body = Started.CarriesExceptions ? Unit.spawns().bodyOf(Started) : nullptr;
    if (!Body)
      continue;
    for (const ThrowPath &Path : Thrown.leaving(*Body)) {
      if (Path.Opaque || Path.Type.isNull())
        continue;
      const ThreadAnswer &Answer = Types.ask(Trait::Send, Path.Type.getNonReferenceType());
      if (!Answer.no() || !claim(Path.Origin->getExprLoc(), Unit.model().context().getSourceManager()))
        continue;
      diag(Path.Origin->getExprLoc(), "%0 is thrown from one thread to another, which joins it, but the type is not Send (must not move to another "
                                      "thread); it is or contains '%1', %2")
          << Path.Type.getNonReferenceType() << Answer.Culprit.getUnqualifiedType().getAsString(Unit.model().context().getPrintingPolicy()) << Answer.Why;
      diag(Started.Site->getBeginLoc(), "the thread is started here", DiagnosticIDs::Note);
    }
  }
}

} // namespace ward
