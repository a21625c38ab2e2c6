// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Merges the facts of units about one function, in an order that is the same in every run.
#include "program/ProgramGraph.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <map>
#include <tuple>

using namespace llvm;

namespace ward {

void ProgramGraph::join(ProgramLocks &Into, const ProgramLocks &More) {
  for (const ProgramLock &Lock : More)
    if (!is_contained(Into, Lock))
      Into.push_back(Lock);
}

void ProgramGraph::merge(ProgramFunction From, Function &To) {
  To.CalledBy = From.CalledBy;
  To.Checks = From.Checks;
  if (From.Variants.size() == 1) {
    ProgramVariant &Only = From.Variants.front();
    To.Requires = std::move(Only.Requires);
    To.ChangesLocks = Only.ChangesLocks;
    To.Joins = Only.Joins;
    To.Starts = std::move(Only.Starts);
    To.Acquisitions = std::move(Only.Acquisitions);
    for (ProgramCall &Each : Only.Calls)
      To.Calls.push_back(Call{std::move(Each), {}});
    To.Accesses = std::move(Only.Accesses);
    To.DiscardedGuards = std::move(Only.DiscardedGuards);
    To.Wakes = std::move(Only.Wakes);
  } else {
    mergeVariants(From.Variants, To);
  }
  order(To);
}

void ProgramGraph::mergeVariants(const std::vector<ProgramVariant> &From, Function &To) {
  size_t Variants = From.size();
  // Each with the variants that have it.
  struct AcquisitionKey {
    ProgramPlace At;
    Id Path;
    bool Shared;
    auto operator<=>(const AcquisitionKey &) const = default;
  };
  std::map<AcquisitionKey, std::pair<ProgramAcquisition, std::vector<bool>>> Acquisitions;
  std::map<std::tuple<ProgramPlace, Id, bool>, std::pair<Call, std::vector<bool>>> Calls;
  std::map<std::tuple<ProgramPlace, Id, Id>, ProgramAccess> Accesses;
  for (size_t I = 0; I != Variants; ++I) {
    const ProgramVariant &Variant = From[I];
    join(To.Requires, Variant.Requires);
    To.ChangesLocks |= Variant.ChangesLocks;
    To.Joins |= Variant.Joins;
    for (const ProgramStart &Start : Variant.Starts)
      if (!is_contained(To.Starts, Start))
        To.Starts.push_back(Start);
    for (const ProgramWake &Wake : Variant.Wakes)
      if (!is_contained(To.Wakes, Wake))
        To.Wakes.push_back(Wake);
    for (const ProgramPlace &At : Variant.DiscardedGuards)
      if (!is_contained(To.DiscardedGuards, At))
        To.DiscardedGuards.push_back(At);
    for (const ProgramAcquisition &Acquisition : Variant.Acquisitions) {
      auto [It, New] = Acquisitions.try_emplace({Acquisition.At, Acquisition.Lock.Path, Acquisition.Lock.Shared}, Acquisition, std::vector<bool>(Variants));
      It->second.second[I] = true;
      ProgramAcquisition &Old = It->second.first;
      if (New)
        continue;
      Old.IsNonReentrant &= Acquisition.IsNonReentrant;
      Old.Tries |= Acquisition.Tries;
      Old.AfterRelease |= Acquisition.AfterRelease;
      Old.DependsOnParameter |= Acquisition.DependsOnParameter;
      Old.Lock.Owner = std::max(Old.Lock.Owner, Acquisition.Lock.Owner);
      Old.Held = meet(Old.Held, Acquisition.Held);
      Old.Must = meet(Old.Must, Acquisition.Must);
      for (Id Path : Acquisition.Released)
        if (!is_contained(Old.Released, Path))
          Old.Released.push_back(Path);
    }
    for (const ProgramCall &Next : Variant.Calls) {
      // One unit may have the callee's body, another only its declaration.
      Id Name = Next.To;
      if (Facts.symbol(Name).What == ProgramSymbol::Function && Facts.symbol(Name).Of != None)
        Name = Facts.symbol(Name).Of;
      auto [It, New] = Calls.try_emplace({Next.At, Name, Next.Virtual}, Call{Next, {}}, std::vector<bool>(Variants));
      It->second.second[I] = true;
      Call &Old = It->second.first;
      if (New)
        continue;
      if (Facts.symbol(Next.To).What == ProgramSymbol::Function && Next.To != Old.To &&
          (Facts.symbol(Old.To).What != ProgramSymbol::Function || Ranks[Next.To] < Ranks[Old.To]))
        Old.To = Next.To;
      if (Old.Object != Next.Object)
        Old.Object = None;
      if (Old.Arguments != Next.Arguments)
        Old.Arguments.clear();
      Old.DependsOnParameter |= Next.DependsOnParameter;
      Old.IsConstructionOrDestruction |= Next.IsConstructionOrDestruction;
      Old.IsConfined |= Next.IsConfined;
      Old.OnOwn |= Next.OnOwn;
      for (const ProgramPlace &Earlier : Next.After)
        if (!is_contained(Old.After, Earlier))
          Old.After.push_back(Earlier);
      Old.Held = meet(Old.Held, Next.Held);
      join(Old.Must, Next.Must);
      for (Id Path : Next.Released)
        if (!is_contained(Old.Released, Path))
          Old.Released.push_back(Path);
    }
    for (const ProgramAccess &Access : Variant.Accesses) {
      auto [It, New] = Accesses.try_emplace({Access.At, Access.Subject, Access.Object}, Access);
      ProgramAccess &Old = It->second;
      if (New)
        continue;
      Old.Refuted = (Old.Refuted || Access.Refuted) && !Old.Write && !Access.Write;
      Old.Write |= Access.Write;
      Old.Indirect |= Access.Indirect;
      Old.IsConfined |= Access.IsConfined;
      Old.Own |= Access.Own;
      Old.Unknown |= Access.Unknown;
      Old.NamedLocked |= Access.NamedLocked;
      join(Old.Must, Access.Must);
      for (Id Field : Access.Around)
        if (!is_contained(Old.Around, Field))
          Old.Around.push_back(Field);
    }
  }
  auto Always = [](const std::vector<bool> &In) { return all_of(In, [](bool Has) { return Has; }); };
  for (auto &[Key, Entry] : Acquisitions)
    if (Always(Entry.second))
      To.Acquisitions.push_back(std::move(Entry.first));
  for (auto &[Key, Entry] : Calls) {
    if (!Always(Entry.second))
      Entry.first.Held.clear(); // a call that some variants lack proves no order
    To.Calls.push_back(std::move(Entry.first));
  }
  for (auto &[Key, Access] : Accesses)
    To.Accesses.push_back(std::move(Access));
}

void ProgramGraph::order(Function &To) {
  sort(To.Requires);
  for (ProgramAcquisition &Acquisition : To.Acquisitions) {
    sort(Acquisition.Held);
    sort(Acquisition.Must);
  }
  for (Call &Each : To.Calls) {
    sort(Each.Held);
    sort(Each.Must);
  }
  for (ProgramAccess &Access : To.Accesses)
    sort(Access.Must);
  llvm::sort(To.DiscardedGuards, [this](const ProgramPlace &A, const ProgramPlace &B) { return isBefore(A, B); });
  llvm::sort(To.Wakes, [this](const ProgramWake &A, const ProgramWake &B) {
    auto Key = [&](const ProgramWake &W) { return std::tuple(rank(W.Condvar), rank(W.Mutex), rank(W.State)); };
    return A.At != B.At ? isBefore(A.At, B.At) : A.Notification != B.Notification ? isBefore(A.Notification, B.Notification) : Key(A) < Key(B);
  });
  llvm::sort(To.Acquisitions, [this](const ProgramAcquisition &A, const ProgramAcquisition &B) {
    if (A.At != B.At)
      return isBefore(A.At, B.At);
    return A.Lock.Path != B.Lock.Path ? isBefore(A.Lock.Path, B.Lock.Path) : A.Lock.Shared < B.Lock.Shared;
  });
  llvm::sort(To.Calls, [this](const Call &A, const Call &B) {
    if (A.At != B.At)
      return isBefore(A.At, B.At);
    return A.To != B.To ? Ranks[A.To] < Ranks[B.To] : A.Virtual < B.Virtual;
  });
  llvm::sort(To.Accesses, [this](const ProgramAccess &A, const ProgramAccess &B) {
    if (A.At != B.At)
      return isBefore(A.At, B.At);
    return A.Subject != B.Subject ? Ranks[A.Subject] < Ranks[B.Subject] : isBefore(A.Object, B.Object);
  });
  To.Accesses.erase(std::unique(To.Accesses.begin(), To.Accesses.end()), To.Accesses.end());
}

} // namespace ward
