// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef WARD_CAPTURE_UNSAFECLAIMCHECK_H
#define WARD_CAPTURE_UNSAFECLAIMCHECK_H

#include "base/WardCheck.h"

namespace ward {

/// Finds explicit claims that a type is Send or Sync which its members contradict, and derived claims that omit fields.
class UnsafeClaimCheck : public CxxCheck {
public:
  UnsafeClaimCheck(llvm::StringRef Name, clang::tidy::ClangTidyContext *Context);
  void storeOptions(clang::tidy::ClangTidyOptions::OptionMap &Options) override;
  void analyse(UnitFlow &Unit) override;

private:
  void checkClaim(Trait Which, clang::QualType Type, clang::SourceLocation Where, UnitFlow &Unit);
  void checkDerivedClasses(Trait Which, clang::QualType Type, clang::SourceLocation Where, UnitFlow &Unit);
  void checkDerived(const clang::FunctionDecl *List, UnitFlow &Unit);

  bool AllowSafetyComment;
};

} // namespace ward

#endif // WARD_CAPTURE_UNSAFECLAIMCHECK_H
