// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef WARD_THREAD_UNSAFECALLONTHREADSCHECK_H
#define WARD_THREAD_UNSAFECALLONTHREADSCHECK_H

#include "base/WardCheck.h"
#include "thread/UnsafeCalls.h"

namespace ward {

/// Finds calls of functions with a static result or hidden state that two threads can make at the same time.
class UnsafeCallOnThreadsCheck : public WardCheck {
public:
  UnsafeCallOnThreadsCheck(llvm::StringRef Name, clang::tidy::ClangTidyContext *Context);
  void storeOptions(clang::tidy::ClangTidyOptions::OptionMap &Options) override;
  void analyse(UnitFlow &Unit) override;

private:
  /// \p Variable is a name for the variable of the fix.
  void report(const UnsafeCall &Found, const std::string &Variable, UnitModel &Unit);

  std::string IgnoredFunctions;
};

} // namespace ward

#endif // WARD_THREAD_UNSAFECALLONTHREADSCHECK_H
