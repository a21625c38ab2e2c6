// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "program/ProgramSharedMode.h"

#include "program/ProgramGuardKeys.h"

#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace ward {

bool isInConflict(const ProgramGraph &Graph, const ProgramVerdict::Access &Write, const ProgramVerdict &Verdict) {
  ProgramGuardKeys Keys(Graph);
  ProgramLocks Own = Graph.heldAt(*Write.In, *Write.What, /*Likely=*/false);
  return any_of(Verdict.Accesses, [&](const ProgramVerdict::Access &Other) {
    ProgramLocks Held = Graph.heldAt(*Other.In, *Other.What, /*Likely=*/false);
    return none_of(Own, [&](const ProgramLock &Lock) {
      std::optional<ProgramGuardKey> Key = Keys.key(*Write.What, Lock);
      const ProgramLock *Common = Key ? Keys.in(Held, *Other.What, *Key) : nullptr;
      return Common && !(Lock.Shared && Common->Shared);
    });
  });
}

std::vector<SharedCall> callsInSharedMode(const ProgramGraph &Graph, const ProgramVerdict::Access &Write,
                                          const ProgramVerdict &Verdict) {
  ProgramGuardKeys Keys(Graph);
  std::vector<SharedCall> Result;
  if (Keys.in(Write.What->Must, *Write.What, Verdict.Guard) || Write.In->CalledBy > ProgramFunction::Inside)
    return Result;
  bool AnyExclusive = false;
  Graph.forEachCall(*Write.In,
                    [&](const ProgramGraph::Function &From, const ProgramGraph::Call &At, const ProgramLocks &Held) {
                      const ProgramLock *Lock = Keys.in(Held, *Write.What, Verdict.Guard);
                      AnyExclusive |= Lock && !Lock->Shared;
                      if (Lock && Lock->Shared)
                        Result.push_back({&From, At.At});
                    });
  if (!AnyExclusive)
    Result.clear();
  return Result;
}

} // namespace ward
