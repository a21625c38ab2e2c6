// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which headers of the standard library a unit includes, and what in its own files could change their meaning.
#ifndef WARD_TOOLS_RUN_HEADERUSE_H
#define WARD_TOOLS_RUN_HEADERUSE_H

#include "project/CompileDatabase.h"

#include "llvm/ADT/StringRef.h"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ward {

/// What the directives of a file say.
struct FileDirectives {
  std::set<std::string> Macros; ///< that it defines or undefines
  std::set<std::string> Nested; ///< what it includes inside braces
  bool ChangesParsing = false;  ///< a pragma changes how the code after it is parsed
};

/// Of all branches of conditions.
FileDirectives directivesOf(llvm::StringRef Text);

/// What a unit includes.
struct HeaderUse {
  std::set<std::string> Standard; ///< headers of the C++ standard library, as "vector"
  std::set<std::string> Files;    ///< all other files that it reads, except those of the compiler and the C library
};

/// The files in \p Rule, a rule of a makefile as the compiler writes it.
HeaderUse headerUseOf(llvm::StringRef Rule, llvm::StringRef Directory);

/// All words in \p Text that may be identifiers, comments included.
void collectIdentifiers(llvm::StringRef Text, std::set<std::string, std::less<>> &Into);

} // namespace ward

#endif // WARD_TOOLS_RUN_HEADERUSE_H
