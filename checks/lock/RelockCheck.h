// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef WARD_LOCK_RELOCKCHECK_H
#define WARD_LOCK_RELOCKCHECK_H

#include "base/WardCheck.h"
#include "flow/locks/AcquiredLocks.h"

namespace ward {

/// Finds locks that are acquired again by the thread that already holds them.
class RelockCheck : public WardCheck {
public:
  using WardCheck::WardCheck;
  void analyse(UnitFlow &Unit) override;

private:
  void checkOwn(const FunctionModel &Function, UnitFlow &Unit);
  void checkCalls(const FunctionModel &Function, UnitFlow &Unit);
  void checkCall(const FunctionModel &Function, const CallEdge &Edge, UnitFlow &Unit);
  void checkExclusions(const FunctionModel &Function, UnitFlow &Unit);
  void noteAcquired(const FunctionModel &Function, const LockRef &Held, UnitFlow &Unit);
};

} // namespace ward

#endif // WARD_LOCK_RELOCKCHECK_H
