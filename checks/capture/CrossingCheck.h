// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The common base of the checks for what is passed to another thread.
#ifndef WARD_CAPTURE_CROSSINGCHECK_H
#define WARD_CAPTURE_CROSSINGCHECK_H

#include "base/WardCheck.h"

namespace ward {

/// How something is passed to another thread; one check for each way.
enum class Crossing {
  Value,  ///< moved or copied to the other thread
  Borrow, ///< referred to by both
  Shared, ///< owned by both, through a counting pointer
};

/// A check of all that a thread captures or is passed. Options: PointerPolicy (pointee, never or ignore) and Strict (also report
/// types whose Send or Sync property is unknown).
class CrossingCheck : public CxxCheck {
public:
  CrossingCheck(llvm::StringRef Name, clang::tidy::ClangTidyContext *Context, Crossing Way);

  void storeOptions(clang::tidy::ClangTidyOptions::OptionMap &Options) override;
  void analyse(UnitFlow &Unit) override;

private:
  void judge(const Spawn &Started, const Captured &Capture, llvm::ArrayRef<Captured> Captures, UnitFlow &Unit);
  void report(const Captured &Capture, Trait Which, const ThreadAnswer &Answer, UnitFlow &Unit);

  Crossing Way;
  std::string PolicyName;
  PointerPolicy Policy;
  bool Strict;
};

} // namespace ward

#endif // WARD_CAPTURE_CROSSINGCHECK_H
