// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Writes to awaited state whose notification a waiter may miss.
#ifndef WARD_FLOW_WAITS_LOSTWRITES_H
#define WARD_FLOW_WAITS_LOSTWRITES_H

#include "flow/waits/UnlockedWrites.h"
#include "llvm/ADT/DenseSet.h"

namespace ward {

/// One write without the mutex of the waiter, followed by a notification.
struct LostWrite {
  UnlockedWrite Write;
  const Waiter *Waits;
  const clang::CallExpr *Notification;
};

/// A notification, or a call of a function that only notifies.
struct NotifiedAt {
  const FunctionModel *In;
  const clang::CallExpr *Call;
  const clang::CallExpr *Notification;
  /// The function that notifies; null for the notification itself.
  const FunctionModel *Through;
};

/// The notifications of \p Use, with the calls that lead to one.
llvm::SmallVector<NotifiedAt, 8> notifiedAt(const CondvarUse &Use, UnitFlow &Flow);

/// \p Function names the state that \p Waits waits for.
bool mentionsState(const FunctionModel &Function, const Waiter &Waits, CatalogIndex &Names);

/// All of them in one unit, with the uses of its condition variables.
class LostWrites {
public:
  explicit LostWrites(UnitFlow &Flow);

  const Waiters &waiters() const { return All; }
  /// Those of one condition variable, which is used by \p Use.
  llvm::ArrayRef<LostWrite> of(const CondvarUse &Use) const;
  bool contains(const clang::Expr *Where) const { return Places.contains(Where); }

private:
  std::vector<LostWrite> collect(const CondvarUse &Use, UnitFlow &Flow) const;

  Waiters All;
  llvm::DenseMap<const CondvarUse *, std::vector<LostWrite>> Writes;
  llvm::DenseSet<const clang::Expr *> Places;
};

} // namespace ward

#endif // WARD_FLOW_WAITS_LOSTWRITES_H
