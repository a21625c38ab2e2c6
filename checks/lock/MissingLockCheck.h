// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef WARD_LOCK_MISSINGLOCKCHECK_H
#define WARD_LOCK_MISSINGLOCKCHECK_H

#include "base/WardCheck.h"
#include "flow/locks/GuardedBy.h"
#include "llvm/Support/Regex.h"

namespace clang {
class Preprocessor;
}

namespace ward {

/// Finds fields and globals that are accessed without the lock that guards them.
class MissingLockCheck : public WardCheck {
public:
  MissingLockCheck(llvm::StringRef Name, clang::tidy::ClangTidyContext *Context);
  void storeOptions(clang::tidy::ClangTidyOptions::OptionMap &Opts) override;
  void registerPPCallbacks(const clang::SourceManager &, clang::Preprocessor *PP, clang::Preprocessor *) override {
    Macros = PP;
  }
  void analyse(UnitFlow &Unit) override;

private:
  void report(const GuardVerdict &Verdict, UnitFlow &Unit);
  void describe(const GuardVerdict &Verdict, const LackingPlace &Place, bool OnlyShared, const std::optional<clang::FixItHint> &Fix);
  void checkRequirements(UnitFlow &Unit);
  /// Callers outside the unit may hold the lock at this access, or the name of its function states that callers do.
  bool mayBeHeldOutside(const LackingPlace &Place, const GuardVerdict &Verdict);
  /// The annotation to add to \p Verdict's subject; none if no macro for it is defined there.
  std::optional<clang::FixItHint> annotation(const GuardVerdict &Verdict, UnitFlow &Unit);

  Confidence Least = Confidence::Likely;
  std::string MacroName, LockedNames;
  llvm::Regex CalledLocked;
  clang::Preprocessor *Macros = nullptr;
  llvm::DenseSet<const clang::ValueDecl *> Annotated;
};

} // namespace ward

#endif // WARD_LOCK_MISSINGLOCKCHECK_H
