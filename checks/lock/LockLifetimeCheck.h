// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef WARD_LOCK_LOCKLIFETIMECHECK_H
#define WARD_LOCK_LOCKLIFETIMECHECK_H

#include "base/WardCheck.h"

namespace ward {

class LockStates;

/// Finds locks that are used before their initialisation or after their destruction, copied, destroyed while held, and released by a thread that does not hold them or in the wrong mode.
class LockLifetimeCheck : public WardCheck {
public:
  using WardCheck::WardCheck;
  void analyse(UnitFlow &Unit) override;

private:
  void checkStates(const FunctionModel &Function, LockStates &States, UnitFlow &Unit);
  void checkDestructions(const FunctionModel &Function, UnitFlow &Unit);
  void checkReleases(const FunctionModel &Function, UnitFlow &Unit);
  void checkCopies(const FunctionModel &Function, UnitFlow &Unit);
  void checkThreads(const Spawn &Started, UnitFlow &Unit);
};

} // namespace ward

#endif // WARD_LOCK_LOCKLIFETIMECHECK_H
