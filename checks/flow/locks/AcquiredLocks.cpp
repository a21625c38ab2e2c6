// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/locks/AcquiredLocks.h"

#include "flow/Destructions.h"
#include "flow/UnitFlow.h"
#include "model/BranchParts.h"

using namespace clang;

namespace ward {
namespace {

/// The size of a summary: further locks of a function are dropped.
constexpr unsigned MaxAcquired = 32;

bool namesParameter(const Stmt *S, const FunctionDecl *Function) {
  if (!S)
    return false;
  if (const auto *Ref = dyn_cast<DeclRefExpr>(S))
    if (const auto *Parameter = dyn_cast<ParmVarDecl>(Ref->getDecl());
        Parameter && Parameter->getDeclContext() == Function)
      return true;
  return llvm::any_of(S->children(), [&](const Stmt *Child) { return namesParameter(Child, Function); });
}

} // namespace

bool dependsOnParameter(const FunctionModel &Function, const Stmt *S, const LockFlags *Flags) {
  return llvm::any_of(Function.Branches, [&](const Stmt *Branch) {
    BranchParts Parts = BranchParts::of(Branch);
    if (Parts.isLoop() || !namesParameter(Parts.Condition, Function.Function) ||
        (Flags && Flags->decide(Parts.Condition, 0)))
      return false;
    return llvm::any_of(std::array{Parts.Body, Parts.Else}, [&](const Stmt *Arm) {
      return Arm && Arm->getSourceRange().fullyContains(S->getSourceRange());
    });
  });
}

AcquiredLocks::AcquiredLocks(UnitFlow &Flow) : Flow(Flow) {
  std::deque<const FunctionModel *> Work;
  for (const auto &Function : Flow.model().functions()) {
    if (!Function->hasKnownLocks())
      continue;
    forEachOwn(*Function, [&](AcquiredLock Lock) { add(*Function, std::move(Lock)); });
    if (!by(*Function).empty())
      Work.push_back(Function.get());
  }
  propagate(std::move(Work));
  collectDestructions();
}

bool AcquiredLocks::addThrough(const CallEdge &Edge) {
  if (Edge.IsOneOfSeveral || Flow.locks().isUnreachable(*Edge.Caller, Edge.Site))
    return false;
  bool Grown = false;
  for (size_t Lock = 0; Lock != by(*Edge.Callee).size(); ++Lock) // by() may grow where a function calls itself
    if (std::optional<AcquiredLock> AtCaller = atCaller(by(*Edge.Callee)[Lock], Edge))
      Grown |= add(*Edge.Caller, std::move(*AtCaller));
  return Grown;
}

void AcquiredLocks::propagate(std::deque<const FunctionModel *> Work) {
  while (!Work.empty()) {
    const FunctionModel *Callee = Work.front();
    Work.pop_front();
    auto Follow = [&](const CallEdge &Edge) {
      if (addThrough(Edge) && !llvm::is_contained(Work, Edge.Caller))
        Work.push_back(Edge.Caller);
    };
    for (unsigned I : Flow.calls().into(*Callee))
      Follow(Flow.calls().edges()[I]);
    if (auto It = DestructionsBy.find(Callee); It != DestructionsBy.end())
      for (const CallEdge *Edge : It->second)
        Follow(*Edge);
  }
}

/// The object whose destructor \p At, `delete p` or `p.reset()`, runs; null if it is one of several.
static const Expr *destroyedBy(const Expr *At, CatalogIndex &Names) {
  if (const auto *Delete = dyn_cast<CXXDeleteExpr>(At))
    return Delete->isArrayForm() ? nullptr : Delete->getArgument();
  const Expr *Owner = CallSite::of(cast<CallExpr>(At)).Object;
  return Owner && Names.isPointer(classOf(Owner->IgnoreParenImpCasts()->getType())) ? Owner : nullptr;
}

void AcquiredLocks::collectDestructions() {
  auto AcquiresWhenDestroyed = [&](const auto &Function) {
    return isa<CXXDestructorDecl>(Function->Function) && !by(*Function).empty();
  };
  if (llvm::none_of(Flow.model().functions(), AcquiresWhenDestroyed))
    return;
  std::deque<const FunctionModel *> Work;
  for (const auto &Function : Flow.model().functions()) {
    const CFG *Graph = Function->hasKnownLocks() && !Function->IsPattern ? Flow.graph(*Function) : nullptr;
    if (!Graph)
      continue;
    for (const CFGBlock *Block : *Graph)
      for (const CFGElement &Element : *Block) {
        std::optional<Destruction> Destroyed = destructionAt(Element, *Function, Flow.model());
        if (!Destroyed || !Destroyed->At)
          continue;
        DestructorEffects Effects = destructorEffectsOf(Destroyed->Type, Flow.model());
        for (const FunctionModel *Destructor : Effects.Destructors)
          if (!by(*Destructor).empty()) {
            bool IsWhole = Destructor == Effects.Destructors.front();
            const Expr *Object = IsWhole ? destroyedBy(Destroyed->At, Flow.model().names()) : nullptr;
            Destructions.push_back(
                {Function.get(), Destroyed->At, Destructor, {Destructor->Function, Object, {}, false}});
            DestructionsIn[Function.get()].push_back(&Destructions.back());
            DestructionsBy[Destructor].push_back(&Destructions.back());
            if (!llvm::is_contained(Work, Destructor))
              Work.push_back(Destructor);
          }
      }
  }
  propagate(std::move(Work));
}

void AcquiredLocks::forEachCall(const FunctionModel &Function, llvm::function_ref<void(const CallEdge &)> Visit) const {
  for (unsigned I : Flow.calls().outOf(Function))
    if (const CallEdge &Edge = Flow.calls().edges()[I]; !Edge.IsOneOfSeveral)
      Visit(Edge);
  if (auto It = DestructionsIn.find(&Function); It != DestructionsIn.end())
    for (const CallEdge *Edge : It->second)
      Visit(*Edge);
}

void AcquiredLocks::forEachOwn(const FunctionModel &Function, llvm::function_ref<void(AcquiredLock)> Visit) const {
  if (!Function.touchesLocks())
    return;
  const LockSets &Locks = Flow.lockSets(Function);
  const LockFlags &Flags = Locks.flags();
  FlagStates Done = 0;
  for (unsigned State = 0; State != Flags.states(); ++State)
    if (!(Done >> State & 1)) {
      FlagStates Same = Flags.sameParameters(State);
      Done |= Same;
      addOwn(Function, Flags.anyParameter() ? Same : ~0U, Visit);
    }
}

void AcquiredLocks::addOwn(const FunctionModel &Function, FlagStates When,
                           llvm::function_ref<void(AcquiredLock)> Visit) const {
  const LockSets &Locks = Flow.lockSets(Function);
  Locks.forEachAcquisition([&](const AcquisitionPoint &Point, const LockSet &State) {
    const LockSite &Site = Locks.sites()[Point.Site];
    // What a callee with a body acquires is in its own summary.
    if (Site.Call && Flow.model().function(Site.Call->getDirectCallee()) && !Flow.model().types().effectOf(Site.Call))
      return;
    for (const LockRef &Ref : Site.Locked) {
      if (!Ref.Mutex)
        continue;
      bool AfterRelease = llvm::any_of(State.Released.set_bits(),
                                       [&](unsigned Path) { return Ref.Mutex == Locks.releasedPaths()[Path]; }) ||
                          isReleasedAt(Function, Point.Where, *Ref.Mutex);
      AcquiredLock Own{Ref, Point.Where, nullptr, Point.Tries, AfterRelease,
                       dependsOnParameter(Function, Point.Where, &Locks.flags()), /*IsUndecided=*/false, When};
      for (unsigned Path : State.Released.set_bits())
        Own.Released.push_back(Locks.releasedPaths()[Path]);
      Visit(std::move(Own));
    }
  }, When);
}

FlagStates AcquiredLocks::startedBy(const CallEdge &Edge, unsigned State) const {
  if (!Flow.acquiresOrReleases(*Edge.Callee))
    return ~0U;
  const LockFlags &Flags = Flow.lockSets(*Edge.Callee).flags();
  return Flags.anyParameter() ? Flags.startedBy(Edge.How, Flow.lockSets(*Edge.Caller).flags(), State) : ~0U;
}

bool AcquiredLocks::isReleasedAt(const FunctionModel &Function, const Stmt *S, const AccessPath &Mutex) const {
  LockTypes &Types = Flow.model().types();
  auto IsGuard = [&](const ParmVarDecl *Parameter) {
    QualType Type = Parameter->getType().getNonReferenceType();
    return Types.guard(Type->isPointerType() ? Type->getPointeeType() : Type) != nullptr;
  };
  bool AnyGuard = llvm::any_of(Function.Function->parameters(), IsGuard);
  if (!AnyGuard && !Function.CallsLocks)
    return false;
  const ReleasedLocks &Released = Flow.releasedIn(Function);
  if (const auto *Declaration = dyn_cast<DeclStmt>(S)) {
    const auto *Variable = Declaration->isSingleDecl() ? dyn_cast<VarDecl>(Declaration->getSingleDecl()) : nullptr;
    S = Variable && Variable->getInit() ? stripped(Variable->getInit()) : S;
  }
  auto Here = Released.find(S);
  return Here != Released.end() && llvm::any_of(Here->second, [&](const AccessPath &Path) {
           // Which mutex the caller's guard holds is unknown: it may be this one.
           const auto *Parameter = dyn_cast_or_null<ParmVarDecl>(Path.root());
           return Path == Mutex || (Parameter && Path.steps().empty() && IsGuard(Parameter));
         });
}

bool AcquiredLocks::add(const FunctionModel &Function, AcquiredLock Lock) {
  std::vector<AcquiredLock> &Known = Summaries[&Function];
  if (Known.size() >= MaxAcquired || llvm::any_of(Known, [&](const AcquiredLock &Other) {
        return Other.Lock.Mutex == Lock.Lock.Mutex && Other.Lock.Mode == Lock.Lock.Mode && Other.Tries <= Lock.Tries &&
               Other.AfterRelease <= Lock.AfterRelease && Other.DependsOnParameter <= Lock.DependsOnParameter &&
               !(Lock.When & ~Other.When) && llvm::all_of(Other.Released, [&](const AccessPath &Path) {
                 return llvm::is_contained(Lock.Released, Path);
               });
      }))
    return false;
  Known.push_back(std::move(Lock));
  return true;
}

std::optional<AcquiredLock> AcquiredLocks::atCaller(const AcquiredLock &Lock, const CallEdge &Edge) const {
  LockTypes &Types = Flow.model().types();
  std::optional<AccessPath> Path = CallGraph::toCaller(*Lock.Lock.Mutex, Edge, Types.names());
  if (!Path)
    return std::nullopt;
  AcquiredLock Result = Lock;
  // What the arguments and the caller's own flags say about those of the callee.
  Result.When = ~0U;
  Result.IsUndecided = false;
  if (Lock.When != ~0U) {
    const LockFlags &Flags = Flow.lockSets(*Edge.Caller).flags();
    FlagStates Possible = 0, Started = 0;
    for (unsigned State = 0; State != Flags.states(); ++State)
      if (FlagStates Begins = startedBy(Edge, State)) {
        Started |= Begins;
        if (Begins & Lock.When)
          Possible |= Flags.sameParameters(State);
      }
    if (!(Started & Lock.When))
      return std::nullopt;
    if (Flags.anyParameter())
      Result.When = Possible;
    Result.IsUndecided = (Started & ~Lock.When) != 0;
    Result.DependsOnParameter |= Result.IsUndecided;
  }
  // A function that requires a lock and acquires it has released it before, or deadlocks by itself: the caller has no
  // part in that.
  Result.AfterRelease |= llvm::any_of(Flow.locks().requiredBy(*Edge.Callee),
                                      [&](const LockRef &Ref) { return Ref.Mutex == Lock.Lock.Mutex; });
  Result.Lock = lockAt(std::move(Path), Lock.Lock.Mode, Types);
  if (!Result.Lock.Type)
    Result.Lock.Type = Lock.Lock.Type;
  Result.Where = Edge.Site;
  Result.Through = &Edge;
  Result.AfterRelease |= isReleasedAt(*Edge.Caller, Edge.Site, *Result.Lock.Mutex);
  Result.DependsOnParameter |= dependsOnParameter(*Edge.Caller, Edge.Site);
  Result.Released.clear();
  auto Add = [&](std::optional<AccessPath> Released) {
    if (Released && !llvm::is_contained(Result.Released, *Released))
      Result.Released.push_back(std::move(*Released));
  };
  for (const AccessPath &Inner : Lock.Released)
    Add(CallGraph::toCaller(Inner, Edge, Types.names()));
  for (const AccessPath &Own : Flow.locks().releasedAt(*Edge.Caller, Edge.Site))
    Add(Own);
  return Result;
}

llvm::SmallVector<std::pair<const FunctionModel *, const Stmt *>, 4>
AcquiredLocks::chain(const AcquiredLock &Lock, const FunctionModel &In) const {
  llvm::SmallVector<std::pair<const FunctionModel *, const Stmt *>, 4> Result{{&In, Lock.Where}};
  const AcquiredLock *At = &Lock;
  while (At && At->Through && Result.size() < 8) {
    const FunctionModel *Callee = At->Through->Callee;
    const AcquiredLock *Next = nullptr;
    for (const AcquiredLock &Inner : by(*Callee))
      if (std::optional<AcquiredLock> AtCaller = atCaller(Inner, *At->Through);
          AtCaller && AtCaller->Lock.Mutex == At->Lock.Mutex) {
        Next = &Inner;
        break;
      }
    if (Next)
      Result.push_back({Callee, Next->Where});
    At = Next;
  }
  return Result;
}

} // namespace ward
