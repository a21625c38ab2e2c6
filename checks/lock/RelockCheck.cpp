// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lock/RelockCheck.h"

#include "model/Annotations.h"
#include "model/Callables.h"
#include "model/StmtParents.h"

using namespace clang;

namespace ward {
namespace {

/// The path names a single object, and its lock is not reentrant.
bool isSingleLock(const LockRef &Ref, const UnitModel &Unit) {
  return Ref.Mutex && Ref.Type && !Ref.Type->IsGuess && !Unit.mayBeReentrant(Ref) && !Ref.Mutex->hasElement();
}

/// The class of the guard declared by \p Where that is taken for one by its shape; null for any other acquisition.
const CXXRecordDecl *shapeAt(const Stmt *Where, UnitModel &Unit) {
  const auto *Declaration = dyn_cast<DeclStmt>(Where);
  const auto *Variable = Declaration && Declaration->isSingleDecl() ? dyn_cast<VarDecl>(Declaration->getSingleDecl()) : nullptr;
  const GuardType *Guard = Variable ? Unit.types().guard(Variable->getType()) : nullptr;
  return Guard && Guard->ByShape ? Variable->getType()->getAsCXXRecordDecl() : nullptr;
}

/// What has the shape of a guard, and is created while another class holds the lock, may release it for a while.
bool mayBeInverse(const Stmt *Where, const LockRef &Held, const FunctionModel &Function, UnitFlow &Flow) {
  const CXXRecordDecl *Shape = shapeAt(Where, Flow.model());
  if (!Shape || !Function.touchesLocks())
    return Shape != nullptr;
  return llvm::none_of(Flow.lockSets(Function).sites(), [&](const LockSite &Site) {
    const CXXRecordDecl *Class = Site.Guard ? Site.Guard->Variable->getType()->getAsCXXRecordDecl() : nullptr;
    return Class && Class->getCanonicalDecl() == Shape->getCanonicalDecl() && Held.Mutex && Site.locks(*Held.Mutex);
  });
}

/// The consequence, as an index for %select.
enum RelockKind { Deadlock, Upgrade, Downgrade, Readers, Try };
constexpr llvm::StringLiteral Consequences =
    "%select{it is not reentrant|the upgrade from shared to exclusive waits for itself|the downgrade from exclusive to shared waits for "
    "itself|a writer that waits in between blocks both acquisitions|try_lock of a mutex that the thread already holds is undefined "
    "behaviour}1";
constexpr llvm::StringLiteral AcquiredTwice = "deadlock: '%0' is acquired while this thread already holds it; ";
constexpr llvm::StringLiteral AcquiredByCall = "deadlock: this call acquires '%0', which this thread already holds; ";

RelockKind kindOf(const LockRef &Held, const AcquiredLock &Again) {
  if (Again.Tries)
    return Try;
  if (Held.Mode == LockMode::Shared)
    return Again.Lock.Mode == LockMode::Shared ? Readers : Upgrade;
  return Again.Lock.Mode == LockMode::Shared ? Downgrade : Deadlock;
}

} // namespace

void RelockCheck::analyse(UnitFlow &Unit) {
  for (const auto &Function : Unit.model().functions()) {
    if (!Function->hasKnownLocks() || isExemptFromLockChecks(Function->Function))
      continue;
    checkOwn(*Function, Unit);
    checkCalls(*Function, Unit);
    checkExclusions(*Function, Unit);
  }
}

void RelockCheck::noteAcquired(const FunctionModel &Function, const LockRef &Held, UnitFlow &Unit) {
  if (!Function.touchesLocks())
    return;
  for (const LockSite &Site : Unit.lockSets(Function).sites())
    if (llvm::any_of(Site.Locked, [&](const LockRef &Ref) { return Ref.Mutex == Held.Mutex; })) {
      diag(Site.location(), "acquired here", DiagnosticIDs::Note);
      return;
    }
}

void RelockCheck::checkOwn(const FunctionModel &Function, UnitFlow &Unit) {
  const SourceManager &Sources = Unit.model().context().getSourceManager();
  Unit.acquired().forEachOwn(Function, [&](const AcquiredLock &Again) {
    if (!isSingleLock(Again.Lock, Unit.model()))
      return;
    LockList Held = Unit.locks().acquiredAt(Function, Again.Where);
    const LockRef *Own = lockIn(Held, *Again.Lock.Mutex);
    SourceLocation Where = startOf(Again.Where);
    if (!Own || mayBeInverse(Again.Where, *Own, Function, Unit) || !claim(Where, Sources))
      return;
    diag(Where, (AcquiredTwice + Consequences).str()) << Again.Lock.Mutex->print() << unsigned(kindOf(*Own, Again));
    noteAcquired(Function, *Own, Unit);
  });
}

void RelockCheck::checkCalls(const FunctionModel &Function, UnitFlow &Unit) {
  Unit.acquired().forEachCall(Function, [&](const CallEdge &Edge) { checkCall(Function, Edge, Unit); });
}

void RelockCheck::checkCall(const FunctionModel &Function, const CallEdge &Edge, UnitFlow &Unit) {
  const SourceManager &Sources = Unit.model().context().getSourceManager();
  llvm::ArrayRef<AcquiredLock> Inner = Unit.acquired().by(*Edge.Callee);
  if (Inner.empty())
    return;
  LockList Held = Unit.locks().acquiredAt(Edge);
  for (const AcquiredLock &Lock : Inner) {
    std::optional<AcquiredLock> Again = Unit.acquired().atCaller(Lock, Edge);
    if (!Again || Again->AfterRelease || Lock.DependsOnParameter || Again->IsUndecided ||
        !isSingleLock(Again->Lock, Unit.model()))
      continue;
    const LockRef *Own = lockIn(Held, *Again->Lock.Mutex);
    // The parameter that decides whether the lock is acquired here may also have decided whether it was acquired
    // before.
    if (Again->DependsOnParameter && !lockIn(Unit.locks().heldAt(Function, Edge.Site), *Again->Lock.Mutex))
      continue;
    // For a closure written in place, report where it acquires the lock rather than the call.
    bool Inside = Edge.IsClosureArgument && !Lock.Through && isClosure(Edge.Callee->Function);
    SourceLocation Where = Inside ? startOf(Lock.Where) : Edge.Site->getExprLoc();
    auto Chain = Unit.acquired().chain(*Again, Function);
    if (!Own || (!Chain.empty() && mayBeInverse(Chain.back().second, *Own, Function, Unit)) || !claim(Where, Sources))
      continue;
    if (Inside) {
      diag(Where, (AcquiredTwice + Consequences).str()) << Again->Lock.Mutex->print() << unsigned(kindOf(*Own, *Again));
    } else {
      diag(Where, (AcquiredByCall + Consequences).str())
          << Again->Lock.Mutex->print() << unsigned(kindOf(*Own, *Again));
      // A variable: the range adaptor does not keep a temporary alive.
      for (auto [In, Step] : llvm::drop_begin(Chain)) {
        bool Acquires = isa<DeclStmt>(Step) || !Unit.model().function(In->Function) || Step == Lock.Where;
        diag(startOf(Step), "%select{called here|acquired again here}0", DiagnosticIDs::Note) << Acquires;
      }
    }
    noteAcquired(Function, *Own, Unit);
  }
}

void RelockCheck::checkExclusions(const FunctionModel &Function, UnitFlow &Unit) {
  const SourceManager &Sources = Unit.model().context().getSourceManager();
  for (const CallExpr *Call : Function.Calls) {
    const FunctionDecl *Callee = Call->getDirectCallee();
    if (!Callee || !hasAnnotations(Callee))
      continue;
    for (const AnnotatedLock &Lock : excludedLocks(Callee, Unit.model().names())) {
      std::optional<AccessPath> Path = Lock.Path ? atCall(*Lock.Path, CallSite::of(Call), Unit.model().names()) : std::nullopt;
      LockList Held = Unit.locks().orderedBefore(Function, Call);
      const LockRef *Own = Path ? lockIn(Held, *Path) : nullptr;
      if (!Own || !claim(Call->getExprLoc(), Sources))
        continue;
      diag(Call->getExprLoc(), "possible deadlock: %0 is called while holding '%1', which it excludes") << Callee << Path->print();
      noteAcquired(Function, *Own, Unit);
    }
  }
}

} // namespace ward
