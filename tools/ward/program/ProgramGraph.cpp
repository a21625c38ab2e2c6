// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "program/ProgramGraph.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <deque>
#include <tuple>

using namespace llvm;

namespace ward {
ProgramGraph::ProgramGraph(ProgramFacts &Facts, bool AnyUse) : Facts(Facts) {
  rank();
  Facts.resolveWrites();
  Facts.resolveHolders();
  std::unordered_map<Id, ProgramFunction> Functions = Facts.takeFunctions();
  std::vector<Id> Symbols;
  for (const auto &[Symbol, Merged] : Functions)
    Symbols.push_back(Symbol);
  llvm::sort(Symbols, [this](Id A, Id B) { return Ranks[A] < Ranks[B]; });
  All.resize(Symbols.size());
  for (size_t I = 0; I != Symbols.size(); ++I) {
    auto Merged = Functions.find(Symbols[I]);
    All[I].Symbol = Symbols[I];
    merge(std::move(Merged->second), All[I]);
    Functions.erase(Merged);
  }
  resolve();
  if (AnyUse) {
    forgetUse();
  } else {
    findRoles();
    findConfined();
  }
  findCallbacks();
  findEntries(&Function::Entry, /*OnlyKnown=*/false);
  findEntries(&Function::LikelyEntry, /*OnlyKnown=*/true);
  findAcquired();
}

void ProgramGraph::forgetUse() {
  for (Function &Each : All) {
    for (Call &At : Each.Calls)
      At.IsConfined = false;
    for (ProgramAccess &Access : Each.Accesses)
      Access.IsConfined &= Access.Must.empty();
  }
}

void ProgramGraph::rank() {
  auto Order = [](size_t Count, auto Name) {
    std::vector<unsigned> Sorted(Count), Result(Count);
    for (unsigned I = 0; I != Count; ++I)
      Sorted[I] = I;
    llvm::sort(Sorted, [&](unsigned A, unsigned B) { return Name(A) < Name(B); });
    for (unsigned I = 0; I != Count; ++I)
      Result[Sorted[I]] = I;
    return Result;
  };
  Ranks = Order(Facts.symbols(), [&](unsigned I) { return Facts.key(I); });
  FileRanks = Order(Facts.files().size(), [&](unsigned I) -> const std::string & { return Facts.files()[I]; });
}

bool ProgramGraph::isBefore(const ProgramPlace &A, const ProgramPlace &B) const {
  auto Key = [&](const ProgramPlace &P) { return std::tuple(P.File == None ? ~0U : FileRanks[P.File], P.Line, P.Column); };
  return Key(A) < Key(B);
}

bool ProgramGraph::isBefore(Id PathA, Id PathB) const {
  if (PathA == PathB || PathB == None)
    return false;
  if (PathA == None)
    return true;
  const ProgramPath &A = Facts.path(PathA), &B = Facts.path(PathB);
  if (A.Root != B.Root)
    return rank(A.Root) < rank(B.Root);
  return std::lexicographical_compare(A.Steps.begin(), A.Steps.end(), B.Steps.begin(), B.Steps.end(),
                                      [this](Id X, Id Y) { return rank(X) < rank(Y); });
}

/// \p Lock, of an unknown object; none if it is not a member.
std::optional<ProgramLock> ProgramGraph::ofSomeObject(const ProgramLock &Lock) const {
  const ProgramPath &Path = Facts.path(Lock.Path);
  if (Path.Steps.empty() || Path.Steps.back() == None)
    return std::nullopt;
  return ProgramLock{Facts.intern({Somewhere, {Path.Steps.back()}}), -1, Lock.Shared};
}

ProgramLocks ProgramGraph::meet(const ProgramLocks &A, const ProgramLocks &B) const {
  ProgramLocks Result;
  for (const ProgramLock &Lock : A) {
    const ProgramLock *Found = nullptr;
    for (const ProgramLock &Other : B)
      if (Other.Path == Lock.Path && (!Found || !Other.Shared))
        Found = &Other;
    std::optional<ProgramLock> Common = Lock;
    if (!Found) {
      Common = ofSomeObject(Lock);
      for (const ProgramLock &Other : B)
        if (std::optional<ProgramLock> Its = ofSomeObject(Other); Common && Its && Its->Path == Common->Path)
          Found = &Other;
    }
    if (!Found)
      continue;
    Common->Shared |= Found->Shared;
    if (!is_contained(Result, *Common))
      Result.push_back(*Common);
  }
  return Result;
}

void ProgramGraph::sort(ProgramLocks &Locks) const {
  llvm::sort(Locks, [this](const ProgramLock &A, const ProgramLock &B) {
    return A.Path != B.Path ? isBefore(A.Path, B.Path) : std::tie(A.Shared, A.Owner) < std::tie(B.Shared, B.Owner);
  });
}

void ProgramGraph::resolve() {
  std::unordered_map<Id, unsigned> Bodies;
  std::unordered_map<Id, std::vector<unsigned>> Declared, Overriders;
  for (unsigned I = 0; I != All.size(); ++I) {
    Bodies[All[I].Symbol] = I;
    const ProgramSymbol &Symbol = Facts.symbol(All[I].Symbol);
    std::vector<Id> Names = Symbol.Overrides;
    if (Symbol.Of != None) {
      Declared[Symbol.Of].push_back(I);
      Names.push_back(Symbol.Of);
      if (Facts.symbol(Symbol.Of).IsAddressTaken) // in another unit
        All[I].CalledBy = std::max(All[I].CalledBy, All[I].CalledBy == ProgramFunction::Inside ? ProgramFunction::Unknown : ProgramFunction::Thread);
    }
    for (Id Name : Names)
      if (!is_contained(Overriders[Name], I))
        Overriders[Name].push_back(I);
  }
  Into.resize(All.size());
  IntoVirtual.resize(All.size());
  for (unsigned I = 0; I != All.size(); ++I) {
    for (unsigned C = 0; C != All[I].Calls.size(); ++C) {
      Call &Each = All[I].Calls[C];
      if (Each.Virtual) {
        auto Named = Overriders.find(Each.To);
        if (Named == Overriders.end())
          continue;
        // The only implementation in the program is what the call calls.
        if (Named->second.size() == 1)
          Each.Targets = Named->second;
        for (unsigned Target : Named->second)
          (Named->second.size() == 1 ? Into : IntoVirtual)[Target].push_back({I, C});
        continue;
      }
      if (auto Body = Bodies.find(Each.To); Body != Bodies.end())
        Each.Targets = {Body->second};
      else if (auto Named = Declared.find(Each.To); Named != Declared.end())
        Each.Targets = Named->second;
      for (unsigned Target : Each.Targets) {
        Into[Target].push_back({I, C});
        // A callee with a body in the same unit is in that unit's locksets already.
        All[I].HasUnknownLockset |= Facts.symbol(Each.To).What == ProgramSymbol::Declared && All[Target].ChangesLocks;
      }
    }
  }
}

std::optional<ProgramLock> ProgramGraph::toCallee(const ProgramLock &Lock, const Call &Call, unsigned Callee) const {
  const ProgramPath &Path = Facts.path(Lock.Path);
  if (Call.Closure || Path.Root == Somewhere || (Path.Root != None && Facts.symbol(Path.Root).What == ProgramSymbol::Global))
    return Lock;
  auto Behind = [&](Id Prefix, Id Root) -> std::optional<ProgramLock> {
    if (Prefix == None || !Path.startsWith(Facts.path(Prefix)))
      return std::nullopt;
    size_t Length = Facts.path(Prefix).Steps.size();
    ProgramPath Result{Root, {Path.Steps.begin() + Length, Path.Steps.end()}};
    int32_t Owner = Lock.Owner >= static_cast<int32_t>(Length) ? Lock.Owner - static_cast<int32_t>(Length) : -1;
    return ProgramLock{Facts.intern(std::move(Result)), Owner, Lock.Shared};
  };
  // The shortest path: that of the argument nearest to the lock.
  std::optional<ProgramLock> Best = Behind(Call.Object, None);
  for (unsigned I = 0; I != Call.Arguments.size(); ++I)
    if (Id Parameter = Facts.parameter(All[Callee].Symbol, I); Parameter != None)
      if (std::optional<ProgramLock> Found = Behind(Call.Arguments[I], Parameter);
          Found && (!Best || Facts.path(Found->Path).Steps.size() <= Facts.path(Best->Path).Steps.size()))
        Best = Found;
  return Best ? Best : ofSomeObject(Lock); // the callee may reach that object by another path
}

std::optional<Id> ProgramGraph::toCaller(Id Inner, const Call &Call, unsigned Callee) const {
  const ProgramPath &Path = Facts.path(Inner);
  Id NewRoot = None;
  if (Path.Root == Somewhere)
    return Inner;
  if (Path.Root == None) {
    if (Call.Closure)
      return Inner;
    NewRoot = Call.Object;
  } else {
    const ProgramSymbol &Root = Facts.symbol(Path.Root);
    if (Root.What == ProgramSymbol::Global)
      return Inner;
    bool IsOwn = Root.What == ProgramSymbol::Parameter && Root.Of == All[Callee].Symbol;
    if (Call.Closure)
      return IsOwn ? std::nullopt : std::optional(Inner);
    if (IsOwn && Root.Index < Call.Arguments.size())
      NewRoot = Call.Arguments[Root.Index];
  }
  if (NewRoot == None)
    return std::nullopt;
  ProgramPath Result = Facts.path(NewRoot);
  Result.Steps.insert(Result.Steps.end(), Path.Steps.begin(), Path.Steps.end());
  return Facts.intern(std::move(Result));
}

ProgramLocks ProgramGraph::heldAt(const Function &In, const ProgramLocks &Must, ArrayRef<Id> Released) const {
  ProgramLocks Result = Must;
  if (In.Entry)
    for (const ProgramLock &Lock : *In.Entry)
      if (!is_contained(Released, Lock.Path) && !is_contained(Result, Lock))
        Result.push_back(Lock);
  return Result;
}

ProgramLocks ProgramGraph::heldAt(const Function &In, const ProgramAccess &Access, bool Likely) const {
  ProgramLocks Result = heldAt(In, Access.Must, Access.Released);
  if (Likely && In.LikelyEntry)
    join(Result, *In.LikelyEntry);
  return Result;
}

std::optional<ProgramLocks> ProgramGraph::meetOfCallers(unsigned Callee, std::optional<ProgramLocks> Function::*Which) const {
  std::optional<ProgramLocks> Result;
  for (auto [Caller, Number] : concat<const std::pair<unsigned, unsigned>>(Into[Callee], IntoVirtual[Callee])) {
    const Function &From = All[Caller];
    const Call &At = From.Calls[Number];
    // A call in construction, destruction or confined code needs no lock, so it is no evidence about the others.
    if (Caller == Callee || At.IsConstructionOrDestruction || At.IsConfined || From.OnlyConfined || !(From.*Which))
      continue;
    ProgramLocks Held = heldAtCall(At, Callee, *(From.*Which));
    Result = Result ? meet(*Result, Held) : std::move(Held);
  }
  if (Result)
    sort(*Result);
  return Result;
}

void ProgramGraph::findEntries(std::optional<ProgramLocks> Function::*Which, bool OnlyKnown) {
  std::deque<unsigned> Work;
  std::vector<bool> Open(All.size()), Queued(All.size());
  for (unsigned I = 0; I != All.size(); ++I) {
    Function &Each = All[I];
    switch (Each.CalledBy) {
    case ProgramFunction::Closure:
    case ProgramFunction::Inside:
      Open[I] = true;
      break;
    case ProgramFunction::Anyone:
    case ProgramFunction::Virtual:
      Open[I] = OnlyKnown && !(Into[I].empty() && IntoVirtual[I].empty());
      break;
    case ProgramFunction::Thread:
      break;
    case ProgramFunction::Unknown:
      if (Each.Requires.empty() && !Each.Given)
        continue;
      break;
    }
    if (!Each.Requires.empty())
      Open[I] = false;
    if (Open[I]) { // all locks, until a caller narrows them
      Work.push_back(I);
      Queued[I] = true;
    } else {
      Each.*Which = Each.Given.value_or(ProgramLocks());
    }
  }
  // The locksets only shrink, and each is short: this terminates.
  std::vector<std::vector<unsigned>> Targets(All.size());
  for (unsigned Target = 0; Target != All.size(); ++Target)
    if (Open[Target])
      for (auto [Caller, Number] : concat<const std::pair<unsigned, unsigned>>(Into[Target], IntoVirtual[Target]))
        if (Targets[Caller].empty() || Targets[Caller].back() != Target)
          Targets[Caller].push_back(Target);
  while (!Work.empty()) {
    unsigned I = Work.front();
    Work.pop_front();
    Queued[I] = false;
    std::optional<ProgramLocks> Met = meetOfCallers(I, Which);
    if (!Met || All[I].*Which == Met)
      continue;
    All[I].*Which = std::move(Met);
    for (unsigned Target : Targets[I])
      if (!Queued[Target]) {
        Queued[Target] = true;
        Work.push_back(Target);
      }
  }
}

void ProgramGraph::findConfined() {
  auto Find = [&](bool Function::*Only, bool Call::*IsSo) {
    for (unsigned I = 0; I != All.size(); ++I)
      All[I].*Only = !Into[I].empty() && All[I].CalledBy <= ProgramFunction::Anyone;
    // Until a caller is found that is not.
    for (bool Changed = true; Changed;) {
      Changed = false;
      for (unsigned I = 0; I != All.size(); ++I)
        if (All[I].*Only && any_of(Into[I], [&](auto Caller) {
              return Caller.first != I && !(All[Caller.first].Calls[Caller.second].*IsSo) && !(All[Caller.first].*Only);
            })) {
          All[I].*Only = false;
          Changed = true;
        }
    }
  };
  Find(&Function::OnlyConfined, &Call::IsConfined);
  Find(&Function::OnlyBesideThreads, &Call::IsBesideThreads);
}

} // namespace ward
