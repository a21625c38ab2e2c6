// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef WARD_LOCK_NONATOMICUPDATECHECK_H
#define WARD_LOCK_NONATOMICUPDATECHECK_H

#include "base/WardCheck.h"

namespace ward {

struct AtomicMistake;

/// Finds atomic objects that are read and changed in separate steps, between which another thread can change them.
class NonAtomicUpdateCheck : public WardCheck {
public:
  NonAtomicUpdateCheck(llvm::StringRef Name, clang::tidy::ClangTidyContext *Context);
  void storeOptions(clang::tidy::ClangTidyOptions::OptionMap &Options) override;
  void analyse(UnitFlow &Unit) override;

private:
  void report(const AtomicMistake &Mistake, UnitFlow &Unit);

  const bool RelaxedLoads;
};

} // namespace ward

#endif // WARD_LOCK_NONATOMICUPDATECHECK_H
