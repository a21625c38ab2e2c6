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
  diag(Pair.Call->getExprLoc(), "aliased arguments: '%0' is passed to %1 twice, to be read and to be modified; "
                                "%1 %select{may read|reads}2 it after modifying it")
      << Pair.Object << Callee << (Pair.Write != nullptr);
  if (Pair.Write) {
    diag(Pair.Write->getExprLoc(), "modified here", DiagnosticIDs::Note);
    diag(Pair.Read->getExprLoc(), "read here afterwards", DiagnosticIDs::Note);
  } else {
    diag(Callee->getLocation(), "%0 is declared to modify one of them and to read the other; pass a copy to be read", DiagnosticIDs::Note)
        << Callee;
  }
}

void AliasedExclusiveCheck::report(const Invalidation &Change, const SourceManager &Sources) {
  SourceLocation Where = Change.Change->getExprLoc();
  if (!claim(Where, Sources))
    return;
  if (!Change.Use) {
    diag(Where, "iterator invalidation: '%1' modifies '%0' while reading a range of '%0' itself, whose iterators become invalid")
        << Change.Container << Change.Member;
    return;
  }
  bool IsLoop = !Change.Borrow;
  if (Change.Shares)
    diag(Where, "aliased access: '%1' makes another owner of what '%0' points to, while '%2' can modify that, and is used afterwards")
        << Change.Container << Change.Member << Change.Borrow->getName();
  else
    diag(Where, "%select{use-after-invalidation: '%1' on '%0' invalidates '%3', which is used afterwards|"
              "iterator invalidation: '%1' modifies '%0' inside a loop over it, which continues with invalid iterators}2")
      << Change.Container << Change.Member << IsLoop << (Change.Borrow ? Change.Borrow->getName() : "");
  if (Change.Inside)
    diag(Change.Inside->getExprLoc(), "'%0' is called here", DiagnosticIDs::Note) << Change.Member;
  if (IsLoop) {
    diag(Change.Use->getBeginLoc(), "the loop is here; modify '%0' after it", DiagnosticIDs::Note) << Change.Container;
    return;
  }
  diag(Change.Borrow->getLocation(), "'%0' is declared here", DiagnosticIDs::Note) << Change.Borrow->getName();
  diag(Change.Use->getBeginLoc(), "used here %select{after it was invalidated|while the other owner may use it; call '%1' when the changes are made}0",
       DiagnosticIDs::Note)
      << Change.Shares << Change.Member;
}

void AliasedExclusiveCheck::report(const CellConflict &Conflict, const SourceManager &Sources) {
  if (!claim(Conflict.Second->getExprLoc(), Sources))
    return;
  diag(Conflict.Second->getExprLoc(), "'%0' is borrowed %select{|exclusively }1while %select{a shared|an exclusive}2 borrow of it is alive; "
                                      "this fails at run time")
      << Conflict.Cell << Conflict.SecondExclusive << Conflict.FirstExclusive;
  if (Conflict.Inside)
    diag(Conflict.Inside->getExprLoc(), "the second borrow is made here", DiagnosticIDs::Note);
  diag(Conflict.First->getExprLoc(), "the first borrow is made here, and is alive until %select{the end of the full expression|'%1' is destroyed}0",
       DiagnosticIDs::Note)
      << (Conflict.Keeper != nullptr) << (Conflict.Keeper ? Conflict.Keeper->getName() : "");
}

} // namespace ward
