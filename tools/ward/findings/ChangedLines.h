// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The lines that changed since a git revision.
#ifndef WARD_TOOLS_FINDINGS_CHANGEDLINES_H
#define WARD_TOOLS_FINDINGS_CHANGEDLINES_H

#include "findings/Finding.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"

namespace ward {

class ChangedLines {
public:
  /// The lines that the working tree around \p Folder changes relative to \p Revision, or to their merge base. Untracked files count as
  /// changed entirely. Runs git.
  static llvm::Expected<ChangedLines> since(llvm::StringRef Revision, llvm::StringRef Folder);

  /// Adds the changes in the output \p Diff of `git diff`, with paths relative to \p Top and without context lines.
  void addDiff(llvm::StringRef Diff, llvm::StringRef Top);

  /// Whether \p F or one of its notes is on a changed line: a new thread can turn an old line into a data race.
  bool concern(const Finding &F) const;

private:
  bool contain(const Message &M) const;

  llvm::StringMap<std::vector<std::pair<unsigned, unsigned>>> Files; // first and last line of each change
};

} // namespace ward

#endif // WARD_TOOLS_FINDINGS_CHANGEDLINES_H
