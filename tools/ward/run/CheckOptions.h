// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which checks run, with which options: the profile, then what the user's .clang-tidy files say of Ward, then the command line.
#ifndef WARD_TOOLS_RUN_CHECKOPTIONS_H
#define WARD_TOOLS_RUN_CHECKOPTIONS_H

#include "project/Manifest.h"

#include "clang-tidy/ClangTidyOptions.h"
#include "llvm/Support/Error.h"

namespace ward {

struct CheckSelection {
  Tier Profile = Tier::Default;
  std::string Checks;       ///< globs as of clang-tidy's -checks, after all others; may be empty
  std::string HeaderFilter; ///< a regular expression for the real paths of headers to report on, unless a .clang-tidy says which
  std::string FactsRoot;    ///< also give facts for a look at the whole program, with names relative to this; empty for none
  bool OnlyFacts = false;   ///< and no findings

  /// An error if Checks names a check that does not exist, or leaves none on.
  llvm::Error verify() const;
  /// All of it, for the key of the cache.
  std::string text() const;
};

/// For clang-tidy's engine. Reads .clang-tidy files through \p Files.
///
/// Of a .clang-tidy's Checks only the globs that begin with "ward" or "-ward" are heard: they add to the profile and take from
/// it. What the file says of clang-tidy's own checks does not concern this program, and its "-*" is not meant for Ward's.
/// CheckOptions, HeaderFilterRegex, WarningsAsErrors, ExtraArgs and the rest hold as for clang-tidy.
std::unique_ptr<clang::tidy::ClangTidyOptionsProvider> makeOptionsProvider(const CheckSelection &Selection,
                                                                           llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> Files);

/// Those of the checks that look at the whole program, too, that are on for \p File.
std::vector<std::string> wholeProgramChecksFor(const CheckSelection &Selection, llvm::StringRef File,
                                               llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> Files);

/// Whether a .clang-tidy says which headers to report on for \p File. Then clang-tidy's engine heeds it, and HeaderFilter is not
/// asked. The engine knows a header by the path that its #include made, which may be relative: HeaderFilter is for real paths.
bool saysWhichHeaders(clang::tidy::ClangTidyOptionsProvider &Provider, llvm::StringRef File);

} // namespace ward

#endif // WARD_TOOLS_RUN_CHECKOPTIONS_H
