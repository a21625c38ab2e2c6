// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lock/LockCycles.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

#include <algorithm>
#include <deque>
#include <map>
#include <set>

namespace ward {
namespace {

/// At most this many edges between the same two locks are tried in a cycle; further ones rarely differ in their gates.
constexpr unsigned MaxParallelEdges = 8;
/// At most this many combinations of parallel edges are tried for one cycle.
constexpr unsigned MaxCombinations = 512;

/// Tarjan's strongly connected components, by node. Iterative, since the graph of a program may be deep.
std::vector<unsigned> stronglyConnected(const std::vector<std::vector<unsigned>> &Successors) {
  struct Frame {
    unsigned Node;
    size_t Child;
  };
  std::vector<unsigned> Index(Successors.size(), ~0U), Low(Successors.size()), Component(Successors.size(), ~0U), Stack;
  unsigned Time = 0, Count = 0;
  for (unsigned Start = 0; Start != Successors.size(); ++Start) {
    if (Index[Start] != ~0U)
      continue;
    std::vector<Frame> Frames{{Start, 0}};
    while (!Frames.empty()) {
      auto [Node, Child] = Frames.back();
      if (Child == 0) {
        Index[Node] = Low[Node] = Time++;
        Stack.push_back(Node);
      }
      if (Child < Successors[Node].size()) {
        ++Frames.back().Child;
        unsigned To = Successors[Node][Child];
        if (Index[To] == ~0U)
          Frames.push_back({To, 0});
        else if (Component[To] == ~0U)
          Low[Node] = std::min(Low[Node], Index[To]);
        continue;
      }
      Frames.pop_back();
      if (!Frames.empty())
        Low[Frames.back().Node] = std::min(Low[Frames.back().Node], Low[Node]);
      if (Low[Node] != Index[Node])
        continue;
      while (Component[Node] == ~0U) {
        Component[Stack.back()] = Count;
        Stack.pop_back();
      }
      ++Count;
    }
  }
  return Component;
}

/// The edges between different locks, by their ends.
class LockGraph {
public:
  explicit LockGraph(llvm::ArrayRef<LockCycleEdge> Edges, llvm::function_ref<bool(unsigned, unsigned)> MayMeet = nullptr)
      : Edges(Edges), MayMeet(MayMeet) {
    unsigned Nodes = 0;
    for (const LockCycleEdge &Edge : Edges)
      Nodes = std::max({Nodes, Edge.From + 1, Edge.To + 1});
    FirstOut.resize(Nodes);
    std::vector<std::vector<unsigned>> Successors(Nodes);
    for (unsigned I = 0; I != Edges.size(); ++I) {
      const LockCycleEdge &Edge = Edges[I];
      if (Edge.From == Edge.To)
        continue;
      llvm::SmallVector<unsigned, 1> &Same = Parallel[{Edge.From, Edge.To}];
      if (Same.empty()) {
        FirstOut[Edge.From].push_back(I);
        Successors[Edge.From].push_back(Edge.To);
      }
      if (Same.size() < MaxParallelEdges)
        Same.push_back(I);
    }
    Component = stronglyConnected(Successors);
  }

  bool isOnCycle(const LockCycleEdge &Edge) const { return Edge.From != Edge.To && Component[Edge.From] == Component[Edge.To]; }

  using Pair = std::pair<unsigned, unsigned>;

  /// A deadlock of an edge parallel to \p Start and one in the opposite order; empty if there is none.
  LockCycle pairFrom(unsigned Start) const {
    auto Back = Parallel.find({Edges[Start].To, Edges[Start].From});
    return Back == Parallel.end() || Edges[Start].From == Edges[Start].To ? LockCycle() : possible({Start, Back->second.front()});
  }

  /// A deadlock that begins with an edge parallel to \p Start, which must lie on a cycle, without the orders of \p Known; empty if there
  /// is none.
  LockCycle cycleFrom(unsigned Start, const std::set<Pair> &Known) const {
    LockCycle Back = shortestPath(Edges[Start].To, Edges[Start].From, Known);
    if (Back.empty())
      return {};
    LockCycle Steps{Start};
    llvm::append_range(Steps, Back);
    return possible(Steps);
  }

private:
  /// As edges, none of which has an order of \p Known; empty if there is no such path.
  LockCycle shortestPath(unsigned From, unsigned To, const std::set<Pair> &Known) const {
    std::map<unsigned, unsigned> EdgeInto;
    std::deque<unsigned> Work{From};
    while (!EdgeInto.count(To)) {
      if (Work.empty())
        return {};
      unsigned Node = Work.front();
      Work.pop_front();
      for (unsigned I : FirstOut[Node]) {
        unsigned Next = Edges[I].To;
        if (Component[Next] == Component[From] && Next != From && !Known.count({Node, Next}) && EdgeInto.try_emplace(Next, I).second)
          Work.push_back(Next);
      }
    }
    LockCycle Result;
    for (unsigned Node = To; Node != From; Node = Edges[Result.back()].From)
      Result.push_back(EdgeInto[Node]);
    return {Result.rbegin(), Result.rend()};
  }

  /// The first combination of edges parallel to \p Steps that is a deadlock; empty if there is none.
  LockCycle possible(const LockCycle &Steps) const {
    std::vector<llvm::ArrayRef<unsigned>> Choices;
    for (unsigned Step : Steps)
      Choices.push_back(Parallel.at({Edges[Step].From, Edges[Step].To}));
    std::vector<size_t> Chosen(Steps.size());
    for (unsigned Tried = 0; Tried != MaxCombinations; ++Tried) {
      LockCycle Result;
      for (size_t I = 0; I != Steps.size(); ++I)
        Result.push_back(Choices[I][Chosen[I]]);
      if (isPossible(Result))
        return Result;
      size_t I = 0;
      while (I != Chosen.size() && ++Chosen[I] == Choices[I].size())
        Chosen[I++] = 0;
      if (I == Chosen.size())
        break;
    }
    return {};
  }

  /// A gate that is common to all lets only one thread in at a time; readers do not wait for readers.
  bool isPossible(const LockCycle &Cycle) const {
    bool IsGated = llvm::any_of(Edges[Cycle.front()].Gates, [&](unsigned Gate) {
      return llvm::all_of(Cycle, [&](unsigned I) { return llvm::is_contained(Edges[I].Gates, Gate); });
    });
    for (size_t I = 0; MayMeet && I + 1 < Cycle.size(); ++I)
      for (size_t J = I + 1; J != Cycle.size(); ++J)
        if (!MayMeet(Cycle[I], Cycle[J]))
          return false;
    return !IsGated && !llvm::all_of(Cycle, [&](unsigned I) { return Edges[I].IsShared; });
  }

  llvm::ArrayRef<LockCycleEdge> Edges;
  llvm::function_ref<bool(unsigned, unsigned)> MayMeet;
  std::map<std::pair<unsigned, unsigned>, llvm::SmallVector<unsigned, 1>> Parallel;
  std::vector<std::vector<unsigned>> FirstOut; ///< by node, the first edge to each successor
  std::vector<unsigned> Component;             ///< by node
};

} // namespace

std::vector<bool> edgesOnCycles(llvm::ArrayRef<LockCycleEdge> Edges) {
  LockGraph Graph(Edges);
  std::vector<bool> Result;
  for (const LockCycleEdge &Edge : Edges)
    Result.push_back(Graph.isOnCycle(Edge));
  return Result;
}

std::vector<LockCycle> findLockCycles(llvm::ArrayRef<LockCycleEdge> Edges, bool SameLock,
                                      llvm::function_ref<bool(unsigned, unsigned)> MayMeet) {
  LockGraph Graph(Edges, MayMeet);
  std::vector<LockCycle> Result;
  std::set<std::pair<unsigned, unsigned>> Reported, Done;
  auto Add = [&](LockCycle Found) {
    for (unsigned Step : Found)
      Reported.insert({Edges[Step].From, Edges[Step].To});
    if (!Found.empty())
      Result.push_back(std::move(Found));
  };
  // Two locks in two orders first. They explain the longer cycles that pass through them.
  for (unsigned I = 0; I != Edges.size(); ++I) {
    const LockCycleEdge &Edge = Edges[I];
    if (!Done.insert({Edge.From, Edge.To}).second || Reported.count({Edge.From, Edge.To}))
      continue;
    if (Edge.From == Edge.To && SameLock)
      Add({I});
    else if (Graph.isOnCycle(Edge))
      Add(Graph.pairFrom(I));
  }
  Done.clear();
  for (unsigned I = 0; I != Edges.size(); ++I) {
    const LockCycleEdge &Edge = Edges[I];
    if (Done.insert({Edge.From, Edge.To}).second && !Reported.count({Edge.From, Edge.To}) && Graph.isOnCycle(Edge))
      Add(Graph.cycleFrom(I, Reported));
  }
  llvm::sort(Result, [](const LockCycle &A, const LockCycle &B) { return A.front() < B.front(); });
  return Result;
}

} // namespace ward
