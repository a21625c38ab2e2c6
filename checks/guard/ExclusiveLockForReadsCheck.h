// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef WARD_GUARD_EXCLUSIVELOCKFORREADSCHECK_H
#define WARD_GUARD_EXCLUSIVELOCKFORREADSCHECK_H

#include "base/WardCheck.h"

namespace ward {

/// Finds write locks on a shared mutex under which everything is only read.
class ExclusiveLockForReadsCheck : public WardCheck {
public:
  using WardCheck::WardCheck;
  void analyse(UnitFlow &Unit) override;

private:
  void checkByHand(const FunctionModel &Function, UnitFlow &Unit);
  void checkGuard(const FunctionModel &Function, const GuardVariable &Guard, UnitFlow &Unit);
};

} // namespace ward

#endif // WARD_GUARD_EXCLUSIVELOCKFORREADSCHECK_H
