// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef WARD_GUARD_MISPLACEDMUTEXCHECK_H
#define WARD_GUARD_MISPLACEDMUTEXCHECK_H

#include "base/WardCheck.h"

namespace ward {

/// Finds mutexes and guards that live in the wrong place: a mutex of one call alone, a guard that never ends, a mutex that
/// ends or moves while it is held, a lock taken on a copy.
class MisplacedMutexCheck : public WardCheck {
public:
  using WardCheck::WardCheck;
  void analyse(UnitFlow &Unit) override;

private:
  void checkStaticGuards(UnitFlow &Unit);
  void checkLocals(const FunctionModel &Function, UnitFlow &Unit);
  void checkCopies(const FunctionModel &Function, UnitFlow &Unit);
  /// Condition variables that are copies, and locks that are assigned to each other.
  void checkCalls(const FunctionModel &Function, UnitFlow &Unit);
  void checkEnds(const FunctionModel &Function, UnitFlow &Unit);
};

} // namespace ward

#endif // WARD_GUARD_MISPLACEDMUTEXCHECK_H
