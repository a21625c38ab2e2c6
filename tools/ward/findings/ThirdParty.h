// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Code below the root of a project that is not its own.
#ifndef WARD_TOOLS_FINDINGS_THIRDPARTY_H
#define WARD_TOOLS_FINDINGS_THIRDPARTY_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"

#include <string>
#include <vector>

namespace ward {

/// Which files are third-party code: those in a folder that is called so (third_party, 3rdparty, vendor, external, and other spellings of
/// these), in a git submodule, or in a repository of its own below the root. Reads .gitmodules once, and looks for each folder once.
class ThirdParty {
public:
  /// Folders at or above one of \p Wanted, absolute paths, do not count: their files were asked for.
  ThirdParty(llvm::StringRef Root, llvm::ArrayRef<std::string> Wanted);

  /// The topmost third-party folder that \p File, an absolute path, is in, relative to the root; empty if it is the project's own.
  llvm::StringRef folderOf(llvm::StringRef File);

private:
  std::string folderAbove(llvm::StringRef File) const;

  std::string Root;
  std::vector<std::string> Wanted, Modules;
  llvm::StringMap<std::string> Known; // by the folder of a file
};

} // namespace ward

#endif // WARD_TOOLS_FINDINGS_THIRDPARTY_H
