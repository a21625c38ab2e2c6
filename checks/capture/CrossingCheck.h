// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// What the checks for values and borrows that cross to another thread have in common.
#ifndef WARD_CAPTURE_CROSSINGCHECK_H
#define WARD_CAPTURE_CROSSINGCHECK_H

#include "base/WardCheck.h"

namespace ward {

/// How a thing crosses: each way is one check's.
enum class Crossing {
  Value,  ///< moved or copied to the other thread
  Borrow, ///< referred to by both
  Shared, ///< owned by both, through a counting pointer
};

/// A check over everything that spawned code takes along. Options: PointerPolicy (pointee, never or ignore) and Strict
/// (also report what can't be told).
class CrossingCheck : public WardCheck {
public:
  CrossingCheck(llvm::StringRef Name, clang::tidy::ClangTidyContext *Context, Crossing Way);

  void storeOptions(clang::tidy::ClangTidyOptions::OptionMap &Options) override;
  void analyse(UnitFlow &Unit) override;

private:
  void judge(const Spawn &Started, const Captured &Capture, llvm::ArrayRef<Captured> Taken, UnitFlow &Unit);
  void report(const Captured &Capture, Trait Which, const ThreadAnswer &Answer, UnitFlow &Unit);

  Crossing Way;
  std::string PolicyName;
  PointerPolicy Policy;
  bool Strict;
};

} // namespace ward

#endif // WARD_CAPTURE_CROSSINGCHECK_H
