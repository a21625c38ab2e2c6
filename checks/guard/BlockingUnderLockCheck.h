// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef WARD_GUARD_BLOCKINGUNDERLOCKCHECK_H
#define WARD_GUARD_BLOCKINGUNDERLOCKCHECK_H

#include "base/WardCheck.h"
#include "flow/CallChains.h"

#include <set>

namespace ward {

/// Finds waiting, sleeping, and input and output while a lock is held.
class BlockingUnderLockCheck : public WardCheck {
public:
  BlockingUnderLockCheck(llvm::StringRef Name, clang::tidy::ClangTidyContext *Context);
  void analyse(UnitFlow &Unit) override;
  void storeOptions(clang::tidy::ClangTidyOptions::OptionMap &Options) override;

private:
  std::optional<Action> waits(const clang::Expr *E, const FunctionModel &In, UnitModel &Unit) const;
  void report(const ChainStep &At, const CallChain &Chain, llvm::ArrayRef<HeldLock> Locks, const clang::SourceManager &Sources);
  /// Threads that are joined where their handle dies, with a lock held there.
  void checkHandles(UnitFlow &Unit);

  const bool FileStreams, Console, OwnStreams;
  /// Where a lock was taken, and what was told of it.
  std::set<std::pair<clang::SourceLocation, std::string>> Told;
};

} // namespace ward

#endif // WARD_GUARD_BLOCKINGUNDERLOCKCHECK_H
