// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The lines that git says were changed.
#ifndef WARD_TOOLS_FINDINGS_CHANGEDLINES_H
#define WARD_TOOLS_FINDINGS_CHANGEDLINES_H

#include "findings/Finding.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"

namespace ward {

class ChangedLines {
public:
  /// What the working tree of the repository that \p Folder is in has on top of \p Revision: of the point where the two parted, if
  /// they did. Files that git does not know yet are changed as a whole. Runs git.
  static llvm::Expected<ChangedLines> since(llvm::StringRef Revision, llvm::StringRef Folder);

  /// Takes what `git diff` wrote, with paths relative to \p Top and no line of context.
  void addDiff(llvm::StringRef Diff, llvm::StringRef Top);

  /// Whether \p F, or a note of it, is on a changed line: a new thread can make a mistake of a line that is old.
  bool concern(const Finding &F) const;

private:
  bool contain(const Message &M) const;

  llvm::StringMap<std::vector<std::pair<unsigned, unsigned>>> Files; // first and last line of each change
};

} // namespace ward

#endif // WARD_TOOLS_FINDINGS_CHANGEDLINES_H
