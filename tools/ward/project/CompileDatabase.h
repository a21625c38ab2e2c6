// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Finds and reads a compile database, and says in plain words what is wrong with one. LLVM's own reader gives up on the first
/// entry that it cannot use.
#ifndef WARD_TOOLS_PROJECT_COMPILEDATABASE_H
#define WARD_TOOLS_PROJECT_COMPILEDATABASE_H

#include "clang/Tooling/CompilationDatabase.h"
#include "llvm/Support/Error.h"

namespace ward {

/// One compilation of one source file: what is worked on at a time. Its Directory and Filename are absolute.
using Unit = clang::tooling::CompileCommand;

struct CompileDatabase {
  std::string Path;
  /// C, C++ and Objective-C, in the order of the database, each command once, whatever file it writes.
  std::vector<Unit> Units;
  /// The entries that cannot be used, a sentence each.
  std::vector<std::string> Problems;
};

/// The path of the database at \p Place: the file itself, or in that folder, or in one of its build*/ or out*/ folders.
llvm::Expected<std::string> findDatabase(llvm::StringRef Place);

/// The database that \p Start (a file or folder) is compiled with: findDatabase() there or in the nearest folder above.
llvm::Expected<std::string> findDatabaseFor(llvm::StringRef Start);

llvm::Expected<CompileDatabase> readDatabase(llvm::StringRef Path);

/// Those of \p Units that are one of \p Paths, or in one; all if there are none. An error names a path without any.
llvm::Expected<std::vector<Unit>> unitsIn(std::vector<Unit> Units, llvm::ArrayRef<std::string> Paths);

/// \p Path, or, if it is relative, that path in \p Folder.
std::string pathFrom(llvm::StringRef Folder, llvm::StringRef Path);

/// \p Path made absolute, links followed as far as it exists.
std::string realPath(llvm::StringRef Path);

/// Whether \p Path is \p Folder or in it; both absolute.
bool isWithin(llvm::StringRef Path, llvm::StringRef Folder);

/// The folder that paths are shown relative to: that of the nearest .git above all units, or else the nearest that has them all,
/// and the build folder if that is near.
std::string projectRoot(const CompileDatabase &Database);

/// \p Path as it is shown and written: relative to \p Root if it is within, with slashes.
std::string shown(llvm::StringRef Path, llvm::StringRef Root);

} // namespace ward

#endif // WARD_TOOLS_PROJECT_COMPILEDATABASE_H
