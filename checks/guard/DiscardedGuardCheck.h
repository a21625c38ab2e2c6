// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef WARD_GUARD_DISCARDEDGUARDCHECK_H
#define WARD_GUARD_DISCARDEDGUARDCHECK_H

#include "base/WardCheck.h"

namespace ward {

/// Finds lock guards and lock results that are thrown away at once, so that nothing is locked where it looks locked.
class DiscardedGuardCheck : public WardCheck {
public:
  using WardCheck::WardCheck;
  void analyse(UnitFlow &Unit) override;

private:
  void checkDiscarded(const FunctionModel &Function, const DiscardedValue &Discarded, UnitFlow &Unit, unsigned &Fixes);
  /// Naming the guard would hold the lock into a place that takes it again.
  bool locksAgain(const FunctionModel &Function, const DiscardedValue &Discarded, const Acquisition &How, UnitFlow &Unit);
  /// \p Variable was meant to be a guard of the mutex whose name it has.
  void reportDeclaration(const FunctionModel &Function, const clang::VarDecl *Variable, LockTypes &Types);
  void checkVariable(const FunctionModel &Function, const GuardVariable &Guard, UnitFlow &Unit);
};

} // namespace ward

#endif // WARD_GUARD_DISCARDEDGUARDCHECK_H
