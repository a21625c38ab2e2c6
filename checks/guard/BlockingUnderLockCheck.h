// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef WARD_GUARD_BLOCKINGUNDERLOCKCHECK_H
#define WARD_GUARD_BLOCKINGUNDERLOCKCHECK_H

#include "base/WardCheck.h"
#include "flow/CallChains.h"

#include <set>

namespace ward {

/// Finds calls that wait, sleep or perform I/O while a lock is held.
class BlockingUnderLockCheck : public WardCheck {
public:
  BlockingUnderLockCheck(llvm::StringRef Name, clang::tidy::ClangTidyContext *Context);
  void analyse(UnitFlow &Unit) override;
  void storeOptions(clang::tidy::ClangTidyOptions::OptionMap &Options) override;

private:
  std::optional<Action> blockingAction(const clang::Expr *E, const FunctionModel &In, UnitModel &Unit) const;
  void report(const ChainStep &At, const CallChain &Chain, llvm::ArrayRef<HeldLock> Locks, const clang::SourceManager &Sources);
  /// Threads whose handle joins them in its destructor, with a lock held there.
  void checkHandles(UnitFlow &Unit);

  const bool FileStreams, Console, OwnStreams;
  /// Where a lock is acquired, and the calls already reported under it.
  std::set<std::pair<clang::SourceLocation, std::string>> Reported;
};

} // namespace ward

#endif // WARD_GUARD_BLOCKINGUNDERLOCKCHECK_H
