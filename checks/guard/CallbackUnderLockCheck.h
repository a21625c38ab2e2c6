// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef WARD_GUARD_CALLBACKUNDERLOCKCHECK_H
#define WARD_GUARD_CALLBACKUNDERLOCKCHECK_H

#include "base/WardCheck.h"
#include "flow/CallChains.h"

namespace ward {

/// Finds calls of unknown code while a lock is held: callbacks, signals, virtual functions of other objects.
class CallbackUnderLockCheck : public WardCheck {
public:
  CallbackUnderLockCheck(llvm::StringRef Name, clang::tidy::ClangTidyContext *Context);
  void analyse(UnitFlow &Unit) override;
  void storeOptions(clang::tidy::ClangTidyOptions::OptionMap &Options) override;

private:
  const bool VirtualCalls;
};

} // namespace ward

#endif // WARD_GUARD_CALLBACKUNDERLOCKCHECK_H
