// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// What guards do whose constructors and destructors are defined in other files, and functions that lock and unlock
/// there: their definitions decide.
#include "program/ProgramFacts.h"

#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace ward {
namespace {

/// Applies the objects of one function to what happens while they exist.
class HolderScope {
public:
  HolderScope(ProgramVariant &In, const std::unordered_map<Id, ProgramHolder> &Holders) : In(In), Holders(Holders) {}

  void apply(const std::unordered_set<Id> &NonReentrant) {
    for (ProgramAcquisition &Acquisition : In.Acquisitions)
      applyTo(Acquisition.Held, Acquisition.Must, Acquisition.Released, Acquisition.Under);
    for (ProgramCall &Call : In.Calls)
      applyTo(Call.Held, Call.Must, Call.Released, Call.Under);
    for (ProgramAccess &Access : In.Accesses) {
      ProgramLocks Held;
      // The unit took for a guard what is none: whether a lock guards the subject is decided anew.
      Access.Refuted |= applyTo(Held, Access.Must, Access.Released, Access.Under);
    }
    for (ProgramObject Object : In.Objects) {
      const ProgramHolder *Found = holderOf(Object);
      if (!Found)
        continue;
      // Its effect is known, so the call of the constructor says no more.
      erase_if(In.Calls, [&](const ProgramCall &Call) { return Call.To == Object.Constructor; });
      bool Holds = !Found->IsInverse && !Found->IsNone && !Found->Releases;
      if (!Holds && Object.IsAssumed)
        erase_if(In.Acquisitions,
                 [&](const ProgramAcquisition &Acquisition) { return Acquisition.At == Object.At && Acquisition.Lock.Path == Object.Lock.Path; });
      if (Holds && Object.IsDiscarded)
        In.DiscardedGuards.push_back(Object.At);
      if (!Holds || Object.IsAssumed)
        continue;
      applyTo(Object.Held, Object.Must, Object.Released, Object.Under);
      ProgramLock Lock = Object.Lock;
      Lock.Shared = Found->Shared;
      ProgramAcquisition Acquisition{Object.At,
                       Lock,
                       NonReentrant.count(Object.Class) != 0,
                       /*Tries=*/false,
                       is_contained(Object.Released, Lock.Path),
                       /*DependsOnParameter=*/false,
                       std::move(Object.Held),
                       std::move(Object.Must)};
      In.Acquisitions.push_back(std::move(Acquisition));
    }
  }

private:
  /// What the constructor of \p Object does with its lock; null if unknown.
  const ProgramHolder *holderOf(const ProgramObject &Object) const {
    auto Found = Holders.find(Object.Constructor);
    return Found == Holders.end() || Found->second.Argument != Object.Argument ? nullptr : &Found->second;
  }

  /// True if what the unit took for a guard is none.
  bool applyTo(ProgramLocks &Held, ProgramLocks &Must, std::vector<Id> &Released,
               const std::vector<uint32_t> &Under) const {
    bool Refuted = false;
    for (uint32_t Number : Under) { // from the outermost to the innermost
      if (Number >= In.Objects.size())
        continue;
      const ProgramObject &Object = In.Objects[Number];
      const ProgramHolder *Found = holderOf(Object);
      if (!Found)
        continue;
      auto IsIt = [&](const ProgramLock &Lock) { return Lock.Path == Object.Lock.Path; };
      Refuted |= Object.IsAssumed && (Found->IsNone || Found->IsInverse);
      if (Found->IsNone) {
        if (Object.IsAssumed && none_of(Object.Must, IsIt)) {
          erase_if(Held, IsIt);
          erase_if(Must, IsIt);
        }
        continue;
      }
      if (Found->IsInverse) {
        erase_if(Held, IsIt);
        erase_if(Must, IsIt);
        if (!is_contained(Released, Object.Lock.Path))
          Released.push_back(Object.Lock.Path);
        continue;
      }
      if (Object.IsAssumed)
        continue;
      if (Found->Releases) {
        if (none_of(Must, IsIt) && !is_contained(Released, Object.Lock.Path))
          Released.push_back(Object.Lock.Path); // that of its caller
        erase_if(Held, IsIt);
        erase_if(Must, IsIt);
        continue;
      }
      ProgramLock Lock = Object.Lock;
      Lock.Shared = Found->Shared;
      for (ProgramLocks *Into : {&Held, &Must})
        if (!is_contained(*Into, Lock))
          Into->push_back(Lock);
    }
    return Refuted;
  }

  ProgramVariant &In;
  const std::unordered_map<Id, ProgramHolder> &Holders;
};

} // namespace

void ProgramFacts::resolveHolders() {
  for (auto &[Symbol, Function] : Functions)
    for (ProgramVariant &Variant : Function.Variants) {
      for (ProgramAcquisition &Acquisition : Variant.Acquisitions)
        Acquisition.IsNonReentrant |= NonReentrant.count(Acquisition.Class) != 0;
      HolderScope(Variant, Holders).apply(NonReentrant);
    }
}

} // namespace ward
