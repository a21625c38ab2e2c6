// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef WARD_GUARD_DISCARDEDGUARDCHECK_H
#define WARD_GUARD_DISCARDEDGUARDCHECK_H

#include "base/WardCheck.h"

namespace ward {

/// Finds lock guards and results of lock operations that are discarded, so that the code that follows runs without the lock.
class DiscardedGuardCheck : public WardCheck {
public:
  using WardCheck::WardCheck;
  void analyse(UnitFlow &Unit) override;

private:
  void checkDiscarded(const FunctionModel &Function, const DiscardedValue &Discarded, UnitFlow &Unit, unsigned &Fixes);
  /// A named guard would still hold the lock where the block acquires it again.
  bool isAcquiredAgain(const FunctionModel &Function, const DiscardedValue &Discarded, const Acquisition &How, UnitFlow &Unit);
  /// Reports \p Variable, which has the name of the mutex that it was meant to lock.
  void reportDeclaration(const FunctionModel &Function, const clang::VarDecl *Variable, LockTypes &Types);
  void checkVariable(const FunctionModel &Function, const GuardVariable &Guard, UnitFlow &Unit);
};

} // namespace ward

#endif // WARD_GUARD_DISCARDEDGUARDCHECK_H
