// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef WARD_GUARD_MANUALLOCKCHECK_H
#define WARD_GUARD_MANUALLOCKCHECK_H

#include "base/WardCheck.h"

namespace ward {

/// Finds locks that are taken and given back by hand where a path, or an exception, leaves them locked, and unlocks of what is
/// not locked.
class ManualLockCheck : public WardCheck {
public:
  ManualLockCheck(llvm::StringRef Name, clang::tidy::ClangTidyContext *Context);
  void analyse(UnitFlow &Unit) override;
  void storeOptions(clang::tidy::ClangTidyOptions::OptionMap &Options) override;

private:
  void checkFunction(const FunctionModel &Function, UnitFlow &Unit);
  void checkLock(const FunctionModel &Function, unsigned Site, UnitFlow &Unit);
  void checkUnlocks(const FunctionModel &Function, UnitFlow &Unit);

  const bool StrictRaii;
};

} // namespace ward

#endif // WARD_GUARD_MANUALLOCKCHECK_H
