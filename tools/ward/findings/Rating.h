// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// How bad a finding is, how sure, and which findings are of one defect.
#ifndef WARD_TOOLS_FINDINGS_RATING_H
#define WARD_TOOLS_FINDINGS_RATING_H

#include "findings/Finding.h"

#include <set>

namespace ward {

/// The severity of a finding of \p Check with the message \p Text: that of the term that the message begins with, such as "possible deadlock",
/// or else that of the check.
Severity severityOf(llvm::StringRef Check, llvm::StringRef Text);

/// Sets the severity and the confidence of each finding. Where the whole program has not judged it, the message tells how sure the analysis
/// is: it says "possible" or "may" where something that it does not see can rule the defect out.
void rate(std::vector<Finding> &Findings);

/// Gives the findings of one defect the same Group, and each other finding one of its own:
///  - a lock order: the same locks in a cycle
///  - a lock that is acquired again, or an operation under a lock: the same place where it is acquired again, or where the operation is
///  - a data race or lost wakeup: the same variable, with a note at the same place, or the same declaration
void group(std::vector<Finding> &Findings, llvm::StringRef Root);

/// Sets the Print of each finding. \p Findings are all of a run, in the order of merge().
void identify(std::vector<Finding> &Findings, llvm::StringRef Root);

/// The pairs of locks in a cycle, from the notes that name two.
std::set<std::pair<std::string, std::string>> lockPairsOf(const Finding &F);

/// The first quoted text of \p Text; empty if there is none.
llvm::StringRef firstQuoted(llvm::StringRef Text);

/// The order of a report: by severity, the surest first, then by file and line.
enum class Order { Severity, File, Check };
/// Sorts \p Findings; those of one defect stay together, at the place of the first one.
void sortBy(Order By, std::vector<Finding> &Findings);

} // namespace ward

#endif // WARD_TOOLS_FINDINGS_RATING_H
