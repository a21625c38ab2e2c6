// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "program/ProgramOrder.h"

#include "lock/LockCycles.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <tuple>

using namespace llvm;

namespace ward {
namespace {

/// What the cycle search needs of \p Edges, which must outlive it.
std::vector<LockCycleEdge> cycleEdges(const std::vector<ProgramOrderEdge> &Edges) {
  std::vector<LockCycleEdge> Result;
  for (const ProgramOrderEdge &Edge : Edges)
    Result.push_back({Edge.First, Edge.Second, Edge.FirstShared && Edge.SecondShared, Edge.Gates});
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
        // A mutex that a field only points to belongs to another object, under whose name it may be in the order.
        if (Facts.symbol(Step).IsPointer)
          return std::nullopt;
        Node.Fields.push_back(Step);
        break;
      }
    if (Node.Fields.empty()) // a parameter: it may be any lock
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
  if (Lock.Root != None)
    return Facts.print(Lock.Root, Lock.Fields);
  std::string Result;
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
    Graph.forEachAcquired(In, [&](const ProgramGraph::AcquiredLock &Acquired) { add(In, Acquired); });
  joinOnlyInstances();
  auto Order = [&](const ProgramOrderEdge &A, const ProgramOrderEdge &B) {
    if (A.At != B.At)
      return Graph.isBefore(A.At, B.At);
    if (A.First != B.First)
      return isBefore(A.First, B.First);
    if (A.Second != B.Second)
      return isBefore(A.Second, B.Second);
    auto Rest = [](const ProgramOrderEdge &E) { return std::tuple(E.In, E.Acquired.Own, E.Acquired.Call, E.Acquired.Inner, E.FirstShared); };
    return Rest(A) < Rest(B); // functions, and their locks and calls, are in order
  };
  llvm::sort(Edges, Order);
  Edges.erase(std::unique(Edges.begin(), Edges.end(),
                          [](const ProgramOrderEdge &A, const ProgramOrderEdge &B) {
                            return A.At == B.At && A.First == B.First && A.Second == B.Second;
                          }),
              Edges.end());
  markCycles();
}

void ProgramOrder::add(const ProgramGraph::Function &In, const ProgramGraph::AcquiredLock &Acquired) {
  ProgramLocks Held = Acquired.Call == ~0U ? In.Acquisitions[Acquired.Own].Held : In.Calls[Acquired.Call].Held;
  Held.insert(Held.end(), In.GivenBySome.begin(), In.GivenBySome.end()); // of the functions that run it as a callback
  const ProgramLock &Lock = Acquired.Lock;
  std::optional<unsigned> Second = Held.empty() || Acquired.Tries ? std::nullopt : node(Lock.Path);
  if (!Second)
    return;
  ProgramLocks Must = Acquired.Call == ~0U ? Graph.heldAt(In, In.Acquisitions[Acquired.Own].Must, {})
                                        : Graph.heldAt(In, In.Calls[Acquired.Call].Must, In.Calls[Acquired.Call].Released);
  // A reentrant lock that the thread already holds: acquiring it again waits for nobody.
  if (!Acquired.IsNonReentrant && any_of(Held, [&](const ProgramLock &Other) { return Other.Path == Lock.Path; }))
    return;
  for (const ProgramLock &First : Held) {
    std::optional<unsigned> From = node(First.Path);
    if (!From || First.Path == Lock.Path || is_contained(Acquired.Released, First.Path))
      continue;
    ProgramOrderEdge Edge{*From, *Second, &In, ProgramGraph::placeOf(In, Acquired), Acquired, First.Shared, Lock.Shared, {}, false};
    for (const ProgramLock &Gate : Must)
      if (std::optional<unsigned> Node = node(Gate.Path); Node && *Node != *From && *Node != *Second && !is_contained(Edge.Gates, *Node))
        Edge.Gates.push_back(*Node);
    llvm::sort(Edge.Gates, [this](unsigned A, unsigned B) { return isBefore(A, B); });
    Edges.push_back(std::move(Edge));
  }
}

/// One function acquires `journal.mu_`, and a member function of its class `mu_`. Where the program has no other global with that member,
/// these are one lock.
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

void ProgramOrder::markCycles() {
  std::vector<bool> OnCycle = edgesOnCycles(cycleEdges(Edges));
  for (size_t I = 0; I != Edges.size(); ++I)
    Edges[I].InCycle = OnCycle[I];
}

std::vector<ProgramOrder::Cycle> ProgramOrder::cycles(bool SameClass) const {
  std::vector<Cycle> Result;
  for (const LockCycle &Found : findLockCycles(cycleEdges(Edges), SameClass))
    for (Cycle &Steps = Result.emplace_back(); unsigned I : Found)
      Steps.push_back(&Edges[I]);
  return Result;
}

} // namespace ward
