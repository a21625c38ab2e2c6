// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The changes of which a waiter may miss the notification.
#ifndef WARD_FLOW_WAITS_LOSTWRITES_H
#define WARD_FLOW_WAITS_LOSTWRITES_H

#include "flow/waits/UnlockedWrites.h"
#include "llvm/ADT/DenseSet.h"

namespace ward {

/// One change without the mutex of those who wait for it, followed by a notification.
struct LostWrite {
  UnlockedWrite Write;
  const Waiter *Waits;
  const clang::CallExpr *Notification;
};

/// All of them in one unit, with what its condition variables are used for.
class LostWrites {
public:
  explicit LostWrites(UnitFlow &Flow);

  const Waiters &waiters() const { return All; }
  /// Those of the condition variable whose use is \p Use.
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
