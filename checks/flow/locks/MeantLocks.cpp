// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/locks/MeantLocks.h"

using namespace clang;

namespace ward {

/// \p S names \p Variable.
static bool isNamedIn(const Stmt *S, const VarDecl *Variable) {
  const auto *Ref = dyn_cast_or_null<DeclRefExpr>(S);
  return (Ref && Ref->getDecl() == Variable) ||
         (S && llvm::any_of(S->children(), [&](const Stmt *Child) { return isNamedIn(Child, Variable); }));
}

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
        !isNamedIn(Function.Body, Guard.Variable))
      Result.append(Guard.How.Locked);
  return Result;
}

} // namespace ward
