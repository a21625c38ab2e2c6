// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The enabled checks and their options: from the profile, then the user's .clang-tidy files, then the command line.
#ifndef WARD_TOOLS_RUN_CHECKOPTIONS_H
#define WARD_TOOLS_RUN_CHECKOPTIONS_H

#include "flow/locks/GuardEvidence.h"
#include "project/Manifest.h"

#include "clang-tidy/ClangTidyOptions.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Error.h"

#include <map>

namespace clang::tidy {
class GlobList;
} // namespace clang::tidy

namespace ward {

struct RewritePlan;

/// The values of an option --profile, with what each adds: as TIERS of scripts/manifest.py.
llvm::cl::ValuesClass profileValues();

/// The values of an option --min-confidence.
llvm::cl::ValuesClass confidenceValues();

struct CheckSelection {
  Tier Profile = Tier::Default;
  std::string Checks;       ///< globs as for clang-tidy's -checks, which come last; may be empty
  std::string HeaderFilter; ///< a regular expression for the real paths of headers to report on, unless a .clang-tidy sets one
  std::string FactsRoot;    ///< also produce facts for the whole program, with names relative to this; empty for no facts
  bool OnlyFacts = false;   ///< produce no findings
  /// The least confidence in an inferred guard, whatever the options of the check say; None to leave it to them.
  Confidence Least = Confidence::None;
  /// Produce the edits of this plan (checks/rewrite) instead of the facts, unless null. For a run without a cache.
  const RewritePlan *Plan = nullptr;

  /// An error if Checks matches no check, or disables all.
  llvm::Error verify() const;
  /// The whole selection as text, for the cache key.
  std::string text() const;
};

/// For clang-tidy's engine. Reads .clang-tidy files through \p Files.
///
/// Of the Checks in a .clang-tidy, only the globs that begin with "ward" or "-ward" apply: they add to the profile and remove from it. The
/// others are about clang-tidy's own checks, and "-*" is not meant for Ward's. CheckOptions, HeaderFilterRegex, WarningsAsErrors, ExtraArgs
/// and the rest apply as in clang-tidy.
std::unique_ptr<clang::tidy::ClangTidyOptionsProvider> makeOptionsProvider(const CheckSelection &Selection,
                                                                           llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> Files);

/// The checks with a whole-program analysis that are enabled for \p File.
std::vector<std::string> wholeProgramChecksFor(const CheckSelection &Selection, llvm::StringRef File,
                                               llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> Files);

/// Which checks run on which files. Asks the .clang-tidy files once for each file.
class EnabledChecks {
public:
  explicit EnabledChecks(const CheckSelection &Selection);
  ~EnabledChecks();

  bool contain(llvm::StringRef File, llvm::StringRef Check);

private:
  CheckSelection Selection;
  std::map<std::string, std::unique_ptr<clang::tidy::GlobList>, std::less<>> Known;
};

/// Whether a .clang-tidy sets the headers to report on for \p File. Then clang-tidy's engine applies that, and HeaderFilter is not used. The
/// engine matches the path by which a header was included, which may be relative; HeaderFilter matches real paths.
bool setsHeaderFilter(clang::tidy::ClangTidyOptionsProvider &Provider, llvm::StringRef File);

} // namespace ward

#endif // WARD_TOOLS_RUN_CHECKOPTIONS_H
