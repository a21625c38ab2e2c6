// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Finds and reads compile databases, with an error message for each unusable entry. LLVM's own reader stops at the first one.
#ifndef WARD_TOOLS_PROJECT_COMPILEDATABASE_H
#define WARD_TOOLS_PROJECT_COMPILEDATABASE_H

#include "clang/Tooling/CompilationDatabase.h"
#include "llvm/Support/Error.h"

namespace ward {

/// One compilation of one source file, the unit of work. Its Directory and Filename are absolute.
using Unit = clang::tooling::CompileCommand;

struct CompileDatabase {
  std::string Path;
  /// The C, C++ and Objective-C entries in the order of the database. Commands that differ only in their output file are one.
  std::vector<Unit> Units;
  /// A sentence for each unusable entry.
  std::vector<std::string> Problems;
};

/// The path of the database at \p Place: the file itself, or one in that folder or in its build*/ or out*/ folders.
llvm::Expected<std::string> findDatabase(llvm::StringRef Place);

/// The database for \p Start (a file or folder): the result of findDatabase() there or in the nearest parent folder.
llvm::Expected<std::string> findDatabaseFor(llvm::StringRef Start);

llvm::Expected<CompileDatabase> readDatabase(llvm::StringRef Path);

/// The \p Units at or below \p Paths; all if \p Paths is empty. An error names a path that has none.
llvm::Expected<std::vector<Unit>> unitsIn(std::vector<Unit> Units, llvm::ArrayRef<std::string> Paths);

/// \p Path, or, if it is relative, that path in \p Folder.
std::string pathFrom(llvm::StringRef Folder, llvm::StringRef Path);

/// \p Path made absolute, with links resolved as far as it exists.
std::string realPath(llvm::StringRef Path);

/// Whether \p Path is \p Folder or below it; both are absolute.
bool isWithin(llvm::StringRef Path, llvm::StringRef Folder);

/// The folder that paths are shown relative to: the nearest one above all units with a .git, or else the nearest that contains them all,
/// and the build folder if that is close by.
std::string projectRoot(const CompileDatabase &Database);

/// \p Path as it is displayed: relative to \p Root if it is below it.
std::string shown(llvm::StringRef Path, llvm::StringRef Root);

} // namespace ward

#endif // WARD_TOOLS_PROJECT_COMPILEDATABASE_H
