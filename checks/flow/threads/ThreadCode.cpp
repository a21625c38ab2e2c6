// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/threads/ThreadCode.h"

#include "flow/threads/Outlives.h"

using namespace clang;

namespace ward {

ThreadCode::ThreadCode(UnitFlow &Unit) : Unit(Unit) {
  for (const Spawn &Started : Unit.spawns().all())
    if (!Started.MayRunHere)
      add(Unit.spawns().bodyOf(Started), Started);
  // Pieces grows during the loop: the callees of a piece are pieces.
  for (size_t I = 0; I != Pieces.size(); ++I) {
    Piece Current = Pieces[I];
    const auto &Locked = Unit.locked(*Current.Function);
    for (const CallExpr *Call : Current.Function->Calls)
      if (!Locked.contains(Call))
        add(Unit.model().function(Call->getDirectCallee()), *Current.Started);
    for (const CXXConstructExpr *Construct : Current.Function->Constructs)
      if (!Locked.contains(Construct))
        add(Unit.model().function(Construct->getConstructor()), *Current.Started);
  }
}

void ThreadCode::add(const FunctionModel *Function, const Spawn &Started) {
  if (Function && !Function->IsPattern && Seen.insert(Function).second)
    Pieces.push_back({Function, &Started});
}

std::optional<llvm::DenseSet<const Stmt *>> ThreadCode::runningIn(const FunctionModel &Function) const {
  if (Seen.contains(&Function))
    return std::nullopt;
  std::optional<llvm::DenseSet<const Stmt *>> During;
  for (const Spawn &Started : Unit.spawns().all()) {
    if (Started.In != &Function || Started.MayRunHere)
      continue;
    if (!During)
      During.emplace();
    whileRunning(Started, Unit.spawns().captured(Started), Unit, [&](const Stmt *S) { During->insert(S); });
  }
  return During;
}

} // namespace ward
