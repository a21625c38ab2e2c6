// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/locks/DestroyedLocks.h"

#include "flow/UnitFlow.h"

using namespace clang;

namespace ward {

void forEachDestroyedWhileHeld(const FunctionModel &Function, UnitFlow &Flow,
                               llvm::function_ref<void(const LifetimeEnd &, const LockSite &, const AccessPath &)> Visit) {
  const LockSets &Held = Flow.lockSets(Function);
  Held.forEach([&](const Stmt *S, const LockSet &State) {
    if (State.May.none())
      return;
    std::optional<LifetimeEnd> End = lifetimeEnd(S, Flow.model());
    if (!End)
      return;
    for (unsigned Index : State.May.set_bits()) {
      if (State.Renamed.test(Index))
        continue;
      for (const LockRef &Ref : Held.sites()[Index].Locked)
        if (Ref.Mutex && liesIn(*Ref.Mutex, End->Object, End->ThroughPointers))
          Visit(*End, Held.sites()[Index], *Ref.Mutex);
    }
  });
}

} // namespace ward
