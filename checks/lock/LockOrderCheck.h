// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef WARD_LOCK_LOCKORDERCHECK_H
#define WARD_LOCK_LOCKORDERCHECK_H

#include "base/WardCheck.h"
#include "lock/LockOrder.h"

namespace ward {

/// Finds locks that are acquired in different orders, which can deadlock.
class LockOrderCheck : public WardCheck {
public:
  LockOrderCheck(llvm::StringRef Name, clang::tidy::ClangTidyContext *Context)
      : WardCheck(Name, Context), SameClass(boolOption("SameClass", false)) {}
  void storeOptions(clang::tidy::ClangTidyOptions::OptionMap &Opts) override;
  void analyse(UnitFlow &Unit) override;

private:
  void note(const LockEdge &Edge, const LockOrder &Order, UnitFlow &Unit);

  bool SameClass;
};

} // namespace ward

#endif // WARD_LOCK_LOCKORDERCHECK_H
