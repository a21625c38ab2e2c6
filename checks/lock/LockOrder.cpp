// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lock/LockOrder.h"

#include "flow/locks/SharedAccesses.h"
#include "flow/UnitFlow.h"
#include "model/Annotations.h"

#include "clang/Basic/SourceManager.h"
#include "model/StmtParents.h"

#include <deque>
#include <map>
#include <set>

using namespace clang;

namespace ward {
namespace {

/// Different places that make one edge; past that they are all alike.
constexpr unsigned MaxPlaces = 8;
/// Combinations of places that are tried for one cycle.
constexpr unsigned MaxCombinations = 512;

} // namespace

bool LockNode::operator<(const LockNode &Other) const {
  return std::tie(Root, Fields) < std::tie(Other.Root, Other.Fields);
}

std::string LockNode::print() const {
  std::string Result = Root ? Root->getNameAsString() : "";
  for (const FieldDecl *Field : Fields) {
    if (Result.empty()) {
      if (const auto *Class = dyn_cast<CXXRecordDecl>(Field->getParent()); Class && Class->getIdentifier())
        Result = Class->getNameAsString() + "::";
    } else if (!llvm::StringRef(Result).ends_with("::")) {
      Result += '.';
    }
    Result += Field->getNameAsString();
  }
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
  return std::nullopt; // a parameter: only its callers know
}

SourceLocation LockEdge::location() const { return startOf(Taken.Where); }

LockOrder::LockOrder(UnitFlow &Flow) : Flow(Flow) {
  for (const auto &Function : Flow.model().functions())
    if (Function->hasKnownLocks() && !isExemptFromLockChecks(Function->Function))
      collect(*Function);
  const SourceManager &Sources = Flow.model().context().getSourceManager();
  llvm::sort(Edges, [&](const LockEdge &A, const LockEdge &B) {
    return Sources.isBeforeInTranslationUnit(A.location(), B.location());
  });
}

void LockOrder::collect(const FunctionModel &Function) {
  AcquiredLocks &Taken = Flow.acquired();
  LockContext &Locks = Flow.locks();
  Taken.forEachOwn(Function, [&](const AcquiredLock &Own) { add(Function, Own.Where, Locks.acquiredAt(Function, Own.Where), Own); });
  for (unsigned I : Flow.calls().outOf(Function)) {
    const CallEdge &Edge = Flow.calls().edges()[I];
    LockList Held = Locks.acquiredAt(Function, Edge.Site);
    if (Edge.RunBy && Edge.RunAt)
      for (const LockRef &Ref : Locks.acquiredAt(*Edge.RunBy, Edge.RunAt))
        if (std::optional<AccessPath> Path = Ref.Mutex ? atCall(*Ref.Mutex, Edge.How, Flow.model().names()) : std::nullopt)
          Held.push_back(lockAt(std::move(Path), Ref.Mode, Flow.model().types()));
    if (Held.empty())
      continue;
    for (const AcquiredLock &Inner : Taken.by(*Edge.Callee))
      if (std::optional<AcquiredLock> Seen = Taken.atCaller(Inner, Edge))
        add(Function, Edge.Site, Held, *Seen);
  }
}

void LockOrder::add(const FunctionModel &Function, const Stmt *At, const LockList &Held, const AcquiredLock &Taken) {
  if (Taken.Tries || !Taken.Lock.Mutex)
    return;
  std::optional<LockNode> Second = LockNode::of(*Taken.Lock.Mutex);
  if (!Second)
    return;
  for (const LockRef &Ref : Held) {
    std::optional<LockNode> First = Ref.Mutex ? LockNode::of(*Ref.Mutex) : std::nullopt;
    if (!First || *Ref.Mutex == *Taken.Lock.Mutex)
      continue;
    LockEdge Edge{*First, *Second, Ref, Taken, &Function, {}, *First == *Second};
    for (const LockRef &Gate : Flow.locks().heldAt(Function, At))
      if (std::optional<LockNode> Node = Gate.Mutex ? LockNode::of(*Gate.Mutex) : std::nullopt; Node && *Node != *First && *Node != *Second)
        Edge.Gates.push_back(std::move(*Node));
    Edges.push_back(std::move(Edge));
  }
}

std::vector<const LockEdge *> LockOrder::way(const LockNode &From, const LockNode &To) const {
  std::map<LockNode, const LockEdge *> CameBy;
  std::deque<LockNode> Work{From};
  while (!Work.empty()) {
    LockNode At = Work.front();
    Work.pop_front();
    for (const LockEdge &Edge : Edges) {
      if (!(Edge.First == At) || Edge.IsSameClass || CameBy.contains(Edge.Second) || Edge.Second == From)
        continue;
      CameBy[Edge.Second] = &Edge;
      if (Edge.Second == To) {
        std::vector<const LockEdge *> Result;
        for (LockNode Back = To; !(Back == From); Back = Result.back()->First)
          Result.push_back(CameBy[Back]);
        return {Result.rbegin(), Result.rend()};
      }
      Work.push_back(Edge.Second);
    }
  }
  return {};
}

LockOrder::Cycle LockOrder::apart(const std::vector<const LockEdge *> &Steps) const {
  std::vector<std::vector<const LockEdge *>> Choices;
  for (const LockEdge *Step : Steps) {
    std::vector<const LockEdge *> &Places = Choices.emplace_back();
    for (const LockEdge &Edge : Edges)
      if (Edge.First == Step->First && Edge.Second == Step->Second && Places.size() < MaxPlaces)
        Places.push_back(&Edge);
  }
  std::vector<size_t> At(Steps.size());
  for (unsigned Tried = 0; Tried != MaxCombinations; ++Tried) {
    Cycle Result;
    for (size_t I = 0; I != Steps.size(); ++I)
      Result.push_back(Choices[I][At[I]]);
    // A lock that is held around all of them lets only one thread in at a time; readers do not wait for readers.
    bool Kept = llvm::any_of(Result.front()->Gates, [&](const LockNode &Gate) {
      return llvm::all_of(Result, [&](const LockEdge *Edge) { return llvm::is_contained(Edge->Gates, Gate); });
    });
    bool Readers = llvm::all_of(Result, [](const LockEdge *Edge) {
      return Edge->Held.Mode == LockMode::Shared && Edge->Taken.Lock.Mode == LockMode::Shared;
    });
    if (!Kept && !Readers)
      return Result;
    size_t I = 0;
    while (I != At.size() && ++At[I] == Choices[I].size())
      At[I++] = 0;
    if (I == At.size())
      break;
  }
  return {};
}

std::vector<LockOrder::Cycle> LockOrder::cycles(bool SameClass) const {
  std::vector<Cycle> Result;
  std::set<std::pair<LockNode, LockNode>> Told;
  // What nothing leads to, or what leads nowhere, is in no cycle: most locks are soon left out.
  std::set<std::pair<LockNode, LockNode>> Left;
  for (const LockEdge &Edge : Edges)
    if (!Edge.IsSameClass)
      Left.insert({Edge.First, Edge.Second});
  for (size_t Before = 0; Before != Left.size();) {
    Before = Left.size();
    std::set<LockNode> From, To;
    for (const auto &[First, Second] : Left) {
      From.insert(First);
      To.insert(Second);
    }
    std::erase_if(Left, [&](const auto &Pair) { return !To.contains(Pair.first) || !From.contains(Pair.second); });
  }
  for (const LockEdge &Edge : Edges) {
    if (!Edge.IsSameClass && !Left.contains({Edge.First, Edge.Second}))
      continue;
    if (Told.contains({Edge.First, Edge.Second}))
      continue;
    if (Edge.IsSameClass) {
      if (SameClass && Told.insert({Edge.First, Edge.Second}).second)
        Result.push_back({&Edge});
      continue;
    }
    std::vector<const LockEdge *> Steps = way(Edge.Second, Edge.First);
    if (Steps.empty())
      continue;
    Steps.insert(Steps.begin(), &Edge);
    Cycle Found = apart(Steps);
    if (Found.empty())
      continue;
    for (const LockEdge *Step : Found)
      Told.insert({Step->First, Step->Second});
    Result.push_back(std::move(Found));
  }
  return Result;
}

} // namespace ward
