// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef WARD_GUARD_MANUALLOCKCHECK_H
#define WARD_GUARD_MANUALLOCKCHECK_H

#include "base/WardCheck.h"

namespace ward {

/// Finds manual locks that some path or an exception leaves unreleased, and unlocks of a lock that is not held.
class ManualLockCheck : public WardCheck {
public:
  ManualLockCheck(llvm::StringRef Name, clang::tidy::ClangTidyContext *Context);
  void analyse(UnitFlow &Unit) override;
  void storeOptions(clang::tidy::ClangTidyOptions::OptionMap &Options) override;

private:
  void checkFunction(const FunctionModel &Function, UnitFlow &Unit);
  void checkAcquisition(const FunctionModel &Function, unsigned Site, UnitFlow &Unit);
  void reportInC(const FunctionModel &Function, unsigned Site, const AccessPath &Mutex, bool Always, UnitFlow &Unit);
  void checkReleases(const FunctionModel &Function, UnitFlow &Unit);

  const bool StrictRaii, CPlusPlus;
};

} // namespace ward

#endif // WARD_GUARD_MANUALLOCKCHECK_H
