// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/locks/OnlyTriedLocks.h"

#include "flow/UnitFlow.h"

using namespace clang;

namespace ward {

const ValueDecl *OnlyTriedLocks::declarationOf(const LockRef &Lock) {
  if (!Lock.Mutex)
    return Lock.Member ? patternOf(Lock.Member) : nullptr;
  if (const FieldDecl *Field = Lock.Mutex->lastField())
    return patternOf(Field);
  return Lock.Mutex->steps().empty() ? Lock.Mutex->root() : nullptr;
}

OnlyTriedLocks::OnlyTriedLocks(UnitFlow &Flow) {
  llvm::DenseSet<const ValueDecl *> Waited;
  auto IsHidden = [](const ValueDecl *Mutex) {
    if (isa<FieldDecl>(Mutex))
      return Mutex->getAccess() == AS_private || !cast<FieldDecl>(Mutex)->getParent()->isExternallyVisible();
    return !Mutex->isExternallyVisible() && !isa<ParmVarDecl>(Mutex) && !Mutex->getType()->isReferenceType();
  };
  for (const auto &Function : Flow.model().functions()) {
    if (!Function->touchesLocks())
      continue;
    const LockSets &Locks = Flow.lockSets(*Function);
    auto Note = [&](const LockSite &Site, bool Tries) {
      for (const LockRef &Ref : Site.Locked)
        if (const ValueDecl *Mutex = declarationOf(Ref))
          (Tries && IsHidden(Mutex) ? Tried : Waited).insert(Mutex);
    };
    if (!Locks.known())
      for (const LockSite &Site : Locks.sites())
        Note(Site, /*Tries=*/false);
    Locks.forEachAcquisition(
        [&](const AcquisitionPoint &Point, const LockSet &) { Note(Locks.sites()[Point.Site], Point.Tries); });
    // What is adopted, or required, was acquired somewhere.
    for (const LockSite &Site : Locks.sites())
      if (Site.Guard && Site.Guard->How.Kind == Acquisition::Adopts)
        Note(Site, /*Tries=*/false);
    // Other code that gets the mutex may wait for it.
    for (const CallExpr *Call : Function->Calls)
      if (!Flow.model().types().effectOf(Call))
        for (const Expr *Argument : CallSite::of(Call).Arguments)
          if (Flow.model().types().mutex(Argument->getType()))
            if (std::optional<AccessPath> Path = pathOf(Argument, Flow.model().names()))
              if (const ValueDecl *Mutex = declarationOf(lockAt(Path, LockMode::Exclusive, Flow.model().types())))
                Waited.insert(Mutex);
  }
  for (const ValueDecl *Mutex : Waited)
    Tried.erase(Mutex);
}

} // namespace ward
