// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The base of Ward's checks: they share one traversal of the unit.
#ifndef WARD_BASE_WARDCHECK_H
#define WARD_BASE_WARDCHECK_H

#include "compat/Compat.h"
#include "flow/UnitFlow.h"
#include "llvm/ADT/DenseSet.h"

#include <memory>

namespace ward {

class UnitRun;

/// A check that queries the model and the flow, and reports its findings.
class WardCheck : public clang::tidy::ClangTidyCheck {
public:
  WardCheck(llvm::StringRef Name, clang::tidy::ClangTidyContext *Context);

  /// C and, from C++11 on, C++.
  bool isLanguageVersionSupported(const clang::LangOptions &Options) const override {
    return Options.CPlusPlus11 || !Options.CPlusPlus;
  }
  void registerMatchers(clang::ast_matchers::MatchFinder *Finder) final;
  /// Overriders store their own options and call this one.
  void storeOptions(clang::tidy::ClangTidyOptions::OptionMap &Options) override;

  using ClangTidyCheck::diag;
  /// As that of clang-tidy. A note about code in a macro points to the use of the macro in a file, because what the macro expands to is the
  /// same at every use, and Clang would add a note for each level of it. A warning stays where it is, for NOLINT in the macro; so does a
  /// note in a macro of a system header, for a note in the user's code would make clang-tidy show a warning that it leaves out.
  clang::DiagnosticBuilder diag(clang::SourceLocation Location, llvm::StringRef Text,
                                clang::DiagnosticIDs::Level Level = clang::DiagnosticIDs::Warning);

  /// Analyses one unit. Called once per unit, after it was parsed.
  virtual void analyse(UnitFlow &Unit) = 0;

  /// The option ward.Catalog: the user's own catalogs.
  llvm::StringRef catalogPaths() const { return CatalogPaths; }
  /// Reports, as a remark, that the analysis of \p Function was cut short, so that its locksets are incomplete.
  void remarkCutShort(const clang::FunctionDecl &Function);
  /// Reports a mistake in the configuration, which has no place in the source.
  void reportConfiguration(llvm::StringRef Message);

protected:
  /// A boolean option of this check. An invalid value is reported, and the default used. (Not OptionsView::get<bool>, whose
  /// symbol GCC and Clang mangle differently.)
  bool boolOption(llvm::StringRef Option, bool Default);
  /// The check \p Other is enabled too. One defect has one finding: that of the more specific check.
  bool isAlsoOn(llvm::StringRef Other) const;
  /// True once for each location where a finding may be reported: not in a system header or a macro of one, not again for
  /// another instantiation of the same template.
  bool claim(clang::SourceLocation Location, const clang::SourceManager &Sources);

private:
  friend class UnitRun;

  clang::tidy::ClangTidyContext *Context;
  std::string Name, CatalogPaths;
  std::shared_ptr<UnitRun> Run;
  const clang::SourceManager *Sources = nullptr; // of the unit that is analysed
  llvm::DenseSet<clang::SourceLocation> Claimed;
};

/// A check of what C does not have: guards, closures, exceptions, classes.
class CxxCheck : public WardCheck {
public:
  using WardCheck::WardCheck;
  bool isLanguageVersionSupported(const clang::LangOptions &Options) const override { return Options.CPlusPlus11; }
};

} // namespace ward

#endif // WARD_BASE_WARDCHECK_H
