// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// All that Ward knows about a finding: what `ward explain` prints.
#ifndef WARD_TOOLS_REPORT_EXPLANATION_H
#define WARD_TOOLS_REPORT_EXPLANATION_H

#include "report/Report.h"

namespace ward {

/// The findings of \p R, reported or hidden, that \p Name names: by a fingerprint or its first digits, or by FILE:LINE[:COLUMN]. FILE is relative to
/// the root or the working directory, or the end of a path.
std::vector<const Finding *> findingsNamed(const Report &R, llvm::StringRef Name);

/// The reasoning behind \p F as text: its code, each thread with its locks, the accesses to the field or the order of the locks, the evidence for and
/// against, the other places of the defect, and what would make it silent. \p Tables is the result of tablesOf().
std::string explanationOf(const Finding &F, const Report &R, llvm::StringRef Tables);

} // namespace ward

#endif // WARD_TOOLS_REPORT_EXPLANATION_H
