// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "guard/MisplacedMutexCheck.h"

#include "flow/locks/DestroyedLocks.h"
#include "model/Callables.h"
#include "model/LocalMutexes.h"
#include "model/MutexPlaces.h"
#include "model/Waits.h"

using namespace clang;

namespace ward {

void MisplacedMutexCheck::analyse(UnitFlow &Unit) {
  checkStaticGuards(Unit);
  llvm::DenseSet<const FunctionModel *> HasLocks; // itself, or a closure in it
  for (const auto &Function : Unit.model().functions())
    if (Function->touchesLocks())
      for (const FunctionModel *Around = Function.get(); Around && HasLocks.insert(Around).second;)
        Around = isClosure(Around->Function) ? Around->Enclosing : nullptr;
  for (const auto &Function : Unit.model().functions()) {
    if (!Function->IsPattern)
      checkCalls(*Function, Unit);
    if (HasLocks.contains(Function.get()))
      checkLocals(*Function, Unit);
    if (Function->IsPattern || !Function->touchesLocks())
      continue;
    checkCopies(*Function, Unit);
    checkDestructions(*Function, Unit);
  }
}

void MisplacedMutexCheck::checkStaticGuards(UnitFlow &Unit) {
  UnitModel &Model = Unit.model();
  for (const VarDecl *Variable : Model.staticVariables()) {
    if (Variable->getTSCSpec() != TSCS_unspecified && Model.types().mutex(Variable->getType()) && isOnlyLocked(Variable, Model) &&
        claim(Variable->getLocation(), Model.context().getSourceManager()))
      diag(Variable->getLocation(), "mutex %0 is thread_local; each thread locks its own mutex, which excludes no other thread") << Variable;
    if (Variable->getType()->isReferenceType() || !Model.types().guard(Variable->getType()))
      continue;
    Acquisition How = readAcquisition(Variable->getInit(), Variable->getType(), Model.types());
    if (How.mayHold() && claim(Variable->getLocation(), Model.context().getSourceManager()))
      diag(Variable->getLocation(), "guard %0 is %select{static|thread_local}1, so it holds its lock until the %select{program|thread}1 "
                                    "ends; other threads that need the lock are blocked as long")
          << Variable << (Variable->getTSCSpec() != TSCS_unspecified);
  }
}

void MisplacedMutexCheck::checkLocals(const FunctionModel &Function, UnitFlow &Unit) {
  UnitModel &Model = Unit.model();
  for (const VarDecl *Variable : localMutexes(Function, Model))
    if (claim(Variable->getLocation(), Model.context().getSourceManager()))
      diag(Variable->getLocation(), "mutex %0 is a local variable; each call locks its own mutex, which excludes no other thread") << Variable;
}

void MisplacedMutexCheck::checkCopies(const FunctionModel &Function, UnitFlow &Unit) {
  UnitModel &Model = Unit.model();
  llvm::SmallPtrSet<const VarDecl *, 4> Reported;
  for (const LockSite &Site : Unit.lockSets(Function).sites()) {
    if (Site.Guard && !Site.Guard->How.mayHold())
      continue;
    for (const LockRef &Ref : Site.Locked) {
      const VarDecl *Copy = Ref.Mutex ? copyBehind(*Ref.Mutex, Function, Model) : nullptr;
      if (!Copy || !Reported.insert(Copy).second)
        continue;
      if (!claim(Site.location(), Model.context().getSourceManager()))
        continue;
      diag(Site.location(),
           "mutex '%1' is %select{part of %2, which is a copy|a copy}0; locking it does not exclude threads that lock the original")
          << Ref.Mutex->steps().empty() << Ref.Mutex->print() << Copy;
      diag(Copy->getLocation(), "%select{copied here|passed by value here}0", DiagnosticIDs::Note) << isa<ParmVarDecl>(Copy);
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
             "a %select{condition variable|mutex}0 is copied here; threads that use the copy do not synchronise with threads that use "
             "the original")
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
    diag(Call->getExprLoc(), "condition variable '%0' is a copy; a notification of one does not wake a thread that waits for the other")
        << Path->print();
    diag(Copy->getLocation(), "%select{copied here|passed by value here}0", DiagnosticIDs::Note) << isa<ParmVarDecl>(Copy);
  }
}

void MisplacedMutexCheck::checkDestructions(const FunctionModel &Function, UnitFlow &Unit) {
  forEachDestroyedWhileHeld(Function, Unit, [&](const LifetimeEnd &End, const LockSite &Site, const AccessPath &Mutex) {
    if (!claim(End.Where, Unit.model().context().getSourceManager()))
      return;
    diag(End.Where, "mutex '%0' is %select{destroyed|moved}1 while it is held; its release is undefined behaviour") << Mutex.print() << End.Moves;
    diag(Site.location(), "acquired here", DiagnosticIDs::Note);
  });
}

} // namespace ward
