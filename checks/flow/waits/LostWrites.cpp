// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/waits/LostWrites.h"

using namespace clang;

namespace ward {
namespace {

bool mentionsState(const FunctionModel &Function, const Waiter &Waits, CatalogIndex &Names) {
  return llvm::any_of(Function.Accesses,
                      [&](const Expr *Access) { return llvm::is_contained(Waits.State, namedBy(pathOf(Access, Names))); });
}

} // namespace

LostWrites::LostWrites(UnitFlow &Flow) : All(Flow) {
  for (const auto &[Condvar, Use] : All.all()) {
    if (Use.Waiters.empty())
      continue;
    std::vector<LostWrite> Found = collect(Use, Flow);
    for (const LostWrite &One : Found)
      Places.insert(One.Write.Where);
    Writes[&Use] = std::move(Found);
  }
}

llvm::ArrayRef<LostWrite> LostWrites::of(const CondvarUse &Use) const {
  auto It = Writes.find(&Use);
  return It == Writes.end() ? llvm::ArrayRef<LostWrite>() : llvm::ArrayRef(It->second);
}

std::vector<LostWrite> LostWrites::collect(const CondvarUse &Use, UnitFlow &Flow) const {
  UnitModel &Unit = Flow.model();
  // A call of a function that only notifies is a notification.
  struct Place {
    const FunctionModel *In;
    const CallExpr *Call;
    const CallExpr *Notification;
    /// The function that notifies; null for the notification itself.
    const FunctionModel *Through;
  };
  llvm::SmallVector<Place, 8> Notified;
  for (const Notifier &Notifies : Use.Notifiers) {
    Notified.push_back({Notifies.In, Notifies.How.Call, Notifies.How.Call, nullptr});
    if (!Notifies.In->touchesLocks())
      for (const auto &Caller : Unit.functions())
        for (const CallExpr *Call : Caller->Calls)
          if (Unit.function(Call->getDirectCallee()) == Notifies.In && Caller.get() != Notifies.In)
            Notified.push_back({Caller.get(), Call, Notifies.How.Call, Notifies.In});
  }
  std::vector<LostWrite> Result;
  for (const Place &Notifies : Notified)
    for (const Waiter &Waits : Use.Waiters) {
      // A function that changes the state notifies of its own change.
      if (!Waits.Mutex || (Notifies.Through && mentionsState(*Notifies.Through, Waits, Unit.names())))
        continue;
      for (const UnlockedWrite &Write : unlockedWrites(*Notifies.In, Notifies.Call, Waits, Flow))
        Result.push_back({Write, &Waits, Notifies.Notification});
    }
  return Result;
}

LostWrites &UnitFlow::lostWrites() {
  if (!Lost)
    Lost = std::make_shared<LostWrites>(*this);
  return *Lost;
}

} // namespace ward
