// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "capture/AliasedExclusiveCheck.h"

#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace ward {

void AliasedExclusiveCheck::analyse(UnitFlow &Unit) {
  const SourceManager &Sources = Unit.model().context().getSourceManager();
  Invalidations Changes(Unit);
  CellBorrows Cells(Unit);
  for (const std::unique_ptr<FunctionModel> &Function : Unit.model().functions()) {
    if (Function->IsPattern)
      continue;
    for (const CallExpr *Call : Function->Calls)
      if (std::optional<AliasedPair> Pair = aliasedArguments(Call, Unit))
        report(*Pair, Sources);
    for (const Invalidation &Change : Changes.in(*Function))
      report(Change, Sources);
    for (const CellConflict &Conflict : Cells.in(*Function))
      report(Conflict, Sources);
  }
}

void AliasedExclusiveCheck::report(const AliasedPair &Pair, const SourceManager &Sources) {
  if (!claim(Pair.Call->getExprLoc(), Sources))
    return;
  const FunctionDecl *Callee = Pair.Call->getDirectCallee();
  diag(Pair.Call->getExprLoc(), "'%0' is given to %1 twice, once to read and once to change%select{|: what it reads changes under it}2")
      << Pair.Object << Callee << (Pair.Write != nullptr);
  if (Pair.Write) {
    diag(Pair.Write->getExprLoc(), "changed here", DiagnosticIDs::Note);
    diag(Pair.Read->getExprLoc(), "read here afterwards", DiagnosticIDs::Note);
  } else {
    diag(Callee->getLocation(), "%0 says that it changes one of them and only reads the other; give it a copy to read", DiagnosticIDs::Note)
        << Callee;
  }
}

void AliasedExclusiveCheck::report(const Invalidation &Change, const SourceManager &Sources) {
  SourceLocation Where = Change.Change->getExprLoc();
  if (!claim(Where, Sources))
    return;
  if (!Change.Use) {
    diag(Where, "'%0' is changed by '%1' while the range that is given to it lies in '%0' itself") << Change.Container << Change.Member;
    return;
  }
  bool IsLoop = !Change.Borrow;
  diag(Where, "'%0' is changed (by '%1') while %select{'%3' refers into it and is used afterwards|a loop runs over it}2")
      << Change.Container << Change.Member << IsLoop << (Change.Borrow ? Change.Borrow->getName() : "");
  if (Change.Inside)
    diag(Change.Inside->getExprLoc(), "the call comes here", DiagnosticIDs::Note);
  if (IsLoop) {
    diag(Change.Use->getBeginLoc(), "the loop's iterators end with the change, and it goes on with them", DiagnosticIDs::Note);
    return;
  }
  diag(Change.Borrow->getLocation(), "'%0' is declared here", DiagnosticIDs::Note) << Change.Borrow->getName();
  diag(Change.Use->getBeginLoc(), "and used here, when what it referred to is gone or has moved", DiagnosticIDs::Note);
}

void AliasedExclusiveCheck::report(const CellConflict &Conflict, const SourceManager &Sources) {
  if (!claim(Conflict.Second->getExprLoc(), Sources))
    return;
  diag(Conflict.Second->getExprLoc(), "'%0' is borrowed %select{|exclusively }1here while %select{a shared|an exclusive}2 borrow of it lives: "
                                      "this fails as it runs")
      << Conflict.Cell << Conflict.SecondExclusive << Conflict.FirstExclusive;
  if (Conflict.Inside)
    diag(Conflict.Inside->getExprLoc(), "the call comes here", DiagnosticIDs::Note);
  diag(Conflict.First->getExprLoc(), "%select{the borrow made here lives to the end of the whole expression|borrowed here, and '%1' keeps it}0",
       DiagnosticIDs::Note)
      << (Conflict.Keeper != nullptr) << (Conflict.Keeper ? Conflict.Keeper->getName() : "");
}

} // namespace ward
