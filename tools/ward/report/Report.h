// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// What `ward check` has to say at its end, and the formats that it says it in.
#ifndef WARD_TOOLS_REPORT_REPORT_H
#define WARD_TOOLS_REPORT_REPORT_H

#include "findings/Finding.h"

namespace ward {

struct Report {
  struct UnitProblem {
    std::string File, Text; ///< File is as shown
  };

  std::string Root; ///< paths are shown relative to it
  std::vector<Finding> Findings;
  std::vector<UnitProblem> NotChecked; ///< units that were not checked at all
  std::vector<UnitProblem> InPart;     ///< units that have errors, with the first
  std::vector<UnitProblem> Remarks;    ///< what the checks could not follow to the end
  std::vector<std::string> Problems;   ///< of the compile database, a sentence each
  size_t Checked = 0, Cached = 0;      ///< units; those of the cache are among the checked
  size_t Lines = 0;                    ///< of their source files
  size_t InBaseline = 0, Unchanged = 0, Fixed = 0; ///< findings that are not in Findings because of --baseline, --diff, --fix

  bool complete() const { return NotChecked.empty() && InPart.empty() && Problems.empty(); }
};

/// Each finding with its line and notes, as clang-tidy shows it.
std::string textOf(const Report &R, bool Colors);
/// What stands below: numbers, findings per check, and what was not checked.
std::string summaryOf(const Report &R);
/// The same of a run that made facts and no findings.
std::string factsSummaryOf(const Report &R);
/// Ward's own format, described in docs/ward.md, and the same as text.
llvm::json::Value jsonValueOf(const Report &R);
std::string jsonOf(const Report &R);
/// SARIF 2.1.0.
std::string sarifOf(const Report &R);
/// Commands that GitHub Actions shows as annotations in a pull request.
std::string githubOf(const Report &R);

/// For each of \p Findings its fingerprint, with its number among those with the same one.
std::vector<std::string> numberedFingerprints(llvm::ArrayRef<Finding> Findings, llvm::StringRef Root);

} // namespace ward

#endif // WARD_TOOLS_REPORT_REPORT_H
