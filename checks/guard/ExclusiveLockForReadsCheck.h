// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef WARD_GUARD_EXCLUSIVELOCKFORREADSCHECK_H
#define WARD_GUARD_EXCLUSIVELOCKFORREADSCHECK_H

#include "base/WardCheck.h"

namespace ward {

/// Finds exclusive locks on a shared mutex whose critical section only reads.
class ExclusiveLockForReadsCheck : public WardCheck {
public:
  using WardCheck::WardCheck;
  void analyse(UnitFlow &Unit) override;

private:
  void checkManualLocks(const FunctionModel &Function, UnitFlow &Unit);
  void checkGuard(const FunctionModel &Function, const GuardVariable &Guard, UnitFlow &Unit);
};

} // namespace ward

#endif // WARD_GUARD_EXCLUSIVELOCKFORREADSCHECK_H
