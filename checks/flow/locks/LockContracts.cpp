// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The locks that an argument says the caller holds: `int size(Lock how)`, which acquires its lock for one value of `how` only.
#include "flow/UnitFlow.h"

using namespace clang;

namespace ward {

/// The locks of a function by the values of its flags.
struct LockContext::Contract {
  struct Case {
    FlagStates When;
    LockList Acquired; ///< anywhere in the function
    llvm::DenseMap<const Stmt *, LockList> At;
  };
  std::vector<Case> Cases;
};

const LockContext::Contract &LockContext::contractOf(const FunctionModel &Function) {
  std::shared_ptr<Contract> &Slot = Contracts[&Function];
  if (Slot)
    return *Slot;
  Slot = std::make_shared<Contract>();
  if (!Function.touchesLocks())
    return *Slot;
  const LockSets &Locks = Flow.lockSets(Function);
  const LockFlags &Flags = Locks.flags();
  FlagStates Done = 0;
  for (unsigned State = 0; Flags.anyParameter() && State != Flags.states(); ++State) {
    if (Done >> State & 1 || !(Flags.atEntry() & Flags.sameParameters(State)))
      continue;
    Contract::Case Next;
    Next.When = Flags.sameParameters(State);
    Done |= Next.When;
    Locks.forEachAcquisition(
        [&](const AcquisitionPoint &Point, const LockSet &) {
          if (!Point.Tries)
            Next.Acquired.append(Locks.sites()[Point.Site].Locked.begin(), Locks.sites()[Point.Site].Locked.end());
        },
        Next.When);
    Locks.forEach(
        [&](const Stmt *S, const LockSet &State) {
          LockList &Held = Next.At[S];
          for (unsigned Site : State.Must.set_bits())
            Held.append(Locks.sites()[Site].Locked.begin(), Locks.sites()[Site].Locked.end());
        },
        Next.When);
    Slot->Cases.push_back(std::move(Next));
  }
  return *Slot;
}

LockList LockContext::assumedAt(const FunctionModel &Function, const Stmt *S, bool &MayHold) {
  LockList Result;
  if (!Flow.acquiresOrReleases(Function))
    return Result;
  const Contract &Known = contractOf(Function);
  if (Known.Cases.size() < 2)
    return Result;
  const LockFlags &Flags = Flow.lockSets(Function).flags();
  auto Holds = [](llvm::ArrayRef<LockRef> List, const LockRef &Ref) { return Ref.Mutex && lockIn(List, *Ref.Mutex); };
  LockList All;
  for (const Contract::Case &Each : Known.Cases)
    for (const LockRef &Ref : Each.Acquired)
      if (Ref.Mutex && !Holds(All, Ref))
        All.push_back(Ref);
  for (const LockRef &Ref : All) {
    bool Always = true, HeldInOne = false, Unknown = false;
    for (const Contract::Case &Each : Known.Cases) {
      auto Here = Each.At.find(S);
      if (Here == Each.At.end())
        continue; // not evaluated then
      if (Holds(Here->second, Ref)) {
        HeldInOne = true;
        continue;
      }
      // With these values the function leaves the lock to its caller: do the callers hold it?
      bool AnyCaller = false;
      Always &= !Holds(Each.Acquired, Ref);
      for (unsigned I : Calls.into(Function)) {
        const CallEdge &Edge = Calls.edges()[I];
        FlagStates Begins = Flags.startedBy(Edge.How, Flags, 0, /*OnlyConstants=*/true);
        if (!Always || Edge.Caller == &Function || (Begins & ~Each.When) || isUnreachable(*Edge.Caller, Edge.Site) ||
            Flow.confined().isConstructionOrDestruction(*Edge.Caller, Edge.Site))
          continue;
        AnyCaller = true;
        std::optional<AccessPath> AtCaller = CallGraph::toCaller(*Ref.Mutex, Edge, Flow.model().names());
        LockList Held = withCallers(heldAt(*Edge.Caller, Edge.Site), heldByKnownCallers(*Edge.Caller),
                                    pointAt(*Edge.Caller, Edge.Site));
        Always &= AtCaller && lockIn(Held, *AtCaller);
      }
      Unknown |= !AnyCaller;
    }
    if (Always && !Unknown)
      Result.push_back(Ref);
    // No caller shows it, but a parameter such as `locked` does.
    MayHold |= Always && Unknown && HeldInOne && llvm::any_of(Function.Function->parameters(), [](const ParmVarDecl *Parameter) {
                 llvm::StringRef Name = Parameter->getName();
                 return Name.contains_insensitive("locked") || Name.contains_insensitive("held");
               });
  }
  return Result;
}

} // namespace ward
