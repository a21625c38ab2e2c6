// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The report of `ward check` and its output formats.
#ifndef WARD_TOOLS_REPORT_REPORT_H
#define WARD_TOOLS_REPORT_REPORT_H

#include "findings/Finding.h"

namespace ward {

struct Report {
  struct UnitProblem {
    std::string File, Text; ///< File is as displayed
  };

  std::string Root; ///< paths are shown relative to it
  std::vector<Finding> Findings;
  std::vector<UnitProblem> NotChecked; ///< units that were not checked at all
  std::vector<UnitProblem> InPart;     ///< units with errors, each with its first error
  std::vector<UnitProblem> Remarks;    ///< functions that were not analysed completely
  std::vector<std::string> Problems;   ///< of the compile database, a sentence each
  size_t Checked = 0, Cached = 0;      ///< numbers of units; Checked includes Cached
  size_t Lines = 0;                    ///< of their source files
  size_t InBaseline = 0, Unchanged = 0, Fixed = 0; ///< numbers of findings left out because of --baseline, --diff, --fix

  bool complete() const { return NotChecked.empty() && InPart.empty() && Problems.empty(); }
};

/// Each finding with its line and notes, as clang-tidy prints it.
std::string textOf(const Report &R, bool Colors);
/// The summary: numbers, findings per check, and what was not checked.
std::string summaryOf(const Report &R);
/// The summary of a run that produced facts instead of findings.
std::string factsSummaryOf(const Report &R);
/// Ward's JSON format, described in docs/ward.md, as a value and as text.
llvm::json::Value jsonValueOf(const Report &R);
std::string jsonOf(const Report &R);
/// SARIF 2.1.0.
std::string sarifOf(const Report &R);
/// Workflow commands that GitHub Actions shows as annotations in a pull request.
std::string githubOf(const Report &R);

/// For each of \p Findings its fingerprint, with its index among equal ones.
std::vector<std::string> numberedFingerprints(llvm::ArrayRef<Finding> Findings, llvm::StringRef Root);

} // namespace ward

#endif // WARD_TOOLS_REPORT_REPORT_H
