// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which threads run which functions of the program: what checks/flow/threads/ThreadRoles.h finds in one unit, over all of them.
#include "program/ProgramGraph.h"

#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace llvm;

namespace ward {
namespace {

/// The functions that do something to the thread of their own object, themselves or by a call on `this`.
template <class Predicate> std::vector<bool> withCallers(const std::vector<ProgramGraph::Function> &All, Id This, Predicate Does) {
  std::vector<bool> Result(All.size());
  for (unsigned I = 0; I != All.size(); ++I)
    Result[I] = Does(All[I]);
  for (bool Changed = true; Changed;) {
    Changed = false;
    for (unsigned I = 0; I != All.size(); ++I)
      if (!Result[I] && any_of(All[I].Calls, [&](const ProgramGraph::Call &Each) {
            return (Each.Closure || Each.Object == This) && any_of(Each.Targets, [&](unsigned Target) { return Result[Target]; });
          }))
        Result[I] = Changed = true;
  }
  return Result;
}

} // namespace

void ProgramGraph::findRoles() {
  struct Thread {
    const ProgramStart *Start;
    std::vector<unsigned> Bodies;
  };
  std::vector<Thread> Threads;
  std::unordered_map<Id, std::vector<unsigned>> Named;
  for (unsigned I = 0; I != All.size(); ++I) {
    Named[All[I].Symbol].push_back(I);
    if (Id Declared = Facts.symbol(All[I].Symbol).Of; Declared != None)
      Named[Declared].push_back(I);
  }
  StringSet<> Born; // classes whose constructor starts a thread
  auto ClassOf = [this](const Function &Member) { return StringRef(Facts.symbol(Member.Symbol).Name).rsplit("::").first; };
  std::vector<bool> IsBody(All.size());
  for (const Function &Each : All)
    for (const ProgramStart &Start : Each.Starts) {
      if (Start.OnThis && Start.InConstructor)
        Born.insert(ClassOf(Each));
      Thread &Next = Threads.emplace_back(Thread{&Start, {}});
      if (auto Found = Named.find(Start.Function); Found != Named.end())
        Next.Bodies = Found->second;
      for (unsigned Body : Next.Bodies)
        IsBody[Body] = true;
    }
  if (Threads.empty()) {
    for (Function &Each : All)
      for (Call &Next : Each.Calls)
        Next.IsConfined |= Next.OnOwn;
    return;
  }

  // An object of the caller's alone is its own thread's, too, between a call that starts that and one that joins it.
  Id This = Facts.intern({});
  for (Function &Each : All)
    for (Call &Next : Each.Calls)
      Next.IsBesideThreads = Next.IsConfined;
  std::vector<bool> Starts = withCallers(All, This, [](const Function &Each) {
    return any_of(Each.Starts, [](const ProgramStart &Start) { return Start.OnThis; });
  });
  std::vector<bool> Joins = withCallers(All, This, [](const Function &Each) { return Each.Joins; });
  for (Function &Each : All)
    for (Call &Next : Each.Calls) {
      if (!Next.OnOwn)
        continue;
      auto Earlier = [&](const Call &Of, const std::vector<bool> &Does, auto Also) {
        return any_of(Each.Calls, [&](const Call &Other) {
          return is_contained(Of.After, Other.At) && any_of(Other.Targets, [&](unsigned Target) { return Does[Target]; }) && Also(Other);
        });
      };
      auto IsJoined = [&](const ProgramPlace *Start) {
        return Earlier(Next, Joins, [&](const Call &Join) { return !Start || is_contained(Join.After, *Start); });
      };
      bool IsBorn = any_of(Next.Targets, [&](unsigned Target) { return Born.contains(ClassOf(All[Target])); });
      bool Runs = (IsBorn && !IsJoined(nullptr)) || Earlier(Next, Starts, [&](const Call &Start) { return !IsJoined(&Start.At); });
      Next.IsConfined |= !Runs;
      bool StartsLater = any_of(Each.Calls, [&](const Call &Other) {
        return is_contained(Other.After, Next.At) &&
               any_of(Other.Targets, [&](unsigned Target) { return Starts[Target]; });
      });
      Next.IsBesideThreads |= !Runs && (StartsLater || Earlier(Next, Joins, [](const Call &) { return true; }));
    }

  // Bottom-up, from what threads start with. The last bit stands for whatever other thread.
  unsigned Other = Threads.size();
  std::vector<BitVector> Runs(All.size(), BitVector(Other + 1));
  std::vector<unsigned> Work;
  auto Add = [&](unsigned To, const BitVector &Who) {
    if (!Who.test(Runs[To]))
      return;
    Runs[To] |= Who;
    Work.push_back(To);
  };
  for (unsigned I = 0; I != Other; ++I) {
    BitVector Own(Other + 1);
    Own.set(I);
    for (unsigned Body : Threads[I].Bodies)
      Add(Body, Own);
  }
  BitVector Any(Other + 1);
  Any.set(Other);
  for (unsigned I = 0; I != All.size(); ++I) {
    bool IsCalled = !Into[I].empty() || !IntoVirtual[I].empty();
    if (!IsBody[I] && (All[I].CalledBy >= ProgramFunction::Thread || (!IsCalled && All[I].CalledBy != ProgramFunction::Closure)))
      Add(I, Any);
  }
  std::vector<std::vector<unsigned>> Callees(All.size());
  for (unsigned Target = 0; Target != All.size(); ++Target)
    for (auto [Caller, Number] : concat<const std::pair<unsigned, unsigned>>(Into[Target], IntoVirtual[Target]))
      Callees[Caller].push_back(Target);
  while (!Work.empty()) {
    unsigned Caller = Work.back();
    Work.pop_back();
    for (unsigned Target : Callees[Caller])
      Add(Target, Runs[Caller]);
  }
  for (unsigned I = 0; I != All.size(); ++I) {
    if (Runs[I].count() != 1 || Runs[I].test(Other))
      continue;
    const ProgramStart &Start = *Threads[Runs[I].find_first()].Start;
    if (Start.OnThis && Start.Once)
      for (ProgramAccess &Each : All[I].Accesses)
        if (Each.Only.File == None)
          Each.Only = Start.At;
  }
}

} // namespace ward
