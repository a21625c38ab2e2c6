// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Condition variables that their waiter owns, and may have destroyed before another thread notifies them.
#ifndef WARD_FLOW_WAITS_GONECONDVARS_H
#define WARD_FLOW_WAITS_GONECONDVARS_H

#include "flow/waits/Waiters.h"

namespace ward {

/// A notification after the mutex was released: the waiter may have seen its condition, returned, and destroyed the object.
struct LateNotification {
  const clang::CallExpr *Notification;
  /// The waiter's local variable that has the condition variable, and its wait.
  const clang::VarDecl *Owner;
  const Waiter *Waits;
};

/// Those of \p Use, whose condition variable is a member.
std::vector<LateNotification> lateNotifications(const CondvarUse &Use, UnitFlow &Flow);

/// \p Call notifies while no lock is held.
bool notifiesWithoutLock(const clang::CallExpr *Call, const FunctionModel &In, UnitFlow &Flow);

} // namespace ward

#endif // WARD_FLOW_WAITS_GONECONDVARS_H
