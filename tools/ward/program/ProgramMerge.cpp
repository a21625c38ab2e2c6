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
    To.Takes = std::move(Only.Takes);
    for (ProgramCall &Each : Only.Calls)
      To.Calls.push_back(Call{std::move(Each), {}});
    To.Accesses = std::move(Only.Accesses);
  } else {
    mergeVariants(From.Variants, To);
  }
  order(To);
}

void ProgramGraph::mergeVariants(const std::vector<ProgramVariant> &From, Function &To) {
  size_t Variants = From.size();
  // Each with the variants that have it.
  struct TakeKey {
    ProgramPlace At;
    Id Path;
    bool Shared;
    auto operator<=>(const TakeKey &) const = default;
  };
  std::map<TakeKey, std::pair<ProgramTake, std::vector<bool>>> Takes;
  std::map<std::tuple<ProgramPlace, Id, bool>, std::pair<Call, std::vector<bool>>> Calls;
  std::map<std::tuple<ProgramPlace, Id, Id>, ProgramAccess> Accesses;
  for (size_t I = 0; I != Variants; ++I) {
    const ProgramVariant &Variant = From[I];
    join(To.Requires, Variant.Requires);
    To.ChangesLocks |= Variant.ChangesLocks;
    for (const ProgramTake &Take : Variant.Takes) {
      auto [It, New] = Takes.try_emplace({Take.At, Take.Lock.Path, Take.Lock.Shared}, Take, std::vector<bool>(Variants));
      It->second.second[I] = true;
      ProgramTake &Old = It->second.first;
      if (New)
        continue;
      Old.IsNonReentrant &= Take.IsNonReentrant;
      Old.Tries |= Take.Tries;
      Old.AfterRelease |= Take.AfterRelease;
      Old.DependsOnParameter |= Take.DependsOnParameter;
      Old.Lock.Owner = std::max(Old.Lock.Owner, Take.Lock.Owner);
      Old.Held = meet(Old.Held, Take.Held);
      Old.Must = meet(Old.Must, Take.Must);
      for (Id Path : Take.Released)
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
      Old.Held = meet(Old.Held, Next.Held);
      join(Old.Must, Next.Must);
      for (Id Path : Next.Back)
        if (!is_contained(Old.Back, Path))
          Old.Back.push_back(Path);
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
  for (auto &[Key, Entry] : Takes)
    if (Always(Entry.second))
      To.Takes.push_back(std::move(Entry.first));
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
  for (ProgramTake &Take : To.Takes) {
    sort(Take.Held);
    sort(Take.Must);
  }
  for (Call &Each : To.Calls) {
    sort(Each.Held);
    sort(Each.Must);
  }
  for (ProgramAccess &Access : To.Accesses)
    sort(Access.Must);
  llvm::sort(To.Takes, [this](const ProgramTake &A, const ProgramTake &B) {
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
