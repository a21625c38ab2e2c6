// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef WARD_GUARD_GUARDACROSSSUSPENDCHECK_H
#define WARD_GUARD_GUARDACROSSSUSPENDCHECK_H

#include "base/WardCheck.h"

namespace ward {

/// Finds locks that are held while a coroutine is suspended.
class GuardAcrossSuspendCheck : public CxxCheck {
public:
  using CxxCheck::CxxCheck;
  void analyse(UnitFlow &Unit) override;

private:
  void checkFlow(const FunctionModel &Function, UnitFlow &Unit);
  /// A template's pattern has no CFG: a guard that is never used counts as held in its scope.
  void checkPattern(const FunctionModel &Function, UnitFlow &Unit);
  /// A guard passed to the coroutine by value lives in its frame.
  void checkParameters(const FunctionModel &Function, const clang::Expr *Suspension, UnitFlow &Unit);
  void report(clang::SourceLocation Location, const clang::ValueDecl *Guard, const clang::Expr *Suspension, UnitFlow &Unit);
};

} // namespace ward

#endif // WARD_GUARD_GUARDACROSSSUSPENDCHECK_H
