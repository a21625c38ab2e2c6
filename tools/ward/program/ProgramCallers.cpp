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

std::vector<ProgramGraph::CallTo> ProgramGraph::callsOf(const Function &Callee) const {
  std::vector<CallTo> Result;
  unsigned I = &Callee - All.data();
  for (auto [Caller, Number] : concat<const std::pair<unsigned, unsigned>>(Into[I], IntoVirtual[I]))
    if (const Function &From = All[Caller]; Caller != I)
      Result.push_back({&From, &From.Calls[Number], heldAtCall(From.Calls[Number], I, From.LikelyEntry.value_or(ProgramLocks()))});
  return Result;
}

void ProgramGraph::forEachCall(const Function &Callee, function_ref<void(const Function &, const Call &, const ProgramLocks &)> Visit) const {
  for (const CallTo &Each : callsOf(Callee))
    if (!Each.At->IsConstructionOrDestruction && !Each.At->IsConfined && !Each.From->OnlyConfined && Each.From->LikelyEntry)
      Visit(*Each.From, *Each.At, Each.Held);
}

} // namespace ward
