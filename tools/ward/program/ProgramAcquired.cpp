// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The locks that calls lead to, over the whole program.
#include "program/ProgramGraph.h"

#include "llvm/ADT/STLExtras.h"

#include <deque>

using namespace llvm;

namespace ward {
namespace {

/// Limits on the distinct locks that a function acquires and on the length of a call chain; what exceeds them is not followed.
constexpr unsigned MaxAcquired = 64, MaxCalls = 12;

} // namespace

bool ProgramGraph::add(Function &To, AcquiredLock What) {
  if (To.AllAcquired.size() >= MaxAcquired || any_of(To.AllAcquired, [&](const AcquiredLock &Other) {
        return Other.Lock.Path == What.Lock.Path && Other.Lock.Shared == What.Lock.Shared && Other.IsNonReentrant >= What.IsNonReentrant &&
               Other.Tries <= What.Tries && Other.AfterRelease <= What.AfterRelease && Other.DependsOnParameter <= What.DependsOnParameter &&
               all_of(Other.Released, [&](Id Path) { return is_contained(What.Released, Path); });
      }))
    return false;
  To.AllAcquired.push_back(What);
  return true;
}

std::optional<ProgramGraph::AcquiredLock> ProgramGraph::lifted(const Function &In, unsigned Number, unsigned Inner) const {
  const Call &Site = In.Calls[Number];
  unsigned Callee = Site.Targets.front();
  AcquiredLock Result = All[Callee].AllAcquired[Inner];
  std::optional<Id> Path = toCaller(Result.Lock.Path, Site, Callee);
  if (!Path) // the lock of an object that the caller does not name: `instance().write()`
    if (std::optional<ProgramLock> Nameless = ofSomeObject(Result.Lock))
      Path = Nameless->Path;
  if (!Path)
    return std::nullopt;
  Result.Lock.Owner = -1;
  Result.Lock.Path = *Path;
  Result.DependsOnParameter |= Site.DependsOnParameter;
  Result.AfterRelease |= is_contained(Site.Released, *Path);
  std::vector<Id> Inside = std::move(Result.Released);
  Result.Released = Site.Released;
  for (Id Released : Inside)
    if (std::optional<Id> Outside = toCaller(Released, Site, Callee))
      Result.Released.push_back(*Outside);
  Result.Own = ~0U;
  Result.Call = Number;
  Result.Inner = Inner;
  return Result;
}

void ProgramGraph::forEachAcquired(const Function &In, function_ref<void(const AcquiredLock &)> Visit) const {
  for (unsigned I = 0; I != In.Acquisitions.size(); ++I) {
    const ProgramAcquisition &Acquisition = In.Acquisitions[I];
    Visit({Acquisition.Lock, Acquisition.IsNonReentrant, Acquisition.Tries, Acquisition.AfterRelease, Acquisition.DependsOnParameter, I, ~0U, ~0U,
               Acquisition.Released});
  }
  for (unsigned C = 0; C != In.Calls.size(); ++C)
    if (In.Calls[C].Targets.size() == 1)
      for (unsigned Inner = 0; Inner != All[In.Calls[C].Targets.front()].AllAcquired.size(); ++Inner)
        if (std::optional<AcquiredLock> Seen = lifted(In, C, Inner))
          Visit(*Seen);
}

std::vector<std::pair<const ProgramGraph::Function *, ProgramPlace>> ProgramGraph::chain(const Function &In, const AcquiredLock &Lock) const {
  std::vector<std::pair<const Function *, ProgramPlace>> Result;
  const Function *At = &In;
  for (const AcquiredLock *Next = &Lock; Result.size() <= MaxCalls;) {
    Result.push_back({At, placeOf(*At, *Next)});
    if (Next->Call == ~0U)
      break;
    At = &All[At->Calls[Next->Call].Targets.front()];
    Next = &At->AllAcquired[Next->Inner];
  }
  return Result;
}

void ProgramGraph::findAcquired() {
  for (Function &Each : All)
    for (unsigned I = 0; I != Each.Acquisitions.size(); ++I) {
      const ProgramAcquisition &Acquisition = Each.Acquisitions[I];
      add(Each, {Acquisition.Lock, Acquisition.IsNonReentrant, Acquisition.Tries, Acquisition.AfterRelease, Acquisition.DependsOnParameter, I, ~0U, ~0U,
               Acquisition.Released});
    }
  // The shortest chains first. For each function, the range that the last round added.
  std::vector<std::pair<unsigned, unsigned>> Last;
  for (const Function &Each : All)
    Last.push_back({0, Each.AllAcquired.size()});
  for (unsigned Round = 0; Round != MaxCalls; ++Round) {
    std::vector<std::pair<unsigned, unsigned>> Next;
    bool Grown = false;
    for (Function &Each : All) {
      unsigned Before = Each.AllAcquired.size();
      for (unsigned C = 0; C != Each.Calls.size(); ++C) {
        const Call &Site = Each.Calls[C];
        if (Site.Targets.size() != 1)
          continue;
        unsigned Callee = Site.Targets.front();
        for (unsigned Inner = Last[Callee].first; Inner != Last[Callee].second; ++Inner)
          if (std::optional<AcquiredLock> Seen = lifted(Each, C, Inner))
            add(Each, *Seen);
      }
      Next.push_back({Before, Each.AllAcquired.size()});
      Grown |= Before != Each.AllAcquired.size();
    }
    Last = std::move(Next);
    if (!Grown)
      break;
  }
}

} // namespace ward
