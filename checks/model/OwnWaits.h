// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Waits through the user's own condition variables: functions that only wait for their caller, with a lock that the
/// caller holds.
#ifndef WARD_MODEL_OWNWAITS_H
#define WARD_MODEL_OWNWAITS_H

#include "model/UnitModel.h"
#include "model/Waits.h"

namespace ward {

/// \p Function does nothing but \p Wait, perhaps with a deadline, bookkeeping or a result around it: the lock and the
/// state are its caller's.
bool onlyWaits(const FunctionModel &Function, const clang::CallExpr *Wait, UnitModel &Unit);

/// A function that releases a lock of its caller's, waits, and reacquires it.
struct OwnWait {
  /// The wait in it.
  WaitCall Inside;
  /// The parameters that are, or contain, the condition variable, the lock or guard, and the predicate; -1 for none of
  /// them.
  int Condvar = -1, Lock = -1, Predicate = -1;
  /// The condition variable is a member of its object.
  bool CondvarOfThis = false;
  /// So is the mutex, which the caller holds as it holds the object: a monitor.
  bool LockOfThis = false;
};

/// The functions of a unit that only wait, each examined once.
class OwnWaits {
public:
  explicit OwnWaits(UnitModel &Unit) : Unit(Unit) {}

  /// Null if \p Function is none, or unknown.
  const OwnWait *of(const FunctionModel *Function);
  /// The notification that \p Function does nothing but make, of a condition variable of its object or its argument;
  /// null if none.
  const Notification *notificationIn(const FunctionModel *Function);

private:
  std::optional<OwnWait> examine(const FunctionModel &Function);
  std::optional<Notification> examineNotification(const FunctionModel &Function);

  UnitModel &Unit;
  llvm::DenseMap<const FunctionModel *, std::unique_ptr<OwnWait>> Known;
  llvm::DenseMap<const FunctionModel *, std::unique_ptr<Notification>> Notifying;
  unsigned Depth = 0;
};

/// The wait that \p Call is: on a condition variable of a library, or on one of the user's, whose function only waits.
std::optional<WaitCall> waitOf(const clang::CallExpr *Call, UnitModel &Unit);

/// The same of notifications.
std::optional<Notification> notificationOf(const clang::CallExpr *Call, UnitModel &Unit);

} // namespace ward

#endif // WARD_MODEL_OWNWAITS_H
