// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef WARD_THREAD_THREADBEFOREMEMBERSCHECK_H
#define WARD_THREAD_THREADBEFOREMEMBERSCHECK_H

#include "base/WardCheck.h"
#include "flow/threads/EarlyThreads.h"
#include "flow/threads/LateJoins.h"

namespace ward {

/// Finds threads that run before the members that they use are initialised, or after these are destroyed.
class ThreadBeforeMembersCheck : public CxxCheck {
public:
  ThreadBeforeMembersCheck(llvm::StringRef Name, clang::tidy::ClangTidyContext *Context);
  void storeOptions(clang::tidy::ClangTidyOptions::OptionMap &Options) override;
  void analyse(UnitFlow &Unit) override;

private:
  void report(const EarlyThread &Early, UnitModel &Unit);
  void report(const LateJoin &Late, UnitModel &Unit);

  bool ReportWrites;
  /// The members that a fix moves.
  llvm::DenseSet<const clang::FieldDecl *> Moved;
};

} // namespace ward

#endif // WARD_THREAD_THREADBEFOREMEMBERSCHECK_H
