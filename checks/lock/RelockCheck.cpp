// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lock/RelockCheck.h"

#include "model/Annotations.h"
#include "model/StmtParents.h"

using namespace clang;

namespace ward {
namespace {

/// The path names one object only, and its lock can't be taken twice.
bool isSurelyOne(const LockRef &Ref, const UnitModel &Unit) {
  return Ref.Mutex && Ref.Type && !Ref.Type->IsGuess && !Unit.mayBeReentrant(Ref) &&
         llvm::none_of(Ref.Mutex->steps(), [](const AccessPath::Step &Step) { return Step.isElement(); });
}

/// What goes wrong, as an index for %select.
enum RelockKind { Deadlock, Upgrade, Downgrade, Readers, Try };
constexpr llvm::StringLiteral Consequences =
    "%select{the thread waits for itself forever|a reader that wants to write waits for itself forever|a writer that wants to read waits for "
    "itself forever|as soon as a writer waits in between, the thread waits for itself forever|trying to take a lock that the thread "
    "holds is undefined}1";

RelockKind kindOf(const LockRef &Held, const AcquiredLock &Taken) {
  if (Taken.Tries)
    return Try;
  if (Held.Mode == LockMode::Shared)
    return Taken.Lock.Mode == LockMode::Shared ? Readers : Upgrade;
  return Taken.Lock.Mode == LockMode::Shared ? Downgrade : Deadlock;
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

void RelockCheck::noteWhereTaken(const FunctionModel &Function, const LockRef &Held, UnitFlow &Unit) {
  if (!Function.touchesLocks())
    return;
  for (const LockSite &Site : Unit.lockSets(Function).sites())
    if (llvm::any_of(Site.Locked, [&](const LockRef &Ref) { return Ref.Mutex == Held.Mutex; })) {
      diag(Site.location(), "taken here", DiagnosticIDs::Note);
      return;
    }
}

void RelockCheck::checkOwn(const FunctionModel &Function, UnitFlow &Unit) {
  const SourceManager &Sources = Unit.model().context().getSourceManager();
  Unit.acquired().forEachOwn(Function, [&](const AcquiredLock &Taken) {
    if (!isSurelyOne(Taken.Lock, Unit.model()))
      return;
    LockList Held = Unit.locks().acquiredAt(Function, Taken.Where);
    const LockRef *Own = lockIn(Held, *Taken.Lock.Mutex);
    SourceLocation Where = startOf(Taken.Where);
    if (!Own || !claim(Where, Sources))
      return;
    diag(Where, ("'%0' is held here already: " + Consequences).str()) << Taken.Lock.Mutex->print() << unsigned(kindOf(*Own, Taken));
    noteWhereTaken(Function, *Own, Unit);
  });
}

void RelockCheck::checkCalls(const FunctionModel &Function, UnitFlow &Unit) {
  const SourceManager &Sources = Unit.model().context().getSourceManager();
  for (unsigned I : Unit.calls().outOf(Function)) {
    const CallEdge &Edge = Unit.calls().edges()[I];
    llvm::ArrayRef<AcquiredLock> Inner = Unit.acquired().by(*Edge.Callee);
    if (Inner.empty())
      continue;
    LockList Held = Unit.locks().acquiredAt(Function, Edge.Site);
    if (Edge.RunBy && Edge.RunAt)
      for (const LockRef &Ref : Unit.locks().acquiredAt(*Edge.RunBy, Edge.RunAt))
        if (std::optional<AccessPath> Path = Ref.Mutex ? atCall(*Ref.Mutex, Edge.How, Unit.model().names()) : std::nullopt)
          Held.push_back(lockAt(std::move(Path), Ref.Mode, Unit.model().types()));
    for (const AcquiredLock &Lock : Inner) {
      std::optional<AcquiredLock> Taken = Unit.acquired().atCaller(Lock, Edge);
      if (!Taken || Taken->AfterRelease || Lock.DependsOnParameter || !isSurelyOne(Taken->Lock, Unit.model()))
        continue;
      const LockRef *Own = lockIn(Held, *Taken->Lock.Mutex);
      // What a parameter decides here, it may have decided before: whether the lock was taken.
      if (Taken->DependsOnParameter && !lockIn(Unit.locks().heldAt(Function, Edge.Site), *Taken->Lock.Mutex))
        continue;
      // In a closure that stands right there the line that takes the lock says more than the call.
      bool Inside = Edge.IsClosureArgument && !Lock.Through;
      SourceLocation Where = Inside ? startOf(Lock.Where) : Edge.Site->getExprLoc();
      if (!Own || !claim(Where, Sources))
        continue;
      if (Inside) {
        diag(Where, ("'%0' is held here already: " + Consequences).str()) << Taken->Lock.Mutex->print() << unsigned(kindOf(*Own, *Taken));
      } else {
        diag(Where, ("'%0' is held here, and this call takes it again: " + Consequences).str())
            << Taken->Lock.Mutex->print() << unsigned(kindOf(*Own, *Taken));
        // A variable: the range adaptor does not keep a temporary alive.
        auto Chain = Unit.acquired().chain(*Taken, Function);
        for (auto [In, Step] : llvm::drop_begin(Chain))
          diag(startOf(Step), "%select{through here|taken again here}0", DiagnosticIDs::Note) << (isa<DeclStmt>(Step) || !Unit.model().function(In->Function) || Step == Lock.Where);
      }
      noteWhereTaken(Function, *Own, Unit);
    }
  }
}

void RelockCheck::checkExclusions(const FunctionModel &Function, UnitFlow &Unit) {
  const SourceManager &Sources = Unit.model().context().getSourceManager();
  for (const CallExpr *Call : Function.Calls) {
    const FunctionDecl *Callee = Call->getDirectCallee();
    if (!Callee || !Callee->hasAttrs())
      continue;
    for (const AnnotatedLock &Lock : excludedLocks(Callee, Unit.model().names())) {
      std::optional<AccessPath> Path = Lock.Path ? atCall(*Lock.Path, CallSite::of(Call), Unit.model().names()) : std::nullopt;
      LockList Held = Unit.locks().acquiredAt(Function, Call);
      const LockRef *Own = Path ? lockIn(Held, *Path) : nullptr;
      if (!Own || !claim(Call->getExprLoc(), Sources))
        continue;
      diag(Call->getExprLoc(), "%0 is called with '%1' held, which it must not be") << Callee << Path->print();
      noteWhereTaken(Function, *Own, Unit);
    }
  }
}

} // namespace ward
