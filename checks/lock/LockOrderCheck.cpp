// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lock/LockOrderCheck.h"

using namespace clang;

namespace ward {

void LockOrderCheck::storeOptions(tidy::ClangTidyOptions::OptionMap &Opts) {
  Options.store(Opts, "SameClass", SameClass ? "true" : "false");
  WardCheck::storeOptions(Opts);
}

void LockOrderCheck::analyse(UnitFlow &Unit) {
  const SourceManager &Sources = Unit.model().context().getSourceManager();
  LockOrder Order(Unit);
  for (const LockOrder::Cycle &Cycle : Order.cycles(SameClass)) {
    const LockEdge &First = *Cycle.front();
    if (!claim(First.location(), Sources))
      continue;
    if (Cycle.size() == 1) {
      diag(First.location(), "possible deadlock: '%0' of one object is acquired while holding that of another; two threads that acquire them "
                             "in opposite order wait for each other")
          << Order.print(First.Second);
    } else {
      diag(First.location(), "possible deadlock: '%0' is acquired while holding '%1', and elsewhere in the opposite order"
                             "%select{|, through other locks}2")
          << Order.print(First.Second) << Order.print(First.First) << (Cycle.size() > 2);
    }
    for (const LockEdge *Edge : Cycle)
      note(*Edge, Order, Unit);
    if (Cycle.size() == 1 && First.OneOrder) {
      diag(First.OneOrder->getExprLoc(), "called with the two objects in this order here", DiagnosticIDs::Note);
      diag(First.OtherOrder->getExprLoc(), "and in the opposite order here", DiagnosticIDs::Note);
    }
  }
}

void LockOrderCheck::note(const LockEdge &Edge, const LockOrder &Order, UnitFlow &Unit) {
  auto Chain = Unit.acquired().chain(Edge.Acquired, *Edge.In);
  for (size_t I = 0; I != Chain.size(); ++I) {
    auto [In, Where] = Chain[I];
    SourceLocation At = isa<DeclStmt>(Where) ? cast<DeclStmt>(Where)->getSingleDecl()->getLocation() : cast<Expr>(Where)->getExprLoc();
    bool Last = I + 1 == Chain.size();
    if (I == 0)
      diag(At, "'%0' is held here, and %select{this call acquires '%1'|'%1' is acquired}2", DiagnosticIDs::Note)
          << Order.print(Edge.First) << Order.print(Edge.Second) << Last;
    else
      diag(At, "%select{called here|'%1' is acquired here}0", DiagnosticIDs::Note) << Last << Order.print(Edge.Second);
  }
}

} // namespace ward
