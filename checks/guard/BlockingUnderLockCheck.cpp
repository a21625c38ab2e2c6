// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "guard/BlockingUnderLockCheck.h"

#include "base/ChainNotes.h"
#include "model/Blocking.h"
#include "model/Records.h"
#include "model/ThreadHandle.h"

using namespace clang;

namespace ward {
namespace {

/// \p Record or a base of it has a mutex as a member.
bool hasMutex(const RecordDecl *Record, LockTypes &Types) {
  Record = definitionOf(Record);
  if (!Record)
    return false;
  return llvm::any_of(Record->fields(), [&](const FieldDecl *Field) { return Types.mutex(Field->getType()) != nullptr; }) ||
         llvm::any_of(basesOf(Record),
                      [&](const CXXBaseSpecifier &Base) { return hasMutex(Base.getType()->getAsRecordDecl(), Types); });
}

/// An argument of \p Call is a stream or descriptor in an object that also has a mutex, whose purpose is to serialise that I/O.
bool usesGuardedStream(const Expr *Call, UnitModel &Unit) {
  const auto *Function = dyn_cast<CallExpr>(Call);
  return Function && llvm::any_of(CallSite::of(Function).Arguments, [&](const Expr *Argument) {
           std::optional<AccessPath> Path = pathOf(Argument, Unit.names());
           if (!Path || Path->root() || Path->steps().size() != 1 || !Path->lastField())
             return false;
           return hasMutex(Path->lastField()->getParent(), Unit.types());
         });
}

} // namespace

BlockingUnderLockCheck::BlockingUnderLockCheck(llvm::StringRef Name, tidy::ClangTidyContext *Context)
    : WardCheck(Name, Context), FileStreams(boolOption("FileStreams", false)), Console(boolOption("Console", false)),
      OwnStreams(boolOption("OwnStreams", true)) {}

void BlockingUnderLockCheck::storeOptions(tidy::ClangTidyOptions::OptionMap &Opts) {
  Options.store(Opts, "FileStreams", FileStreams ? "true" : "false");
  Options.store(Opts, "Console", Console ? "true" : "false");
  Options.store(Opts, "OwnStreams", OwnStreams ? "true" : "false");
  WardCheck::storeOptions(Opts);
}

std::optional<Action> BlockingUnderLockCheck::blockingAction(const Expr *E, const FunctionModel &In, UnitModel &Unit) const {
  std::optional<BlockingCall> Call = blockingCall(E, In, Unit);
  if (!Call || Call->Kind == BlockingKind::Never || (Call->Kind == BlockingKind::Stream && !FileStreams) ||
      (Call->Kind == BlockingKind::Console && !Console))
    return std::nullopt;
  if (Call->Kind == BlockingKind::Io && !OwnStreams && usesGuardedStream(E, Unit))
    return std::nullopt;
  Action Result{E->getExprLoc(), Call->Name, verbOf(Call->Kind).str(), {}};
  Result.ReleasesOne = Call->Kind == BlockingKind::Condvar && Call->Releases.empty();
  for (const Expr *Released : Call->Releases) {
    std::optional<AccessPath> Path = pathOf(Released, Unit.names());
    if (!Path) {
      Result.ReleasesOne = true;
      continue;
    }
    // A guard is also known by the mutexes that it locks, which are what callers name.
    if (const GuardVariable *Guard = Path->root() && Path->steps().empty() ? In.guardVariable(Path->root()) : nullptr)
      for (const LockRef &Ref : Guard->How.Locked)
        if (Ref.Mutex)
          Result.Released.push_back(*Ref.Mutex);
    Result.Released.push_back(std::move(*Path));
  }
  return Result;
}

void BlockingUnderLockCheck::analyse(UnitFlow &Unit) {
  UnitModel &Model = Unit.model();
  if (llvm::none_of(Model.functions(), [](const auto &Function) { return Function->touchesLocks(); }))
    return;
  const SourceManager &Sources = Model.context().getSourceManager();
  Reported.clear();
  checkHandles(Unit); // first: its finding is where the thread starts
  CallChains Chains(Unit, [&](const Expr *E, const FunctionModel &In) { return blockingAction(E, In, Model); });
  Chains.followDestructions(verbOf(BlockingKind::Join));
  Chains.underLock([&](const FunctionModel &, const ChainStep &At, const CallChain &Chain, llvm::ArrayRef<HeldLock> Locks) {
    report(At, Chain, Locks, Sources);
  });
}

void BlockingUnderLockCheck::report(const ChainStep &At, const CallChain &Chain, llvm::ArrayRef<HeldLock> Locks,
                                    const SourceManager &Sources) {
  std::string Callee = nameOfFirst(Chain);
  // Twenty calls of fprintf under one lock are one finding.
  if (Reported.contains({Locks.front().AcquiredAt, Callee}) || !claim(At.Where, Sources))
    return;
  Reported.insert({Locks.front().AcquiredAt, Callee});
  diag(At.Where, "%0 %1 while holding %2; other threads that need the lock are blocked meanwhile")
      << Callee << (Chain.Calls.empty() || Chain.Does.Where == At.Where ? Chain.Does.Does : "may block") << namesOf(Locks);
  noteChain(Chain, Locks, [&](SourceLocation Where, const std::string &Text) { diag(Where, "%0", DiagnosticIDs::Note) << Text; });
}

void BlockingUnderLockCheck::checkHandles(UnitFlow &Unit) {
  UnitModel &Model = Unit.model();
  const SourceManager &Sources = Model.context().getSourceManager();
  for (const Spawn &Started : Unit.spawns().all()) {
    if (!Started.In || Started.In->IsPattern || !Started.In->touchesLocks() || Started.End != ThreadEnd::Handle)
      continue;
    HandlePlace Place = placeOf(Started, Model.names());
    QualType Type = Place.Type.isNull() ? Started.Site->getType() : Place.Type;
    if (destructionOf(Type, Model) != HandleDestruction::Joins ||
        (Place.Kind != HandlePlace::Dropped && Place.Kind != HandlePlace::Local))
      continue;
    const ThreadEntry *Entry = Place.Kind == HandlePlace::Dropped ? Model.names().thread(classOf(Started.Site->getType())) : nullptr;
    if (Entry && !Entry->JoinOnce && isAlsoOn("ward-thread-lifecycle"))
      continue; // that check reports every discarded future
    if (Place.Kind == HandlePlace::Local && (!Place.Variable || isJoinedOrTransferred(Place.Variable, *Started.In, Model.names())))
      continue;
    const LockSets &Held = Unit.lockSets(*Started.In);
    llvm::SmallVector<HeldLock, 2> Locks;
    auto AddHeld = [&](const LockSet &State) {
      for (unsigned Index : State.May.set_bits()) {
        HeldLock Lock = heldLockOf(Held.sites()[Index]);
        if (llvm::none_of(Locks, [&](const HeldLock &Other) { return Other.AcquiredAt == Lock.AcquiredAt; }))
          Locks.push_back(std::move(Lock));
      }
    };
    Held.forEachElement([&](const CFGElement &Element, const LockSet &State) {
      if (std::optional<CFGAutomaticObjDtor> Dtor = Element.getAs<CFGAutomaticObjDtor>()) {
        if (Place.Kind == HandlePlace::Local && Dtor->getVarDecl() == Place.Variable)
          AddHeld(State);
      } else if (std::optional<CFGStmt> S = Element.getAs<CFGStmt>()) {
        if (Place.Kind == HandlePlace::Dropped && S->getStmt() == Started.Site)
          AddHeld(State);
      }
    });
    SourceLocation Location = Place.Kind == HandlePlace::Local ? Place.Variable->getLocation() : Started.Site->getExprLoc();
    if (Locks.empty() || !claim(Location, Sources))
      continue;
    diag(Location, "the thread started here is joined %select{at the end of the statement|when its handle goes out of scope}0, while "
                   "holding %1; other threads that need the lock are blocked meanwhile")
        << (Place.Kind == HandlePlace::Local) << namesOf(Locks);
    for (const HeldLock &Lock : Locks)
      diag(Lock.AcquiredAt, "%select{the lock|'%1'}0 is acquired here", DiagnosticIDs::Note) << !Lock.Name.empty() << Lock.Name;
  }
}

} // namespace ward
