// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef WARD_WAIT_WAITWITHOUTPREDICATECHECK_H
#define WARD_WAIT_WAITWITHOUTPREDICATECHECK_H

#include "base/WardCheck.h"
#include "wait/Rechecks.h"

namespace ward {

/// Finds waits on condition variables, and parking, that are not in a loop that rechecks the condition.
class WaitWithoutPredicateCheck : public WardCheck {
public:
  WaitWithoutPredicateCheck(llvm::StringRef Name, clang::tidy::ClangTidyContext *Context);
  void storeOptions(clang::tidy::ClangTidyOptions::OptionMap &Options) override;
  void analyse(UnitFlow &Unit) override;

private:
  /// One call that waits: the wait itself, or a call of a function that only waits.
  struct Waiting {
    const FunctionModel *In;
    const clang::CallExpr *Call;
    /// The wait itself.
    WaitCall Wait;
  };
  /// Judges \p Where; calls of functions that only wait are added to \p Next.
  void judge(const Waiting &Where, UnitFlow &Unit, std::vector<Waiting> &Next);
  void report(const Waiting &Where, WaitPlace Place, UnitFlow &Unit);

  /// Also checks waits with a time limit.
  bool CheckTimed;
};

} // namespace ward

#endif // WARD_WAIT_WAITWITHOUTPREDICATECHECK_H
