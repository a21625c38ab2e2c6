// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef WARD_WAIT_LOSTWAKEUPCHECK_H
#define WARD_WAIT_LOSTWAKEUPCHECK_H

#include "base/WardCheck.h"
#include "flow/waits/Waiters.h"

namespace ward {

/// Finds lost wakeups: state changed without the waiter's mutex, two mutexes for one condition variable, notify_one where waiters
/// wait for different conditions.
class LostWakeupCheck : public WardCheck {
public:
  using WardCheck::WardCheck;
  void analyse(UnitFlow &Unit) override;

private:
  void checkMutexes(const clang::ValueDecl *Condvar, const CondvarUse &Use, UnitFlow &Unit);
  void checkPredicates(const clang::ValueDecl *Condvar, const CondvarUse &Use, UnitFlow &Unit);
  void checkLifetime(const clang::ValueDecl *Condvar, const CondvarUse &Use, UnitFlow &Unit);
  void checkWrites(const CondvarUse &Use, UnitFlow &Unit);
};

} // namespace ward

#endif // WARD_WAIT_LOSTWAKEUPCHECK_H
