// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "wait/LostWakeupCheck.h"

#include "flow/waits/LostWrites.h"

using namespace clang;

namespace ward {
namespace {

/// The member that wakes all where \p Member wakes one; empty if there is none.
llvm::StringRef wakesAll(const CondvarEntry &Entry, llvm::StringRef Member) {
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
    diag(One.Wait.Call->getExprLoc(), "waits on %0 with the mutex %1, while another wait on it uses %2") << Condvar << One.Mutex << First->Mutex;
    diag(First->Wait.Call->getExprLoc(), "the other wait", DiagnosticIDs::Note);
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
      auto Diag = diag(Location, "one waiter is woken, perhaps one that waits for something else on %0, and goes on waiting") << Condvar;
      const FunctionDecl *Callee = One.How.Call->getDirectCallee();
      llvm::StringRef All = One.How.Entry && Callee ? wakesAll(*One.How.Entry, Callee->getName()) : llvm::StringRef();
      if (!All.empty() && !Location.isMacroID())
        Diag << FixItHint::CreateReplacement(SourceRange(Location), All);
    }
    diag(A->Wait.Call->getExprLoc(), "here one thing is waited for", DiagnosticIDs::Note);
    diag(B->Wait.Call->getExprLoc(), "here another", DiagnosticIDs::Note);
  }
}

void LostWakeupCheck::checkWrites(const CondvarUse &Use, UnitFlow &Unit) {
  for (const LostWrite &Lost : Unit.lostWrites().of(Use)) {
    if (!claim(Lost.Write.Where->getExprLoc(), Unit.model().context().getSourceManager()))
      continue;
    diag(Lost.Write.Where->getExprLoc(), "%0 is changed without %1, which those who wait for it hold: a waiter that has just looked, and "
                                         "does not wait yet, misses the notification")
        << Lost.Write.State << Lost.Waits->Mutex;
    diag(Lost.Waits->Wait.Call->getExprLoc(), "it is waited for here", DiagnosticIDs::Note);
    diag(Lost.Notification->getExprLoc(), "the notification is here", DiagnosticIDs::Note);
  }
}

} // namespace ward
