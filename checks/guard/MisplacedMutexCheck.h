// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef WARD_GUARD_MISPLACEDMUTEXCHECK_H
#define WARD_GUARD_MISPLACEDMUTEXCHECK_H

#include "base/WardCheck.h"

namespace ward {

/// Finds local mutexes, static guards, mutexes that are destroyed or moved while held, and locks on a copy of a mutex.
class MisplacedMutexCheck : public WardCheck {
public:
  using WardCheck::WardCheck;
  void analyse(UnitFlow &Unit) override;

private:
  void checkStaticGuards(UnitFlow &Unit);
  void checkLocals(const FunctionModel &Function, UnitFlow &Unit);
  void checkCopies(const FunctionModel &Function, UnitFlow &Unit);
  /// Condition variables that are copies, and mutexes and condition variables that are assigned.
  void checkCalls(const FunctionModel &Function, UnitFlow &Unit);
  void checkDestructions(const FunctionModel &Function, UnitFlow &Unit);
};

} // namespace ward

#endif // WARD_GUARD_MISPLACEDMUTEXCHECK_H
