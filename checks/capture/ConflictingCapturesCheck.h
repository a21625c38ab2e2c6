// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef WARD_CAPTURE_CONFLICTINGCAPTURESCHECK_H
#define WARD_CAPTURE_CONFLICTINGCAPTURESCHECK_H

#include "base/WardCheck.h"

namespace ward {

struct Conflict;

/// Finds local variables, heap objects and members that one thread writes while another accesses them without a common lock.
/// Option DisjointElements: accesses to elements by index are assumed to be to different elements.
class ConflictingCapturesCheck : public WardCheck {
public:
  ConflictingCapturesCheck(llvm::StringRef Name, clang::tidy::ClangTidyContext *Context);
  void storeOptions(clang::tidy::ClangTidyOptions::OptionMap &Options) override;
  void analyse(UnitFlow &Unit) override;

private:
  void report(const Conflict &Found, UnitFlow &Unit);
  void reportMembers(UnitFlow &Unit);

  bool DisjointElements;
};

} // namespace ward

#endif // WARD_CAPTURE_CONFLICTINGCAPTURESCHECK_H
