// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef WARD_GUARD_LOOSEGUARDCHECK_H
#define WARD_GUARD_LOOSEGUARDCHECK_H

#include "base/WardCheck.h"

namespace ward {

/// Finds guards that hold their lock over work after the last access to what it protects.
class LooseGuardCheck : public CxxCheck {
public:
  LooseGuardCheck(llvm::StringRef Name, clang::tidy::ClangTidyContext *Context);
  void analyse(UnitFlow &Unit) override;
  void storeOptions(clang::tidy::ClangTidyOptions::OptionMap &Options) override;

private:
  void checkGuard(const FunctionModel &Function, const GuardVariable &Guard, UnitFlow &Unit);

  const unsigned MinStatements;
};

} // namespace ward

#endif // WARD_GUARD_LOOSEGUARDCHECK_H
