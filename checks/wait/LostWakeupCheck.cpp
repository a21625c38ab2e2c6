// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "wait/LostWakeupCheck.h"

#include "flow/waits/GoneCondvars.h"
#include "flow/waits/LostWrites.h"

using namespace clang;

namespace ward {
namespace {

/// The member that notifies all waiters where \p Member notifies one; empty if there is none.
llvm::StringRef notifyAllFor(const CondvarEntry &Entry, llvm::StringRef Member) {
  for (size_t I = 0; I != Entry.NotifyOne.size(); ++I)
    if (Entry.NotifyOne[I] == Member)
      return I < Entry.NotifyAll.size() ? llvm::StringRef(Entry.NotifyAll[I]) : llvm::StringRef();
  return {};
}

} // namespace

void LostWakeupCheck::analyse(UnitFlow &Unit) {
  for (const auto &[Condvar, Use] : Unit.lostWrites().waiters().all()) {
    if (Use.Waiters.empty())
      continue;
    checkMutexes(Condvar, Use, Unit);
    checkPredicates(Condvar, Use, Unit);
    checkWrites(Use, Unit);
    if (isa<FieldDecl>(Condvar))
      checkLifetime(Condvar, Use, Unit);
  }
}

/// The waiter has the condition variable, and goes as soon as it sees its condition.
void LostWakeupCheck::checkLifetime(const ValueDecl *Condvar, const CondvarUse &Use, UnitFlow &Unit) {
  for (const LateNotification &Late : lateNotifications(Use, Unit)) {
    if (!claim(Late.Notification->getExprLoc(), Unit.model().context().getSourceManager()))
      continue;
    diag(Late.Notification->getExprLoc(), "possible use-after-free: %0 is notified when the mutex is released already, and the waiter, which owns it, "
                                          "may have destroyed it by then; notify while holding the mutex")
        << Condvar;
    diag(Late.Owner->getLocation(), "the waiter's %0 is destroyed when its scope ends", DiagnosticIDs::Note) << Late.Owner;
    diag(Late.Waits->Wait.Call->getExprLoc(), "waits for it here", DiagnosticIDs::Note);
  }
}

void LostWakeupCheck::checkMutexes(const ValueDecl *Condvar, const CondvarUse &Use, UnitFlow &Unit) {
  const Waiter *First = nullptr;
  for (const Waiter &One : Use.Waiters) {
    if (!One.Mutex)
      continue;
    if (!First) {
      First = &One;
      continue;
    }
    if (One.Mutex == First->Mutex || !claim(One.Wait.Call->getExprLoc(), Unit.model().context().getSourceManager()))
      continue;
    diag(One.Wait.Call->getExprLoc(), "possible lost wakeup: this wait on %0 uses mutex %1, but another one uses %2; holding one of them does "
                                      "not exclude the waiter with the other")
        << Condvar << One.Mutex << First->Mutex;
    diag(First->Wait.Call->getExprLoc(), "waits with %0 here", DiagnosticIDs::Note) << First->Mutex;
  }
}

void LostWakeupCheck::checkPredicates(const ValueDecl *Condvar, const CondvarUse &Use, UnitFlow &Unit) {
  const Waiter *A = nullptr, *B = nullptr;
  for (const Waiter &One : Use.Waiters)
    for (const Waiter &Other : Use.Waiters)
      if (!A && One.In != Other.In && !One.Alternatives.empty() && !Other.Alternatives.empty() &&
          llvm::none_of(One.Alternatives, [&](const std::string &What) { return llvm::is_contained(Other.Alternatives, What); }))
        A = &One, B = &Other;
  if (!A)
    return;
  for (const Notifier &One : Use.Notifiers) {
    SourceLocation Location = One.How.Call->getExprLoc();
    if (!One.How.One || !claim(Location, Unit.model().context().getSourceManager()))
      continue;
    {
      auto Diag = diag(Location, "possible lost wakeup: this notifies one waiter of %0, but its waiters wait for different conditions; the waiter "
                                 "whose condition holds may not wake")
                  << Condvar;
      const FunctionDecl *Callee = One.How.Call->getDirectCallee();
      llvm::StringRef All = One.How.Entry && Callee ? notifyAllFor(*One.How.Entry, Callee->getName()) : llvm::StringRef();
      if (!All.empty() && !Location.isMacroID())
        Diag << FixItHint::CreateReplacement(SourceRange(Location), All);
    }
    diag(A->Wait.Call->getExprLoc(), "waits for one condition here", DiagnosticIDs::Note);
    diag(B->Wait.Call->getExprLoc(), "waits for another condition here", DiagnosticIDs::Note);
  }
}

void LostWakeupCheck::checkWrites(const CondvarUse &Use, UnitFlow &Unit) {
  for (const LostWrite &Lost : Unit.lostWrites().of(Use)) {
    if (!claim(Lost.Write.Where->getExprLoc(), Unit.model().context().getSourceManager()))
      continue;
    diag(Lost.Write.Where->getExprLoc(), "possible lost wakeup: %0 is written without holding %1, which the waiter holds; a waiter between its "
                                         "check and its wait misses the notification")
        << Lost.Write.State << Lost.Waits->Mutex;
    diag(Lost.Waits->Wait.Call->getExprLoc(), "waits for it here", DiagnosticIDs::Note);
    diag(Lost.Notification->getExprLoc(), "notified here", DiagnosticIDs::Note);
  }
}

} // namespace ward
