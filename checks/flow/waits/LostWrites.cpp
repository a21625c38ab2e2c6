// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/waits/LostWrites.h"

using namespace clang;

namespace ward {

bool mentionsState(const FunctionModel &Function, const Waiter &Waits, CatalogIndex &Names) {
  return llvm::any_of(Function.Accesses,
                      [&](const Expr *Access) { return llvm::is_contained(Waits.State, namedBy(pathOf(Access, Names))); });
}

llvm::SmallVector<NotifiedAt, 8> notifiedAt(const CondvarUse &Use, UnitFlow &Flow) {
  UnitModel &Unit = Flow.model();
  llvm::SmallVector<NotifiedAt, 8> Result;
  for (const Notifier &Notifies : Use.Notifiers) {
    Result.push_back({Notifies.In, Notifies.How.Call, Notifies.How.Call, nullptr});
    if (!Notifies.In->touchesLocks())
      for (const auto &Caller : Unit.functions())
        for (const CallExpr *Call : Caller->Calls)
          if (Unit.function(Call->getDirectCallee()) == Notifies.In && Caller.get() != Notifies.In)
            Result.push_back({Caller.get(), Call, Notifies.How.Call, Notifies.In});
  }
  return Result;
}

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
  std::vector<LostWrite> Result;
  for (const NotifiedAt &Notifies : notifiedAt(Use, Flow))
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
