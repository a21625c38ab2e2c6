// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lock/LockOrder.h"

#include "flow/UnitFlow.h"
#include "flow/locks/SharedAccesses.h"
#include "lock/LockCycles.h"
#include "model/Annotations.h"
#include "model/StmtParents.h"

#include "clang/Basic/SourceManager.h"

using namespace clang;

namespace ward {

bool LockNode::operator<(const LockNode &Other) const { return std::tie(Root, Fields) < std::tie(Other.Root, Other.Fields); }

std::string LockNode::print() const {
  std::string Result = Root ? Root->getNameAsString() : "";
  for (const FieldDecl *Field : Fields)
    Result = Result.empty() ? displayName(*Field) : Result + "." + Field->getNameAsString();
  return Result;
}

std::optional<LockNode> LockNode::of(const AccessPath &Path) {
  LockNode Result;
  const VarDecl *Root = Path.root();
  bool IsObject = Root && !Root->getType()->isReferenceType() && !Root->getType()->isPointerType() && !isa<ParmVarDecl>(Root);
  if (Root && (Root->hasGlobalStorage() || (IsObject && Path.steps().empty()))) {
    Result.Root = Root;
    for (const AccessPath::Step &Step : Path.steps())
      if (Step.asField())
        Result.Fields.push_back(patternOf(Step.asField()));
    return Result;
  }
  for (const AccessPath::Step &Step : llvm::reverse(Path.steps()))
    if (const FieldDecl *Field = Step.asField()) {
      Result.Fields.push_back(patternOf(Field));
      return Result;
    }
  return std::nullopt; // a parameter: it may be any lock
}

SourceLocation LockEdge::location() const { return startOf(Acquired.Where); }

LockOrder::LockOrder(UnitFlow &Flow) : Flow(Flow) {
  for (const auto &Function : Flow.model().functions())
    if (Function->hasKnownLocks() && !isExemptFromLockChecks(Function->Function))
      collect(*Function);
  const SourceManager &Sources = Flow.model().context().getSourceManager();
  llvm::sort(Edges, [&](const LockEdge &A, const LockEdge &B) {
    return Sources.isBeforeInTranslationUnit(A.location(), B.location());
  });
}

std::optional<unsigned> LockOrder::node(const std::optional<AccessPath> &Path) {
  std::optional<LockNode> Node = Path ? LockNode::of(*Path) : std::nullopt;
  if (!Node)
    return std::nullopt;
  auto [It, New] = Numbers.try_emplace(*Node, Nodes.size());
  if (New)
    Nodes.push_back(std::move(*Node));
  return It->second;
}

void LockOrder::collect(const FunctionModel &Function) {
  AcquiredLocks &Acquired = Flow.acquired();
  LockContext &Locks = Flow.locks();
  Acquired.forEachOwn(Function, [&](const AcquiredLock &Own) { add(Function, Own.Where, Locks.acquiredAt(Function, Own.Where), Own); });
  for (unsigned I : Flow.calls().outOf(Function)) {
    const CallEdge &Edge = Flow.calls().edges()[I];
    LockList Held = Locks.acquiredAt(Function, Edge.Site);
    if (Edge.RunBy && Edge.RunAt)
      for (const LockRef &Ref : Locks.acquiredAt(*Edge.RunBy, Edge.RunAt))
        if (std::optional<AccessPath> Path = Ref.Mutex ? atCall(*Ref.Mutex, Edge.How, Flow.model().names()) : std::nullopt)
          Held.push_back(lockAt(std::move(Path), Ref.Mode, Flow.model().types()));
    if (Held.empty())
      continue;
    for (const AcquiredLock &Inner : Acquired.by(*Edge.Callee))
      if (std::optional<AcquiredLock> Seen = Acquired.atCaller(Inner, Edge))
        add(Function, Edge.Site, Held, *Seen);
  }
}

void LockOrder::add(const FunctionModel &Function, const Stmt *At, const LockList &Held, const AcquiredLock &Acquired) {
  if (Acquired.Tries || !Acquired.Lock.Mutex)
    return;
  std::optional<unsigned> Second = node(Acquired.Lock.Mutex);
  if (!Second)
    return;
  // A reentrant lock that the thread already holds: acquiring it again waits for nobody.
  if (Flow.model().mayBeReentrant(Acquired.Lock) && (lockIn(Held, *Acquired.Lock.Mutex) ||
                                                     lockIn(Flow.locks().heldAt(Function, At), *Acquired.Lock.Mutex)))
    return;
  for (const LockRef &Ref : Held) {
    std::optional<unsigned> First = node(Ref.Mutex);
    if (!First || *Ref.Mutex == *Acquired.Lock.Mutex)
      continue;
    LockEdge Edge{*First, *Second, Ref, Acquired, &Function, {}};
    for (const LockRef &Gate : Flow.locks().heldAt(Function, At))
      if (std::optional<unsigned> Node = node(Gate.Mutex); Node && *Node != *First && *Node != *Second)
        Edge.Gates.push_back(*Node);
    Edges.push_back(std::move(Edge));
  }
}

std::vector<LockOrder::Cycle> LockOrder::cycles(bool SameClass) const {
  std::vector<LockCycleEdge> ToSearch;
  for (const LockEdge &Edge : Edges) {
    bool IsShared = Edge.Held.Mode == LockMode::Shared && Edge.Acquired.Lock.Mode == LockMode::Shared;
    ToSearch.push_back({Edge.First, Edge.Second, IsShared, Edge.Gates});
  }
  std::vector<Cycle> Result;
  for (const LockCycle &Found : findLockCycles(ToSearch, SameClass))
    for (Cycle &Steps = Result.emplace_back(); unsigned I : Found)
      Steps.push_back(&Edges[I]);
  return Result;
}

} // namespace ward
