// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef WARD_GUARD_GUARDINCONDITIONCHECK_H
#define WARD_GUARD_GUARDINCONDITIONCHECK_H

#include "base/WardCheck.h"

namespace ward {

/// Finds locks acquired for the condition of an if, switch, while or for and held over a body that does not need them.
class GuardInConditionCheck : public CxxCheck {
public:
  using CxxCheck::CxxCheck;
  void analyse(UnitFlow &Unit) override;

private:
  void checkBranch(const FunctionModel &Function, const clang::Stmt *Branch, UnitFlow &Unit);
  void checkRangeTemporaries(const FunctionModel &Function, const clang::CXXForRangeStmt *Loop, UnitFlow &Unit);
};

} // namespace ward

#endif // WARD_GUARD_GUARDINCONDITIONCHECK_H
