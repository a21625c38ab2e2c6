// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lock/LockOrder.h"

#include "flow/UnitFlow.h"
#include "flow/locks/SharedAccesses.h"
#include "flow/threads/Outlives.h"
#include "flow/threads/ParallelCode.h"
#include "lock/LockCycles.h"
#include "model/Annotations.h"
#include "model/Callables.h"
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

/// The variable or field at the end of \p Path.
static const ValueDecl *declarationAt(const AccessPath &Path) {
  return Path.lastField() ? static_cast<const ValueDecl *>(Path.lastField()) : Path.steps().empty() ? Path.root() : nullptr;
}

/// By annotation, a thread acquires \p Second after \p First if it holds both.
static bool isAnnotatedOrder(const AccessPath &First, const AccessPath &Second, CatalogIndex &Names) {
  const ValueDecl *To = declarationAt(Second);
  llvm::SmallVector<const ValueDecl *, 4> Work{declarationAt(First)};
  llvm::SmallPtrSet<const ValueDecl *, 4> Seen;
  if (!To || !Work.front() || (!To->hasAttrs() && !Work.front()->hasAttrs()))
    return false;
  auto IsNamed = [](const AnnotatedLocks &Locks, const ValueDecl *Decl) {
    return llvm::any_of(Locks, [&](const AnnotatedLock &Lock) {
      const ValueDecl *Named = Lock.Path ? declarationAt(*Lock.Path) : Lock.Member;
      return Named && Named->getCanonicalDecl() == Decl->getCanonicalDecl();
    });
  };
  while (!Work.empty() && Seen.size() < 16) {
    const ValueDecl *Next = Work.pop_back_val();
    if (!Seen.insert(Next).second)
      continue;
    AnnotatedLocks After = lockedAfter(Next, Names);
    if (IsNamed(After, To) || IsNamed(lockedBefore(To, Names), Next))
      return true;
    for (const AnnotatedLock &Lock : After) // transitively
      if (const ValueDecl *Named = Lock.Path ? declarationAt(*Lock.Path) : Lock.Member)
        Work.push_back(Named);
  }
  return false;
}

/// The locks whose addresses \p Function assigns to the local pointer that \p Path is: `m = condition ? &a : &b;`. Empty if it is none.
static llvm::SmallVector<AccessPath, 2> assignedLocks(const AccessPath &Path, const FunctionModel &Function, CatalogIndex &Names) {
  llvm::SmallVector<AccessPath, 2> Result;
  const VarDecl *Pointer = Path.steps().empty() ? Path.root() : nullptr;
  if (!Pointer || !Pointer->isLocalVarDecl() || !Pointer->hasLocalStorage() || !Pointer->getType()->isPointerType() || !Function.Body)
    return Result;
  auto Add = [&](auto &&Self, const Expr *Value) -> void {
    Value = Value ? stripped(Value) : nullptr;
    if (const auto *Conditional = dyn_cast_or_null<ConditionalOperator>(Value)) {
      Self(Self, Conditional->getTrueExpr());
      return Self(Self, Conditional->getFalseExpr());
    }
    const auto *Address = dyn_cast_or_null<UnaryOperator>(Value);
    std::optional<AccessPath> Lock = Address && Address->getOpcode() == UO_AddrOf ? pathOf(Address->getSubExpr(), Names) : std::nullopt;
    if (Lock && LockNode::of(*Lock) && !llvm::is_contained(Result, *Lock))
      Result.push_back(*Lock);
  };
  auto Search = [&](auto &&Self, const Stmt *S) -> void {
    const auto *Assign = dyn_cast<BinaryOperator>(S);
    const auto *Left = Assign && Assign->getOpcode() == BO_Assign ? dyn_cast<DeclRefExpr>(stripped(Assign->getLHS())) : nullptr;
    if (Left && Left->getDecl() == Pointer)
      Add(Add, Assign->getRHS());
    for (const Stmt *Child : S->children())
      if (Child)
        Self(Self, Child);
  };
  Add(Add, Pointer->getInit());
  Search(Search, Function.Body);
  return Result;
}

LockOrder::LockOrder(UnitFlow &Flow) : Flow(Flow) {
  for (const auto &Function : Flow.model().functions())
    if (Function->hasKnownLocks() && !isExemptFromLockChecks(Function->Function))
      collect(*Function);
  for (LockEdge &Edge : Edges)
    if (Edge.First == Edge.Second)
      findOrders(Edge);
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
  CatalogIndex &Names = Flow.model().names();
  Acquired.forEachOwn(Function, [&](const AcquiredLock &Own) {
    LockList Held = Locks.orderedBefore(Function, Own.Where);
    add(Function, Own.Where, Held, Own);
    if (Held.empty() || !Own.Lock.Mutex)
      return;
    // A pointer to one of several locks; if both are such pointers, their values may depend on each other.
    AcquiredLock OneOf = Own;
    for (const AccessPath &Lock : assignedLocks(*Own.Lock.Mutex, Function, Names)) {
      OneOf.Lock.Mutex = Lock;
      add(Function, Own.Where, Held, OneOf);
    }
    LockList Others;
    for (const LockRef &Ref : Held)
      for (const AccessPath &Lock : Ref.Mutex ? assignedLocks(*Ref.Mutex, Function, Names) : llvm::SmallVector<AccessPath, 2>())
        if (!(Lock == *Own.Lock.Mutex)) {
          Others.push_back(Ref);
          Others.back().Mutex = Lock;
        }
    add(Function, Own.Where, Others, Own);
  });
  Acquired.forEachCall(Function, [&](const CallEdge &Edge) {
    LockList Held = Locks.contradictsRequirement(Function) ? Locks.orderedBefore(Function, Edge.Site) : Locks.acquiredAt(Edge);
    if (Held.empty())
      return;
    for (const AcquiredLock &Inner : Acquired.by(*Edge.Callee))
      if (std::optional<AcquiredLock> Seen = Acquired.atCaller(Inner, Edge))
        add(Function, Edge.Site, Held, *Seen);
  });
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
    if (!First || *Ref.Mutex == *Acquired.Lock.Mutex || llvm::is_contained(Acquired.Released, *Ref.Mutex) ||
        isAnnotatedOrder(*Ref.Mutex, *Acquired.Lock.Mutex, Flow.model().names()))
      continue;
    LockEdge Edge{*First, *Second, Ref, Acquired, &Function, {}};
    for (const LockRef &Gate : Flow.locks().heldAt(Function, At))
      if (std::optional<unsigned> Node = node(Gate.Mutex); Node && *Node != *First && *Node != *Second)
        Edge.Gates.push_back(*Node);
    Edges.push_back(std::move(Edge));
  }
}

namespace {

/// A call that passes two objects, whose locks are acquired in this order.
struct OrderedPair {
  AccessPath First, Second;
  const FunctionModel *In;
  const Expr *Site;
  const Spawn *Start; ///< null for a plain call
};

class PairFinder {
public:
  explicit PairFinder(UnitFlow &Flow) : Flow(Flow) {}

  std::vector<OrderedPair> Found;

  /// Adds the calls of \p Function, in which the objects are \p First and \p Second.
  void collect(const FunctionModel &Function, const AccessPath &First, const AccessPath &Second, unsigned Depth) {
    CatalogIndex &Names = Flow.model().names();
    auto Add = [&](const FunctionModel &In, const Expr *Site, const CallSite &How, const Spawn *Start) {
      std::optional<AccessPath> A = atCall(First, How, Names), B = atCall(Second, How, Names);
      if (!A || !B || *A == *B)
        return;
      Found.push_back({*A, *B, &In, Site, Start});
      auto IsGiven = [](const AccessPath &Path) { return !Path.root() || isa<ParmVarDecl>(Path.root()); };
      if (Depth && !Start && &In != &Function && IsGiven(*A) && IsGiven(*B))
        collect(In, *A, *B, Depth - 1);
    };
    for (unsigned I : Flow.calls().into(Function))
      if (const CallEdge &Edge = Flow.calls().edges()[I]; !Edge.IsClosureArgument)
        Add(*Edge.Caller, Edge.Site, Edge.How, nullptr);
    for (const Spawn &Started : Flow.spawns().all())
      if (Started.In && Flow.spawns().bodyOf(Started) == &Function) {
        const auto *Method = dyn_cast<CXXMethodDecl>(Function.Function);
        bool OnObject = Method && !Method->isStatic() && !Method->getParent()->isLambda() && !Started.Arguments.empty();
        llvm::ArrayRef<const Expr *> Arguments = Started.Arguments;
        Add(*Started.In, Started.Site,
            {Function.Function, OnObject ? Arguments.front() : nullptr, OnObject ? Arguments.drop_front() : Arguments, false}, &Started);
      }
  }

  /// The calls \p A and \p B pass the same objects in opposite orders, and may run at the same time.
  bool areOpposite(const OrderedPair &A, const OrderedPair &B) {
    if (!(A.First == B.Second && A.Second == B.First))
      return false;
    auto IsGlobal = [](const AccessPath &Path) { return Path.root() && Path.root()->hasGlobalStorage(); };
    Place OfA = placeOf(A), OfB = placeOf(B);
    if (OfA.In != OfB.In && !(IsGlobal(A.First) && IsGlobal(A.Second)))
      return false;
    if (OfA.In != OfB.In || (!OfA.Start && !OfB.Start))
      return true;
    return (OfA.Start && runsDuring(*OfA.Start, OfB.Site)) || (OfB.Start && runsDuring(*OfB.Start, OfA.Site));
  }

private:
  /// Where a call stands: one in a closure that a thread runs is that of the function that starts the thread.
  struct Place {
    const FunctionModel *In;
    const Expr *Site;
    const Spawn *Start;
  };
  Place placeOf(const OrderedPair &Pair) const {
    if (!Pair.Start && isClosure(Pair.In->Function))
      for (const Spawn &Started : Flow.spawns().all())
        if (Started.In && Flow.spawns().bodyOf(Started) == Pair.In)
          return {Started.In, Started.Site, &Started};
    return {Pair.In, Pair.Site, Pair.Start};
  }
  bool runsDuring(const Spawn &Started, const Expr *Site) {
    bool Result = false;
    whileRunning(Started, Flow.spawns().captured(Started), Flow, [&](const Stmt *S) { Result |= S == Site; });
    return Result;
  }

  UnitFlow &Flow;
};

/// The object of a mutex at \p Path: its root, if that is `this` or a parameter; none otherwise.
std::optional<AccessPath> objectGiven(const AccessPath &Path) {
  if (!Path.root())
    return AccessPath::ofThis();
  return isa<ParmVarDecl>(Path.root()) ? std::optional(AccessPath::ofVariable(Path.root())) : std::nullopt;
}

/// The function of \p Edge compares the objects \p First and \p Second, their addresses or parts of them, and acquires in the order that
/// this gives: in the opposite order in the other branch, or after the branch has exchanged the two.
bool isOrderCompared(const LockEdge &Edge, const AccessPath &First, const AccessPath &Second, ArrayRef<LockEdge> All, UnitModel &Unit) {
  auto Names = [&](const Expr *E, const AccessPath &Object) {
    std::optional<AccessPath> Path = pathOf(withoutAddressOf(E), Unit.names());
    return Path && Path->startsWith(Object);
  };
  auto Compares = [&](auto &&Self, const Stmt *S) -> bool {
    const auto *Compare = dyn_cast_or_null<BinaryOperator>(S);
    if (Compare && Compare->isRelationalOp() &&
        ((Names(Compare->getLHS(), First) && Names(Compare->getRHS(), Second)) || (Names(Compare->getLHS(), Second) && Names(Compare->getRHS(), First))))
      return true;
    return S && llvm::any_of(S->children(), [&](const Stmt *Child) { return Self(Self, Child); });
  };
  auto Exchanges = [&](const IfStmt *If) {
    const VarDecl *Parameters[] = {First.root(), Second.root()};
    return llvm::any_of(Parameters, [&](const VarDecl *Parameter) {
      return Parameter && !Unit.names().rebindings().isNeverReassigned(Parameter) && namesVariable(If, Parameter);
    });
  };
  auto IsOppositeIn = [&](const Stmt *Branch) {
    return Branch && llvm::any_of(All, [&](const LockEdge &Other) {
             return Other.In == Edge.In && *Other.Held.Mutex == *Edge.Acquired.Lock.Mutex && *Other.Acquired.Lock.Mutex == *Edge.Held.Mutex &&
                    contains(Branch, Other.Acquired.Where);
           });
  };
  return llvm::any_of(Edge.In->Branches, [&](const Stmt *Branch) {
    const auto *If = dyn_cast<IfStmt>(Branch);
    if (!If || !Compares(Compares, If->getCond()))
      return false;
    if (!contains(If, Edge.Acquired.Where))
      return Exchanges(If) || (alwaysLeaves(If->getThen()) && IsOppositeIn(If->getThen()));
    return IsOppositeIn(contains(If->getThen(), Edge.Acquired.Where) ? (If->getElse() ? If->getElse() : Edge.In->Body) : If->getThen());
  });
}

} // namespace

void LockOrder::findOrders(LockEdge &Edge) {
  if (Edge.Acquired.Through)
    return; // found where both are acquired
  std::optional<AccessPath> First = objectGiven(*Edge.Held.Mutex), Second = objectGiven(*Edge.Acquired.Lock.Mutex);
  if (!First || !Second || *First == *Second || isOrderCompared(Edge, *First, *Second, Edges, Flow.model()))
    return;
  PairFinder Pairs(Flow);
  Pairs.collect(*Edge.In, *First, *Second, /*Depth=*/3);
  for (const OrderedPair &A : Pairs.Found)
    for (const OrderedPair &B : Pairs.Found)
      if (&A < &B && Pairs.areOpposite(A, B)) {
        Edge.OneOrder = A.Site;
        Edge.OtherOrder = B.Site;
        return;
      }
}

std::vector<LockOrder::Cycle> LockOrder::cycles(bool SameClass) const {
  std::vector<LockCycleEdge> ToSearch;
  for (const LockEdge &Edge : Edges) {
    bool IsShared = Edge.Held.Mode == LockMode::Shared && Edge.Acquired.Lock.Mode == LockMode::Shared;
    ToSearch.push_back({Edge.First, Edge.Second, IsShared, Edge.Gates});
  }
  std::vector<Cycle> Result;
  if (!SameClass)
    for (size_t I = 0; I != Edges.size(); ++I)
      if (Edges[I].OneOrder && !ToSearch[I].IsShared &&
          llvm::none_of(Result, [&](const Cycle &Known) { return Known.front()->First == Edges[I].First && Known.front()->In == Edges[I].In; }))
        Result.push_back({&Edges[I]});
  bool IsProgram = Flow.model().hasMain();
  auto MayMeet = [&](unsigned I, unsigned J) {
    return !IsProgram || Flow.parallel().mayMeet(*Edges[I].In, Edges[I].Acquired.Where, *Edges[J].In, Edges[J].Acquired.Where);
  };
  for (const LockCycle &Found : findLockCycles(ToSearch, SameClass, MayMeet))
    for (Cycle &Steps = Result.emplace_back(); unsigned I : Found)
      Steps.push_back(&Edges[I]);
  return Result;
}

} // namespace ward
