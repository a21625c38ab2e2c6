// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "wait/LostWakeupCheck.h"

#include "flow/UnlockedWrites.h"

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

bool mentionsState(const FunctionModel &Function, const Waiter &Waits, CatalogIndex &Names) {
  return llvm::any_of(Function.Accesses,
                      [&](const Expr *Access) { return llvm::is_contained(Waits.State, namedBy(pathOf(Access, Names))); });
}

} // namespace

void LostWakeupCheck::analyse(UnitFlow &Unit) {
  Waiters All(Unit);
  for (const auto &[Condvar, Use] : All.all()) {
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
  for (const Waker &One : Use.Wakers) {
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
  // Those who call a function that only notifies notify by that.
  struct Place {
    const FunctionModel *In;
    const CallExpr *Call;
    const CallExpr *Notification;
    /// The function that was called for it; null for the notification itself.
    const FunctionModel *Through;
  };
  llvm::SmallVector<Place, 8> Places;
  for (const Waker &Wakes : Use.Wakers) {
    Places.push_back({Wakes.In, Wakes.How.Call, Wakes.How.Call, nullptr});
    if (!Wakes.In->touchesLocks())
      for (const auto &Caller : Unit.model().functions())
        for (const CallExpr *Call : Caller->Calls)
          if (Unit.model().function(Call->getDirectCallee()) == Wakes.In && Caller.get() != Wakes.In)
            Places.push_back({Caller.get(), Call, Wakes.How.Call, Wakes.In});
  }
  for (const Place &Wakes : Places)
    for (const Waiter &Waits : Use.Waiters) {
      // Who changes the state himself notifies of that change.
      if (!Waits.Mutex || (Wakes.Through && mentionsState(*Wakes.Through, Waits, Unit.model().names())))
        continue;
      for (const UnlockedWrite &Write : unlockedWrites(*Wakes.In, Wakes.Call, Waits, Unit)) {
        if (!claim(Write.Where->getExprLoc(), Unit.model().context().getSourceManager()))
          continue;
        diag(Write.Where->getExprLoc(), "%0 is changed without %1, which those who wait for it hold: a waiter that has just looked, and "
                                        "does not wait yet, misses the notification")
            << Write.State << Waits.Mutex;
        diag(Waits.Wait.Call->getExprLoc(), "it is waited for here", DiagnosticIDs::Note);
        diag(Wakes.Notification->getExprLoc(), "the notification is here", DiagnosticIDs::Note);
      }
    }
}

} // namespace ward
