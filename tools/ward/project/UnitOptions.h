// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The options common to the subcommands that work on the units of a project, and the project that they select.
#ifndef WARD_TOOLS_PROJECT_UNITOPTIONS_H
#define WARD_TOOLS_PROJECT_UNITOPTIONS_H

#include "project/CompileDatabase.h"

#include "llvm/Support/CommandLine.h"

#include <chrono>

namespace ward {

struct Project {
  std::string Root;                  ///< paths are shown relative to it
  std::vector<Unit> Units;           ///< the units to work on
  std::vector<std::string> Problems; ///< of the compile database, a sentence each
};

/// A static variable of this type in a subcommand's file adds the options to \p Sub.
class UnitOptions {
public:
  explicit UnitOptions(llvm::cl::SubCommand &Sub);

  /// Finds and reads the database. With \p Whole, its units are all, whatever paths the command line names.
  llvm::Expected<Project> project(bool Whole = false) const;

  unsigned jobs() const;
  std::chrono::seconds timeout() const { return std::chrono::seconds(Timeout); }
  bool quiet() const { return Quiet; }
  /// Parse everything, for each unit anew.
  bool parsesAll() const { return FullParse; }
  /// The folder of the cache; empty if caching is off.
  std::string cacheFolder() const;
  bool hasPaths() const { return !Paths.empty(); }
  /// The files and folders that the command line names.
  llvm::ArrayRef<std::string> paths() const { return Paths; }

private:
  llvm::cl::list<std::string> Paths;
  llvm::cl::opt<std::string> Build, Root, CacheDir;
  llvm::cl::opt<unsigned> Jobs, Timeout;
  llvm::cl::opt<bool> Quiet, NoCache, FullParse;
};

/// Why \p U cannot be analysed at all; empty if it can.
std::string obstacle(const Unit &U);

/// The cache key of the result of \p U: everything that it depends on except files. \p What names the work and its settings.
std::string cacheKey(const Unit &U, llvm::StringRef What);

} // namespace ward

#endif // WARD_TOOLS_PROJECT_UNITOPTIONS_H
