// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef WARD_CAPTURE_CONSTNOTSYNCCHECK_H
#define WARD_CAPTURE_CONSTNOTSYNCCHECK_H

#include "base/WardCheck.h"

namespace ward {

/// Finds const member functions that write shared state without a lock, in classes that several threads use.
class ConstNotSyncCheck : public CxxCheck {
public:
  ConstNotSyncCheck(llvm::StringRef Name, clang::tidy::ClangTidyContext *Context);
  void storeOptions(clang::tidy::ClangTidyOptions::OptionMap &Options) override;
  void analyse(UnitFlow &Unit) override;

private:
  bool Strict;
};

} // namespace ward

#endif // WARD_CAPTURE_CONSTNOTSYNCCHECK_H
