// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The base of Ward's checks: one walk over the unit serves them all.
#ifndef WARD_BASE_WARDCHECK_H
#define WARD_BASE_WARDCHECK_H

#include "compat/Compat.h"
#include "flow/UnitFlow.h"
#include "llvm/ADT/DenseSet.h"

#include <memory>

namespace ward {

class UnitRun;

/// A check that asks the model and the flow, and says what it found.
class WardCheck : public clang::tidy::ClangTidyCheck {
public:
  WardCheck(llvm::StringRef Name, clang::tidy::ClangTidyContext *Context);

  bool isLanguageVersionSupported(const clang::LangOptions &Options) const override { return Options.CPlusPlus11; }
  void registerMatchers(clang::ast_matchers::MatchFinder *Finder) final;
  /// Overriders store their own options and call this one.
  void storeOptions(clang::tidy::ClangTidyOptions::OptionMap &Options) override;

  /// Looks at one unit. Called once a unit, after it was parsed.
  virtual void analyse(UnitFlow &Unit) = 0;

  /// The option ward.Catalog: the user's own catalogs.
  llvm::StringRef catalogPaths() const { return CatalogPaths; }
  /// Says, as a remark, that what the checks know of the locks in \p Function may not be all: it was too much to follow.
  void remarkCutShort(const clang::FunctionDecl &Function);
  /// Reports a mistake in the configuration, which has no place in the source.
  void reportConfiguration(llvm::StringRef Message);

protected:
  /// A yes-or-no option of this check; a value that is neither is reported, and the default taken. (Not
  /// OptionsView::get<bool>, whose symbol GCC and Clang spell differently.)
  bool boolOption(llvm::StringRef Option, bool Default);
  /// The user also has \p Other run. Of one defect there is one finding: that of the check which says more about it.
  bool isAlsoOn(llvm::StringRef Other) const;
  /// True once for each place where a finding may be reported: not in a system header or a macro of one, not again for
  /// the next instantiation of the same template.
  bool claim(clang::SourceLocation Location, const clang::SourceManager &Sources);

private:
  clang::tidy::ClangTidyContext *Context;
  std::string Name, CatalogPaths;
  std::shared_ptr<UnitRun> Run;
  llvm::DenseSet<clang::SourceLocation> Claimed;
};

} // namespace ward

#endif // WARD_BASE_WARDCHECK_H
