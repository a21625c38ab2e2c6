// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "program/ProgramOrder.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <deque>
#include <set>
#include <tuple>

using namespace llvm;

namespace ward {
namespace {

/// Different places that make one edge; past that they are all alike. Combinations of places that are tried for one cycle.
constexpr unsigned MaxPlaces = 8, MaxCombinations = 512;

/// Tarjan's strongly connected components, without recursion: a program's graph may be deep.
std::vector<unsigned> components(const std::vector<std::vector<unsigned>> &Next) {
  struct Frame {
    unsigned Node;
    size_t Child;
  };
  std::vector<unsigned> Index(Next.size(), ~0U), Low(Next.size()), Result(Next.size(), ~0U), Stack;
  unsigned Time = 0, Count = 0;
  for (unsigned Start = 0; Start != Next.size(); ++Start) {
    if (Index[Start] != ~0U)
      continue;
    std::vector<Frame> Frames{{Start, 0}};
    while (!Frames.empty()) {
      auto [Node, Child] = Frames.back();
      if (Child == 0) {
        Index[Node] = Low[Node] = Time++;
        Stack.push_back(Node);
      }
      if (Child < Next[Node].size()) {
        ++Frames.back().Child;
        unsigned To = Next[Node][Child];
        if (Index[To] == ~0U)
          Frames.push_back({To, 0});
        else if (Result[To] == ~0U)
          Low[Node] = std::min(Low[Node], Index[To]);
        continue;
      }
      Frames.pop_back();
      if (!Frames.empty())
        Low[Frames.back().Node] = std::min(Low[Frames.back().Node], Low[Node]);
      if (Low[Node] != Index[Node])
        continue;
      while (Result[Node] == ~0U) {
        Result[Stack.back()] = Count;
        Stack.pop_back();
      }
      ++Count;
    }
  }
  return Result;
}

} // namespace

std::optional<unsigned> ProgramOrder::node(Id Path) {
  const ProgramFacts &Facts = Graph.facts();
  const ProgramPath &Place = Facts.path(Path);
  ProgramLockNode Node;
  if (Place.Root != None && Place.Root != Somewhere) {
    const ProgramSymbol &Root = Facts.symbol(Place.Root);
    if (Root.IsAmbiguous)
      return std::nullopt;
    if (Root.What == ProgramSymbol::Global || (Root.What == ProgramSymbol::Local && Place.Steps.empty())) {
      Node.Root = Place.Root;
      for (Id Step : Place.Steps)
        if (Step != None)
          Node.Fields.push_back(Step);
    }
  }
  if (Node.Root == None) {
    for (Id Step : reverse(Place.Steps))
      if (Step != None) {
        // A mutex that a field only points to is some other object's, which may be in the order under its own name.
        if (Facts.symbol(Step).IsPointer)
          return std::nullopt;
        Node.Fields.push_back(Step);
        break;
      }
    if (Node.Fields.empty()) // a parameter: only its callers know
      return std::nullopt;
  }
  auto [It, New] = Numbers.try_emplace(Node, Nodes.size());
  if (New)
    Nodes.push_back(std::move(Node));
  return It->second;
}

std::string ProgramOrder::print(unsigned Node) const {
  const ProgramFacts &Facts = Graph.facts();
  const ProgramLockNode &Lock = Nodes[Node];
  std::string Result = Lock.Root == None ? "" : Facts.symbol(Lock.Root).Name;
  for (Id Field : Lock.Fields) {
    const ProgramSymbol &Symbol = Facts.symbol(Field);
    if (Result.empty()) {
      StringRef Class = StringRef(Symbol.Scope).rsplit("::").second;
      Class = Class.empty() ? StringRef(Symbol.Scope) : Class;
      if (!Class.empty() && !Class.starts_with("("))
        Result = (Class + "::").str();
    } else if (!StringRef(Result).ends_with("::")) {
      Result += '.';
    }
    Result += Symbol.Name;
  }
  return Result;
}

bool ProgramOrder::isBefore(unsigned NodeA, unsigned NodeB) const {
  const ProgramLockNode &A = Nodes[NodeA], &B = Nodes[NodeB];
  if (A.Root != B.Root)
    return Graph.rank(A.Root) < Graph.rank(B.Root);
  return std::lexicographical_compare(A.Fields.begin(), A.Fields.end(), B.Fields.begin(), B.Fields.end(),
                                      [this](Id X, Id Y) { return Graph.rank(X) < Graph.rank(Y); });
}

ProgramOrder::ProgramOrder(const ProgramGraph &Graph) : Graph(Graph) {
  for (const ProgramGraph::Function &In : Graph.functions())
    Graph.forEachTaken(In, [&](const ProgramGraph::Taken &Taken) { add(In, Taken); });
  joinOnlyInstances();
  auto Order = [&](const ProgramOrderEdge &A, const ProgramOrderEdge &B) {
    if (A.At != B.At)
      return Graph.isBefore(A.At, B.At);
    if (A.First != B.First)
      return isBefore(A.First, B.First);
    if (A.Second != B.Second)
      return isBefore(A.Second, B.Second);
    auto Way = [](const ProgramOrderEdge &E) { return std::tuple(E.In, E.Taken.Take, E.Taken.Call, E.Taken.Inner, E.FirstShared); };
    return Way(A) < Way(B); // functions, and what they do, are in order
  };
  llvm::sort(Edges, Order);
  Edges.erase(std::unique(Edges.begin(), Edges.end(),
                          [](const ProgramOrderEdge &A, const ProgramOrderEdge &B) {
                            return A.At == B.At && A.First == B.First && A.Second == B.Second;
                          }),
              Edges.end());
  findComponents();
}

void ProgramOrder::add(const ProgramGraph::Function &In, const ProgramGraph::Taken &Taken) {
  const ProgramLocks &Held = Taken.Call == ~0U ? In.Takes[Taken.Take].Held : In.Calls[Taken.Call].Held;
  const ProgramLock &Lock = Taken.Lock;
  std::optional<unsigned> Second = Held.empty() || Taken.Tries ? std::nullopt : node(Lock.Path);
  if (!Second)
    return;
  ProgramLocks Must = Taken.Call == ~0U ? Graph.heldAt(In, In.Takes[Taken.Take].Must, {})
                                        : Graph.heldAt(In, In.Calls[Taken.Call].Must, In.Calls[Taken.Call].Back);
  for (const ProgramLock &First : Held) {
    std::optional<unsigned> From = node(First.Path);
    if (!From || First.Path == Lock.Path)
      continue;
    ProgramOrderEdge Edge{*From, *Second, &In, ProgramGraph::placeOf(In, Taken), Taken, First.Shared, Lock.Shared, {}, false};
    for (const ProgramLock &Gate : Must)
      if (std::optional<unsigned> Node = node(Gate.Path); Node && *Node != *From && *Node != *Second && !is_contained(Edge.Gates, *Node))
        Edge.Gates.push_back(*Node);
    llvm::sort(Edge.Gates, [this](unsigned A, unsigned B) { return isBefore(A, B); });
    Edges.push_back(std::move(Edge));
  }
}

/// One function takes `journal.mu_`, another, of the class, `mu_`: where the program has no other global with that member, these are one.
void ProgramOrder::joinOnlyInstances() {
  std::map<Id, std::vector<unsigned>> Instances; // by the field that is the mutex
  for (unsigned I = 0; I != Nodes.size(); ++I)
    if (Nodes[I].Root != None && !Nodes[I].Fields.empty())
      Instances[Nodes[I].Fields.back()].push_back(I);
  std::vector<unsigned> To(Nodes.size());
  for (unsigned I = 0; I != Nodes.size(); ++I)
    To[I] = I;
  for (const auto &[Field, Those] : Instances)
    if (auto Class = Numbers.find({None, {Field}}); Class != Numbers.end() && Those.size() == 1)
      To[Those.front()] = Class->second;
  for (ProgramOrderEdge &Edge : Edges) {
    Edge.First = To[Edge.First];
    Edge.Second = To[Edge.Second];
    for (unsigned &Gate : Edge.Gates)
      Gate = To[Gate];
    erase_if(Edge.Gates, [&](unsigned Gate) { return Gate == Edge.First || Gate == Edge.Second; });
  }
}

void ProgramOrder::findComponents() {
  After.resize(Nodes.size());
  std::vector<std::vector<unsigned>> Next(Nodes.size());
  for (unsigned I = 0; I != Edges.size(); ++I) {
    std::vector<unsigned> &Places = Between[{Edges[I].First, Edges[I].Second}];
    if (Places.empty() && Edges[I].First != Edges[I].Second) {
      After[Edges[I].First].push_back(I);
      Next[Edges[I].First].push_back(Edges[I].Second);
    }
    if (Places.size() < MaxPlaces)
      Places.push_back(I);
  }
  Component = components(Next);
  for (ProgramOrderEdge &Edge : Edges)
    Edge.InCycle = Edge.First != Edge.Second && Component[Edge.First] == Component[Edge.Second];
}

std::vector<const ProgramOrderEdge *> ProgramOrder::way(unsigned From, unsigned To) const {
  std::map<unsigned, const ProgramOrderEdge *> CameBy;
  std::deque<unsigned> Work{From};
  while (!Work.empty()) {
    unsigned At = Work.front();
    Work.pop_front();
    for (unsigned I : After[At]) {
      const ProgramOrderEdge &Edge = Edges[I];
      if (Component[Edge.Second] != Component[From] || Edge.Second == From || !CameBy.try_emplace(Edge.Second, &Edge).second)
        continue;
      if (Edge.Second == To) {
        std::vector<const ProgramOrderEdge *> Result;
        for (unsigned Back = To; Back != From; Back = Result.back()->First)
          Result.push_back(CameBy[Back]);
        return {Result.rbegin(), Result.rend()};
      }
      Work.push_back(Edge.Second);
    }
  }
  return {};
}

ProgramOrder::Cycle ProgramOrder::apart(const std::vector<const ProgramOrderEdge *> &Steps) const {
  std::vector<size_t> At(Steps.size());
  for (unsigned Tried = 0; Tried != MaxCombinations; ++Tried) {
    Cycle Result;
    for (size_t I = 0; I != Steps.size(); ++I)
      Result.push_back(&Edges[Between.at({Steps[I]->First, Steps[I]->Second})[At[I]]]);
    // A lock that is held around all of them lets only one thread in at a time; readers do not wait for readers.
    bool Kept = any_of(Result.front()->Gates, [&](unsigned Gate) {
      return all_of(Result, [&](const ProgramOrderEdge *Edge) { return is_contained(Edge->Gates, Gate); });
    });
    bool Readers = all_of(Result, [](const ProgramOrderEdge *Edge) { return Edge->FirstShared && Edge->SecondShared; });
    if (!Kept && !Readers)
      return Result;
    size_t I = 0;
    while (I != At.size() && ++At[I] == Between.at({Steps[I]->First, Steps[I]->Second}).size())
      At[I++] = 0;
    if (I == At.size())
      break;
  }
  return {};
}

std::vector<ProgramOrder::Cycle> ProgramOrder::cycles(bool SameClass) const {
  std::vector<Cycle> Result;
  std::set<std::pair<unsigned, unsigned>> Told;
  for (const ProgramOrderEdge &Edge : Edges) {
    if (Told.contains({Edge.First, Edge.Second}))
      continue;
    if (Edge.First == Edge.Second) {
      if (SameClass && Told.insert({Edge.First, Edge.Second}).second)
        Result.push_back({&Edge});
      continue;
    }
    if (!Edge.InCycle)
      continue;
    std::vector<const ProgramOrderEdge *> Steps = way(Edge.Second, Edge.First);
    if (Steps.empty())
      continue;
    Steps.insert(Steps.begin(), &Edge);
    Cycle Found = apart(Steps);
    if (Found.empty())
      continue;
    for (const ProgramOrderEdge *Step : Found)
      Told.insert({Step->First, Step->Second});
    Result.push_back(std::move(Found));
  }
  return Result;
}

} // namespace ward
