// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/locks/MeantLocks.h"

#include "model/StmtParents.h"

using namespace clang;

namespace ward {

LockList meantToHoldAt(const FunctionModel &Function, const Stmt *S, UnitModel &Unit) {
  const SourceManager &Sources = Unit.context().getSourceManager();
  LockList Result;
  for (const DiscardedValue &Each : Function.Discarded)
    if (Each.Block && Unit.types().guardMadeBy(Each.Value) &&
        Each.Block->getSourceRange().fullyContains(S->getSourceRange()) &&
        Sources.isBeforeInTranslationUnit(Each.Whole->getEndLoc(), S->getBeginLoc()))
      Result.append(readAcquisition(Each.Value, Each.Value->getType(), Unit.types()).Locked);
  for (const GuardVariable &Guard : Function.Guards)
    if (Guard.How.Kind == Acquisition::Defers &&
        Sources.isBeforeInTranslationUnit(Guard.Variable->getLocation(), S->getBeginLoc()) &&
        !namesVariable(Function.Body, Guard.Variable))
      Result.append(Guard.How.Locked);
  return Result;
}

} // namespace ward
