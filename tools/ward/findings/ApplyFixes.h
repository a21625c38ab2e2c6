// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Applies the fixes of findings to the sources.
#ifndef WARD_TOOLS_FINDINGS_APPLYFIXES_H
#define WARD_TOOLS_FINDINGS_APPLYFIXES_H

#include "findings/Finding.h"

namespace ward {

struct FixOutcome {
  std::vector<Finding> Left;         ///< findings without a fix, or whose fix was not applied
  std::vector<std::string> Problems; ///< why fixes were not applied, a sentence each
  size_t Fixed = 0;
  bool Failed = false; ///< a file could not be written
};

/// Applies each fix completely or not at all. Of overlapping fixes the first is applied. A file that has changed since it was checked is
/// left unchanged. Each file is replaced atomically.
FixOutcome applyFixes(std::vector<Finding> Findings, llvm::StringRef Root);

} // namespace ward

#endif // WARD_TOOLS_FINDINGS_APPLYFIXES_H
