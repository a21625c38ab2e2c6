// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "capture/SharedGlobals.h"

#include "flow/threads/HeldAtStart.h"
#include "flow/threads/SignalOrder.h"
#include "model/SharedCount.h"
#include "model/SystemHeaders.h"

#include "clang/AST/ExprCXX.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/MapVector.h"

using namespace clang;

namespace ward {
namespace {

/// The user's variable with static storage that \p Access uses, if it is mutable and does not synchronise itself; else null.
const VarDecl *sharedGlobal(const ClassifiedAccess &Access, UnitModel &Unit) {
  const VarDecl *Variable = Access.Path.root();
  if (!Variable || !Variable->hasGlobalStorage() || Variable->getTSCSpec() != TSCS_unspecified || Variable->isConstexpr())
    return nullptr;
  QualType Type = Variable->getType().getNonReferenceType();
  if (Type.isConstQualified() || Unit.types().isSynchronised(Type) || Unit.types().mutex(Type))
    return nullptr;
  if (isInSystemHeader(Variable->getLocation(), Unit.context().getSourceManager()))
    return nullptr;
  // What it points to synchronises itself.
  if (Access.Indirect) {
    const FieldDecl *Last = Access.Path.lastField();
    QualType Pointer = Last ? Last->getType() : Access.Path.steps().empty() ? Type : QualType();
    if (!Pointer.isNull() && Pointer->isPointerType() && Unit.types().isSynchronised(Pointer->getPointeeType()))
      return nullptr;
  }
  for (const AccessPath::Step &Step : Access.Path.steps())
    if (const FieldDecl *Field = Step.asField(); Field && (Unit.types().isSynchronised(Field->getType()) || Field->getType().isConstQualified()))
      return nullptr;
  // A handle of threads, or a class with its own lock.
  const auto *Record = Type->getAsCXXRecordDecl();
  if (Record && (Unit.names().thread(Record) || (Access.Path.steps().empty() && Unit.types().isInternallySynchronised(Type))))
    return nullptr;
  return Variable;
}

bool writesPointer(const ClassifiedAccess &Access, const VarDecl *Variable, CatalogIndex &Names) {
  return sharesOwnership(Variable->getType().getNonReferenceType(), Names) && Access.Path.steps().empty() && !Access.Indirect;
}

/// \p Access writes an element at a constant index: the same one on every thread.
bool isFixedElement(const ClassifiedAccess &Access) {
  if (Access.Kind != AccessKind::ElementWrite)
    return false;
  const Expr *E = stripped(Access.Where);
  while (const auto *Member = dyn_cast<MemberExpr>(E))
    E = stripped(Member->getBase());
  const Expr *Index = nullptr;
  if (const auto *Subscript = dyn_cast<ArraySubscriptExpr>(E))
    Index = Subscript->getIdx();
  else if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E); Operator && Operator->getOperator() == OO_Subscript)
    Index = Operator->getArg(1);
  return Index && isa<IntegerLiteral>(stripped(Index));
}

/// \p Mine reads the value of a pointer, and \p Theirs accesses what it points to.
bool readsPointerTo(const ClassifiedAccess &Mine, const ClassifiedAccess &Theirs) {
  return Mine.Kind == AccessKind::Read && !Mine.Indirect && Mine.Where->getType()->isPointerType() &&
         (Theirs.Indirect || Theirs.Path.steps().size() > Mine.Path.steps().size());
}

/// The member of the variable that is accessed; null if it is accessed as a whole, or an element of it is.
const FieldDecl *partOf(const ClassifiedAccess &Access) {
  return Access.Path.steps().empty() ? nullptr : Access.Path.steps().front().asField();
}

/// \p Mine is to what a pointer leads to that was read before, as a local variable, and \p Theirs to what contains the pointer.
bool isBehindCopy(const ClassifiedAccess &Mine, const ClassifiedAccess &Theirs) {
  return Mine.Copied > Theirs.Path.steps().size() && !Theirs.Indirect;
}

/// One is a part of the other, or both are the same.
bool mayBeOnePlace(const ClassifiedAccess &First, const ClassifiedAccess &Second) {
  return !isBehindCopy(First, Second) && !isBehindCopy(Second, First) && (First.Path.startsWith(Second.Path) || Second.Path.startsWith(First.Path)) && !readsPointerTo(First, Second) &&
         !readsPointerTo(Second, First);
}

/// What is known of the locks at an access: those held on every path, callers included, and whether there may be others.
struct HeldLocks {
  LockList Locks;
  bool MayBeMore;
};

HeldLocks locksAt(const FunctionModel &Function, const Expr *Where, UnitFlow &Flow) {
  LockContext &Locks = Flow.locks();
  HeldLocks Result{Locks.heldAt(Function, Where), Locks.isUnknown(Function)};
  Result.Locks.append(Locks.heldByKnownCallers(Function));
  // A lock of an object may be that of the other access by another name.
  Result.MayBeMore |= llvm::any_of(Result.Locks, [](const LockRef &Ref) {
    return !Ref.Mutex || !Ref.Mutex->root() || !Ref.Mutex->root()->hasGlobalStorage() ||
           llvm::any_of(Ref.Mutex->steps(), [](const AccessPath::Step &Step) {
             return Step.isElement() || (Step.asField() && Step.asField()->getType()->isPointerType());
           });
  });
  // A try-lock, or a lock on some path only, may be what protects it.
  for (const LockRef &Ref : Locks.mayBeHeldAt(Function, Where))
    Result.MayBeMore |= !Ref.Mutex || !lockIn(Result.Locks, *Ref.Mutex);
  return Result;
}

/// A point of the program at which a function accesses a variable: where it does so, or where it is called with the lock that it holds.
struct Position {
  const FunctionModel *In;
  const Expr *Where;
  HeldLocks Held;
};

/// The positions of an access that holds a lock that its function is given: its calls.
llvm::SmallVector<Position, 2> positionsOf(const FunctionModel &Function, const Expr *Where, UnitFlow &Flow) {
  llvm::SmallVector<Position, 2> Result;
  HeldLocks Held = locksAt(Function, Where, Flow);
  auto IsGiven = [&](const LockRef &Ref) {
    const auto *Parameter = dyn_cast_or_null<ParmVarDecl>(Ref.Mutex ? Ref.Mutex->root() : nullptr);
    return Parameter && Parameter->getDeclContext() == Function.Function && Ref.Mutex->steps().empty();
  };
  CatalogIndex &Names = Flow.model().names();
  if (Held.Locks.size() == 1 && IsGiven(Held.Locks.front()) && !Flow.model().isAddressTaken(Function.Function) &&
      Flow.locks().mayBeHeldAt(Function, Where).size() <= 1)
    for (unsigned I : Flow.calls().into(Function)) {
      const CallEdge &Edge = Flow.calls().edges()[I];
      std::optional<AccessPath> Mutex = CallGraph::toCaller(*Held.Locks.front().Mutex, Edge, Names);
      const auto *Site = dyn_cast<Expr>(Edge.Site);
      if (!Mutex || !Mutex->root() || !Mutex->root()->hasGlobalStorage() || !Site)
        return {{&Function, Where, Held}};
      HeldLocks There = locksAt(*Edge.Caller, Site, Flow);
      There.Locks.push_back(Held.Locks.front());
      There.Locks.back().Mutex = *Mutex;
      Result.push_back({Edge.Caller, Site, std::move(There)});
    }
  if (Result.empty())
    Result.push_back({&Function, Where, std::move(Held)});
  return Result;
}

bool mayExclude(const HeldLocks &First, const HeldLocks &Second) {
  return First.MayBeMore || Second.MayBeMore || excludeEachOther(First.Locks, Second.Locks);
}

} // namespace

std::vector<GlobalUse> unlockedGlobals(UnitFlow &Flow) {
  std::vector<GlobalUse> Result;
  if (Flow.spawns().all().empty())
    return Result;
  UnitModel &Model = Flow.model();
  struct Use {
    const FunctionModel *In;
    const ClassifiedAccess *Access;
    bool Writes, Atomic;
  };
  // An element at an index that is not constant is assumed to be the thread's own.
  auto Writes = [](const ClassifiedAccess &Access) { return Access.Kind == AccessKind::Write || isFixedElement(Access); };
  llvm::MapVector<const VarDecl *, std::vector<Use>> Uses;
  llvm::DenseSet<const VarDecl *> Written;
  for (const auto &Function : Model.functions()) {
    if (Function->IsPattern)
      continue;
    auto Add = [&](const ClassifiedAccess &Access, bool IsAtomic) {
      if (const VarDecl *Variable = sharedGlobal(Access, Model)) {
        Uses[Variable].push_back({Function.get(), &Access, Writes(Access), IsAtomic});
        if (Writes(Access))
          Written.insert(Variable);
      }
    };
    for (const ClassifiedAccess &Access : Flow.accesses(*Function))
      Add(Access, /*IsAtomic=*/false);
    for (const ClassifiedAccess &Access : Flow.allAccesses(*Function).Atomic)
      Add(Access, /*IsAtomic=*/true);
  }
  if (Written.empty())
    return Result;

  ParallelCode &Parallel = Flow.parallel();
  SignalOrder Order(Flow);
  auto TakeTurns = [&](const Use &First, const Use &Second) {
    auto Of = [](const Use &Each) { return ObjectAccess{Each.In, Each.Access->Where, Each.Access->Path, Each.Access->Kind}; };
    return Order.takeTurns(Of(First), Of(Second)) || Order.handsOver(*First.In, First.Access->Where, *Second.In, Second.Access->Where) ||
           Flow.heldAtStart().keepApart(*First.In, First.Access->Where, *Second.In, Second.Access->Where);
  };
  llvm::DenseMap<const Expr *, llvm::SmallVector<Position, 2>> Positions;
  auto At = [&](const Use &Each) -> llvm::SmallVector<Position, 2> {
    auto [It, New] = Positions.try_emplace(Each.Access->Where);
    if (New)
      It->second = positionsOf(*Each.In, Each.Access->Where, Flow);
    return It->second;
  };
  // A thread holds a lock, and what it meets holds none or others.
  auto DifferentLocks = [&](const VarDecl *Variable, const std::vector<Use> &All) -> std::optional<GlobalUse> {
    for (const Use &Mine : All)
      for (const Use &Theirs : All) {
        if (Mine.Atomic || Theirs.Atomic || !(Mine.Writes || Theirs.Writes) || Parallel.runsOnce(*Mine.In) || Parallel.runsOnce(*Theirs.In) ||
            !mayBeOnePlace(*Mine.Access, *Theirs.Access) || writesPointer(*(Theirs.Writes ? Theirs : Mine).Access, Variable, Model.names()))
          continue;
        const Spawn *Meets = nullptr;
        HeldLocks OfMine, OfTheirs;
        for (const Position &A : At(Mine))
          for (const Position &B : At(Theirs)) {
            // One position is the same code, whose threads are judged by themselves.
            if (Meets || (A.In == B.In && A.Where == B.Where) || (&Mine == &Theirs && A.Where == Mine.Access->Where))
              continue;
            Meets = Parallel.meeting(*A.In, *B.In, B.Where, /*WithLocks=*/true, A.Where);
            if (Meets && (TakeTurns(Mine, Theirs) || mayExclude(A.Held, B.Held)))
              Meets = nullptr;
            if (Meets) {
              OfMine = A.Held;
              OfTheirs = B.Held;
            }
          }
        if (!Meets)
          continue;
        bool First = OfMine.Locks.empty() || !OfTheirs.Locks.empty();
        const Use &Lacking = First ? Mine : Theirs, &Other = First ? Theirs : Mine;
        GlobalUse Found{Variable, Lacking.Access->Where, Lacking.Writes, Meets, Other.Access->Where, false};
        Found.IsOutside = !First;
        if (!OfMine.Locks.empty() && !OfTheirs.Locks.empty()) {
          Found.Held = OfMine.Locks.front().Mutex->print();
          Found.OtherHeld = OfTheirs.Locks.front().Mutex->print();
        }
        return Found;
      }
    return std::nullopt;
  };
  for (const auto &[Variable, All] : Uses) {
    if (!Written.contains(Variable))
      continue;
    // Threads that each write another member divide the object among themselves.
    auto IsOwnPart = [&, &All = All](const Use &Mine) {
      return partOf(*Mine.Access) && llvm::any_of(All, [&](const Use &Theirs) {
               return Theirs.Writes && Theirs.In != Mine.In && partOf(*Theirs.Access) && !mayBeOnePlace(*Mine.Access, *Theirs.Access) &&
                      Parallel.gettingTo(*Theirs.In);
             });
    };
    llvm::DenseSet<const FunctionModel *> Reported;
    for (const Use &Mine : All) {
      if (Mine.Atomic || !Parallel.gettingTo(*Mine.In) || Parallel.runsOnce(*Mine.In) || Reported.contains(Mine.In) ||
          Flow.locked(*Mine.In).contains(Mine.Access->Where))
        continue;
      const Spawn *Started = nullptr;
      const Use *Other = nullptr;
      bool OfPointer = false;
      for (const Use &Theirs : All) {
        if (!(Mine.Writes || Theirs.Writes) || Parallel.runsOnce(*Theirs.In) || !mayBeOnePlace(*Mine.Access, *Theirs.Access))
          continue;
        const Spawn *Meets = Parallel.meeting(*Mine.In, *Theirs.In, Theirs.Access->Where, /*WithLocks=*/false, Mine.Access->Where);
        if (!Meets || TakeTurns(Mine, Theirs))
          continue;
        bool Pointer = writesPointer(*(Theirs.Writes ? Theirs : Mine).Access, Variable, Model.names());
        if (!Started || (Pointer && !OfPointer)) {
          Started = Meets;
          Other = &Theirs;
          OfPointer = Pointer;
        }
      }
      if (!Started && Mine.Writes && !IsOwnPart(Mine) && !TakeTurns(Mine, Mine)) { // a second thread may run the same code
        Started = Parallel.besideItself(*Mine.In);
        Other = &Mine;
        OfPointer = writesPointer(*Mine.Access, Variable, Model.names());
      }
      if (!Started)
        continue;
      Reported.insert(Mine.In);
      Result.push_back({Variable, Mine.Access->Where, Mine.Writes, Started, (Other->Writes ? *Other : Mine).Access->Where, OfPointer});
    }
    if (Reported.empty())
      if (std::optional<GlobalUse> Found = DifferentLocks(Variable, All))
        Result.push_back(std::move(*Found));
  }
  return Result;
}

} // namespace ward
