// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lock/LockLifetimeCheck.h"

#include "flow/locks/DestroyedLocks.h"
#include "flow/threads/Outlives.h"
#include "lock/LockCopies.h"
#include "lock/LockStates.h"
#include "model/Annotations.h"
#include "model/Callables.h"
#include "model/StmtParents.h"

#include "clang/AST/DeclCXX.h"

using namespace clang;

namespace ward {
namespace {

/// Only threads run \p Function, and each begins with it: it has no callers whose locks it could release.
bool isThreadBody(const FunctionModel &Function, UnitFlow &Unit) {
  if (Function.Function->isMain())
    return true;
  bool IsBody = llvm::any_of(Unit.spawns().all(), [&](const Spawn &Started) { return Unit.spawns().bodyOf(Started) == &Function; });
  return IsBody && Unit.calls().into(Function).empty();
}

/// The lock that \p Call releases by hand; none if it releases none, or one of several.
std::optional<AccessPath> releasedBy(const CallExpr *Call, UnitModel &Model) {
  std::optional<LockEffect> Effect = Model.types().effectOf(Call);
  if (!Effect || Effect->Effect != FunctionEffect::Unlock || Effect->Objects.size() != 1)
    return std::nullopt;
  const MutexType *Mutex = Model.types().mutex(Effect->Objects.front()->getType());
  std::optional<AccessPath> Path = pathOf(Effect->Objects.front(), Model.names());
  return Mutex && !Mutex->IsGuess && Path && !Path->isThis() && !Path->hasElement() ? Path : std::nullopt;
}

/// \p Path, in the function that a thread runs with \p Started's arguments, as the starter names it.
std::optional<AccessPath> atStart(const AccessPath &Path, const Spawn &Started, const FunctionModel &Body, CatalogIndex &Names) {
  if (Path.root() && Path.root()->hasGlobalStorage())
    return Path;
  const auto *Parameter = dyn_cast_or_null<ParmVarDecl>(Path.root());
  unsigned Index = Parameter ? Parameter->getFunctionScopeIndex() : 0;
  if (!Parameter || Parameter->getDeclContext() != Body.Function || Index >= Started.Arguments.size())
    return isClosure(Body.Function) && Path.root() ? std::optional(Path) : std::nullopt;
  std::optional<AccessPath> Given = pathOf(Started.Arguments[Index], Names);
  return Given ? std::optional(Path.rebase(*Given)) : std::nullopt;
}

} // namespace

void LockLifetimeCheck::analyse(UnitFlow &Unit) {
  LockStates States(Unit);
  for (const auto &Function : Unit.model().functions()) {
    if (Function->IsPattern || isExemptFromLockChecks(Function->Function))
      continue;
    checkStates(*Function, States, Unit);
    checkCopies(*Function, Unit);
    if (!Function->touchesLocks())
      continue;
    if (!isAlsoOn("ward-misplaced-mutex"))
      checkDestructions(*Function, Unit);
    checkReleases(*Function, Unit);
  }
  for (const Spawn &Started : Unit.spawns().all())
    checkThreads(Started, Unit);
}

void LockLifetimeCheck::checkStates(const FunctionModel &Function, LockStates &States, UnitFlow &Unit) {
  for (const LockMisuse &One : States.misusesIn(Function)) {
    if (!claim(One.Where->getExprLoc(), Unit.model().context().getSourceManager()))
      continue;
    diag(One.Where->getExprLoc(), "lock '%0' is %select{used before it is initialised|used after it was destroyed|used after the memory that "
                                  "contains it was freed|destroyed, but was never initialised|destroyed twice|initialised twice}1%select{|, by "
                                  "%3}2; this is undefined behaviour")
        << One.Lock.print() << unsigned(One.What) << (One.Through != nullptr) << One.Through;
    if (One.Before)
      diag(One.Before->getExprLoc(), "%select{|destroyed here|freed here||destroyed here|initialised here}0", DiagnosticIDs::Note)
          << unsigned(One.What);
  }
}

void LockLifetimeCheck::checkDestructions(const FunctionModel &Function, UnitFlow &Unit) {
  forEachDestroyedWhileHeld(Function, Unit, [&](const LifetimeEnd &End, const LockSite &Site, const AccessPath &Mutex) {
    if (!claim(End.Where, Unit.model().context().getSourceManager()))
      return;
    diag(End.Where, "lock '%0' is %select{destroyed|moved}1 while it is held; this is undefined behaviour") << Mutex.print() << End.Moves;
    diag(Site.location(), "acquired here", DiagnosticIDs::Note);
  });
}

void LockLifetimeCheck::checkReleases(const FunctionModel &Function, UnitFlow &Unit) {
  UnitModel &Model = Unit.model();
  const SourceManager &Sources = Model.context().getSourceManager();
  const LockSets &Held = Unit.lockSets(Function);
  bool IsBody = isThreadBody(Function, Unit), ManualToo = isAlsoOn("ward-manual-lock");
  Held.forEach([&](const Stmt *S, const LockSet &State) {
    const auto *Call = dyn_cast<CallExpr>(S);
    std::optional<AccessPath> Mutex = Call ? releasedBy(Call, Model) : std::nullopt;
    if (!Mutex)
      return;
    bool MayHold = false, Shared = false, Exclusive = false, IsRenamed = false;
    const LockSite *Acquired = nullptr;
    for (unsigned I : State.May.set_bits())
      for (const LockRef &Ref : Held.sites()[I].Locked) {
        MayHold |= !Ref.Mutex || Ref.Mutex == Mutex;
        IsRenamed |= State.Renamed.test(I);
        if (!Ref.Mutex || Ref.Mutex != Mutex)
          continue;
        (Ref.Mode == LockMode::Shared ? Shared : Exclusive) = true;
        Acquired = &Held.sites()[I];
      }
    ReleasedMode Mode = Model.types().releasedMode(Call);
    bool OfReader = Mode == ReleasedMode::Shared;
    if (Acquired && Mode != ReleasedMode::Any && Shared != Exclusive && OfReader == Exclusive && !Acquired->Tries) {
      if (claim(Call->getExprLoc(), Sources)) {
        diag(Call->getExprLoc(), "'%0' is released in %select{exclusive|shared}1 mode, but held in %select{shared|exclusive}1 mode; this is "
                                 "undefined behaviour")
            << Mutex->print() << OfReader;
        diag(Acquired->location(), "acquired here", DiagnosticIDs::Note);
      }
      return;
    }
    if (MayHold || IsRenamed)
      return;
    bool Before = Held.wasReleased(*Mutex, State);
    // A reentrant lock is released as often as it was acquired; a second release is what ward-manual-lock reports.
    LockRef Released = lockAt(*Mutex, LockMode::Exclusive, Model.types());
    if (Before && Released.Type && Model.mayBeReentrant(Released))
      return;
    if ((Before ? ManualToo : !IsBody) || !claim(Call->getExprLoc(), Sources))
      return;
    diag(Call->getExprLoc(), "'%0' is released by a thread that does not hold it; this is undefined behaviour, and may release the lock of "
                             "another thread")
        << Mutex->print();
  });
}

void LockLifetimeCheck::checkCopies(const FunctionModel &Function, UnitFlow &Unit) {
  for (const LockCopy &Copy : copiesOfLocks(Function, Unit.model())) {
    if ((Copy.OfLockItself && !Copy.IsC && isAlsoOn("ward-misplaced-mutex")) || !claim(Copy.Where, Unit.model().context().getSourceManager()))
      continue;
    diag(Copy.Where, "this assignment copies %select{a lock|an object with the lock %1}0; the copy is in the state of the original, and is not "
                     "initialised")
        << !Copy.OfLockItself << Copy.Lock;
  }
}

/// The lock that a thread acquires is destroyed, or only then initialised, while the thread runs.
void LockLifetimeCheck::checkThreads(const Spawn &Started, UnitFlow &Unit) {
  const FunctionModel *Body = Unit.spawns().bodyOf(Started);
  if (!Started.In || !Body || Started.In->IsPattern || Body->IsPattern)
    return;
  CatalogIndex &Names = Unit.model().names();
  llvm::SmallVector<std::pair<AccessPath, const AcquiredLock *>, 4> Used;
  for (const AcquiredLock &Lock : Unit.acquired().by(*Body))
    if (std::optional<AccessPath> Path = Lock.Lock.Mutex ? atStart(*Lock.Lock.Mutex, Started, *Body, Names) : std::nullopt)
      Used.push_back({std::move(*Path), &Lock});
  if (Used.empty())
    return;
  whileRunning(Started, Unit.spawns().captured(Started), Unit, [&](const Stmt *S) {
    const auto *Call = dyn_cast<CallExpr>(S);
    const FunctionEntry *Entry = Call && Call->getDirectCallee() ? Names.function(Call->getDirectCallee()) : nullptr;
    if (!Entry || Call->getNumArgs() == 0 || (Entry->Effect != FunctionEffect::Destroy && Entry->Effect != FunctionEffect::SetUp))
      return;
    std::optional<AccessPath> Path = pathOf(Call->getArg(0), Names);
    const auto *Found = Path ? llvm::find_if(Used, [&](const auto &Each) { return Each.first == *Path; }) : Used.end();
    if (Found == Used.end() || !claim(Call->getExprLoc(), Unit.model().context().getSourceManager()))
      return;
    diag(Call->getExprLoc(), "lock '%0' is %select{initialised|destroyed}1 while a thread that uses it may run; this is undefined behaviour")
        << Path->print() << (Entry->Effect == FunctionEffect::Destroy);
    diag(Started.Site->getBeginLoc(), "the thread is started here", DiagnosticIDs::Note);
    diag(startOf(Found->second->Where), "it acquires the lock here", DiagnosticIDs::Note);
  });
}

} // namespace ward
