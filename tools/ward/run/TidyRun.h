// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// clang-tidy's engine with a parse that leaves out what the checks do not need.
#ifndef WARD_TOOLS_RUN_TIDYRUN_H
#define WARD_TOOLS_RUN_TIDYRUN_H

#include "project/CompileDatabase.h"
#include "run/FileTrace.h"

#include "clang-tidy/ClangTidyDiagnosticConsumer.h"

namespace ward {

/// Headers of the standard library that several units include, compiled once. It is never written beside a unit: a unit reads it from memory.
struct SharedHeaders {
  std::string Includes;    ///< the source: an #include for each
  std::string Precompiled; ///< Clang's precompiled header
  FileTrace Trace;         ///< the files that it depends on
};

/// How much of a unit is parsed.
struct ParseMode {
  /// Also the bodies of functions in the headers of libraries that the catalog describes.
  bool LibraryBodies = false;
  /// What the unit includes before all else; may be null.
  const SharedHeaders *Headers = nullptr;
};

/// Runs the checks that \p Context enables on \p U, as runClangTidy() does.
std::vector<clang::tidy::ClangTidyError> runTidy(clang::tidy::ClangTidyContext &Context, const Unit &U,
                                                 llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> Files, const ParseMode &How);

/// \p Argument of the command line of \p U names the file of U.
bool namesFileOf(const Unit &U, llvm::StringRef Argument);

/// Precompiles \p Includes for units like \p Like, whose file is replaced, and returns it; empty if that fails.
std::string precompile(const std::string &Includes, Unit Like, llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> Files);

} // namespace ward

#endif // WARD_TOOLS_RUN_TIDYRUN_H
