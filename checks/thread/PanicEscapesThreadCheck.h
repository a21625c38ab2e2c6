// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef WARD_THREAD_PANICESCAPESTHREADCHECK_H
#define WARD_THREAD_PANICESCAPESTHREADCHECK_H

#include "base/WardCheck.h"
#include "flow/Exceptions.h"

namespace ward {

/// Finds threads whose function an exception can escape, which terminates the program.
class PanicEscapesThreadCheck : public CxxCheck {
public:
  PanicEscapesThreadCheck(llvm::StringRef Name, clang::tidy::ClangTidyContext *Context);
  void storeOptions(clang::tidy::ClangTidyOptions::OptionMap &Options) override;
  void analyse(UnitFlow &Unit) override;

private:
  void report(const Spawn &Started, const ThrowPath &Path, UnitFlow &Unit);

  bool Strict;
  std::string IgnoredExceptions;
};

} // namespace ward

#endif // WARD_THREAD_PANICESCAPESTHREADCHECK_H
