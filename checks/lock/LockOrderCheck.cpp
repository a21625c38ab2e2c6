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
      diag(First.location(), "'%0' of one object is taken while that of another is held: two threads that have them the other way round "
                             "wait for each other forever")
          << First.Second.print();
      note(First, Unit);
      continue;
    }
    diag(First.location(), "'%0' is taken while '%1' is held, and elsewhere the other way round%select{|, through others}2: two threads can "
                           "wait for each other forever")
        << First.Second.print() << First.First.print() << (Cycle.size() > 2);
    for (const LockEdge *Edge : Cycle)
      note(*Edge, Unit);
  }
}

void LockOrderCheck::note(const LockEdge &Edge, UnitFlow &Unit) {
  auto Chain = Unit.acquired().chain(Edge.Taken, *Edge.In);
  for (size_t I = 0; I != Chain.size(); ++I) {
    auto [In, Where] = Chain[I];
    SourceLocation At = isa<DeclStmt>(Where) ? cast<DeclStmt>(Where)->getSingleDecl()->getLocation() : cast<Expr>(Where)->getExprLoc();
    bool Last = I + 1 == Chain.size();
    if (I == 0)
      diag(At, "'%0' is held here%select{, and this call leads to|, and}2 '%1'%select{| is taken}2", DiagnosticIDs::Note)
          << Edge.First.print() << Edge.Second.print() << Last;
    else
      diag(At, "%select{through here|where '%1' is taken}0", DiagnosticIDs::Note) << Last << Edge.Second.print();
  }
}

} // namespace ward
