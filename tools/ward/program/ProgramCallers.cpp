// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// What the callers of a function hold where they call it.
#include "program/ProgramGraph.h"

#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace ward {

/// What is held at \p At, as the callee names it, if the caller was entered with \p Entry.
ProgramLocks ProgramGraph::heldAtCall(const Call &At, unsigned Callee, const ProgramLocks &Entry) const {
  ProgramLocks Held;
  auto Add = [&](const ProgramLock &Lock) {
    if (std::optional<ProgramLock> Mapped = toCallee(Lock, At, Callee); Mapped && !is_contained(Held, *Mapped))
      Held.push_back(*Mapped);
  };
  for (const ProgramLock &Lock : At.Must)
    Add(Lock);
  for (const ProgramLock &Lock : Entry)
    if (!is_contained(At.Released, Lock.Path))
      Add(Lock);
  return Held;
}

void ProgramGraph::forEachCall(const Function &Callee, function_ref<void(const Function &, const Call &, const ProgramLocks &)> Visit) const {
  unsigned I = &Callee - All.data();
  for (auto [Caller, Number] : concat<const std::pair<unsigned, unsigned>>(Into[I], IntoVirtual[I])) {
    const Function &From = All[Caller];
    const Call &At = From.Calls[Number];
    if (Caller == I || At.IsConstructionOrDestruction || At.IsConfined || From.OnlyConfined || !From.LikelyEntry)
      continue;
    Visit(From, At, heldAtCall(At, I, *From.LikelyEntry));
  }
}

} // namespace ward
