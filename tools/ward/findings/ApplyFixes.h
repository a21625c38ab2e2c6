// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Changes the sources as the findings' fixes say.
#ifndef WARD_TOOLS_FINDINGS_APPLYFIXES_H
#define WARD_TOOLS_FINDINGS_APPLYFIXES_H

#include "findings/Finding.h"

namespace ward {

struct FixOutcome {
  std::vector<Finding> Left;         ///< what has no fix, or whose fix was not applied
  std::vector<std::string> Problems; ///< why not, a sentence each
  size_t Fixed = 0;
  bool Failed = false; ///< a file could not be written
};

/// Applies each fix wholly or not at all. Of those that touch each other the first is applied. A file that is no longer as it was
/// when it was checked is left alone, and each file is replaced in one step.
FixOutcome applyFixes(std::vector<Finding> Findings, llvm::StringRef Root);

} // namespace ward

#endif // WARD_TOOLS_FINDINGS_APPLYFIXES_H
