// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "guard/MisplacedMutexCheck.h"

#include "model/MutexPlaces.h"
#include "model/Waits.h"

using namespace clang;

namespace ward {

void MisplacedMutexCheck::analyse(UnitFlow &Unit) {
  checkStaticGuards(Unit);
  for (const auto &Function : Unit.model().functions()) {
    if (!Function->IsPattern)
      checkCalls(*Function, Unit);
    if (!Function->touchesLocks())
      continue;
    checkLocals(*Function, Unit);
    if (Function->IsPattern)
      continue;
    checkCopies(*Function, Unit);
    checkEnds(*Function, Unit);
  }
}

void MisplacedMutexCheck::checkStaticGuards(UnitFlow &Unit) {
  UnitModel &Model = Unit.model();
  for (const VarDecl *Variable : Model.staticVariables()) {
    if (Variable->getType()->isReferenceType() || !Model.types().guard(Variable->getType()))
      continue;
    Acquisition How = readAcquisition(Variable->getInit(), Variable->getType(), Model.types());
    if (How.mayHold() && claim(Variable->getLocation(), Model.context().getSourceManager()))
      diag(Variable->getLocation(), "the lock of %0 is held until %select{the program|its thread}1 ends, as this guard is")
          << Variable << (Variable->getTSCSpec() != TSCS_unspecified);
  }
}

void MisplacedMutexCheck::checkLocals(const FunctionModel &Function, UnitFlow &Unit) {
  UnitModel &Model = Unit.model();
  for (const VarDecl *Variable : localMutexes(Function, Model))
    if (claim(Variable->getLocation(), Model.context().getSourceManager()))
      diag(Variable->getLocation(), "each call of this function has a mutex %0 of its own, which keeps no other thread out") << Variable;
}

void MisplacedMutexCheck::checkCopies(const FunctionModel &Function, UnitFlow &Unit) {
  UnitModel &Model = Unit.model();
  llvm::SmallPtrSet<const VarDecl *, 4> Told;
  for (const LockSite &Site : Unit.lockSets(Function).sites()) {
    if (Site.Guard && !Site.Guard->How.mayHold())
      continue;
    for (const LockRef &Ref : Site.Locked) {
      const VarDecl *Copy = Ref.Mutex ? copyBehind(*Ref.Mutex, Function, Model) : nullptr;
      if (!Copy || !Told.insert(Copy).second)
        continue;
      if (!claim(Site.location(), Model.context().getSourceManager()))
        continue;
      diag(Site.location(),
           "the lock is taken on a copy: %select{the mutex '%1' of %2 is not the one|'%1' is not the mutex}0 that others lock")
          << Ref.Mutex->steps().empty() << Ref.Mutex->print() << Copy;
      diag(Copy->getLocation(), "%select{copied here|copied for each call}0", DiagnosticIDs::Note) << isa<ParmVarDecl>(Copy);
    }
  }
}

void MisplacedMutexCheck::checkCalls(const FunctionModel &Function, UnitFlow &Unit) {
  UnitModel &Model = Unit.model();
  const SourceManager &Sources = Model.context().getSourceManager();
  for (const CallExpr *Call : Function.Calls) {
    if (const Expr *Source = mutexAssignedFrom(Call, Model)) {
      if (claim(Call->getExprLoc(), Sources))
        diag(Call->getExprLoc(),
             "a %select{condition variable|mutex}0 is copied here: who uses the copy meets none of those who use the other")
            << (Model.types().mutex(Source->getType()) != nullptr);
      continue;
    }
    const Expr *Condvar = nullptr;
    if (std::optional<WaitCall> Wait = waitOf(Call, Model.names()))
      Condvar = Wait->Condvar;
    else if (std::optional<Notification> Notifies = notificationOf(Call, Model.names()))
      Condvar = Notifies->Condvar;
    std::optional<AccessPath> Path = Condvar ? pathOf(Condvar, Model.names()) : std::nullopt;
    const VarDecl *Copy = Path ? copyBehind(*Path, Function, Model) : nullptr;
    if (!Copy || !claim(Call->getExprLoc(), Sources))
      continue;
    diag(Call->getExprLoc(), "the condition variable '%0' is a copy: who waits on it and who notifies the other one do not meet")
        << Path->print();
    diag(Copy->getLocation(), "%select{copied here|copied for each call}0", DiagnosticIDs::Note) << isa<ParmVarDecl>(Copy);
  }
}

void MisplacedMutexCheck::checkEnds(const FunctionModel &Function, UnitFlow &Unit) {
  UnitModel &Model = Unit.model();
  const LockSets &Held = Unit.lockSets(Function);
  Held.forEach([&](const Stmt *S, const LockSet &State) {
    if (State.May.none())
      return;
    std::optional<LifetimeEnd> End = lifetimeEnd(S, Model);
    if (!End)
      return;
    for (unsigned Index : State.May.set_bits()) {
      if (State.Renamed.test(Index))
        continue;
      const LockSite &Site = Held.sites()[Index];
      for (const LockRef &Ref : Site.Locked) {
        if (!Ref.Mutex || !liesIn(*Ref.Mutex, End->Object, End->ThroughPointers) || !claim(End->Where, Model.context().getSourceManager()))
          continue;
        diag(End->Where, "the mutex '%0' is %select{destroyed|moved}1 while it is held") << Ref.Mutex->print() << End->Moves;
        diag(Site.location(), "locked here", DiagnosticIDs::Note);
      }
    }
  });
}

} // namespace ward
