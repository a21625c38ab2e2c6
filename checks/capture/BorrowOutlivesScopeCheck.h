// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef WARD_CAPTURE_BORROWOUTLIVESSCOPECHECK_H
#define WARD_CAPTURE_BORROWOUTLIVESSCOPECHECK_H

#include "base/WardCheck.h"
#include "flow/threads/Outlives.h"

namespace ward {

/// Finds threads that may outlive a local variable or an object that they refer to.
class BorrowOutlivesScopeCheck : public WardCheck {
public:
  BorrowOutlivesScopeCheck(llvm::StringRef Name, clang::tidy::ClangTidyContext *Context);
  void storeOptions(clang::tidy::ClangTidyOptions::OptionMap &Options) override;
  void analyse(UnitFlow &Unit) override;

private:
  void reportFreed(UnitFlow &Unit);
  void report(const Captured &Capture, const clang::VarDecl *Local, const Escape &Away, UnitFlow &Unit);

  bool Strict;
};

} // namespace ward

#endif // WARD_CAPTURE_BORROWOUTLIVESSCOPECHECK_H
