// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The report of `ward check` and its output formats.
#ifndef WARD_TOOLS_REPORT_REPORT_H
#define WARD_TOOLS_REPORT_REPORT_H

#include "findings/Finding.h"
#include "findings/Rating.h"
#include "findings/ThirdParty.h"

#include <optional>
#include <set>

namespace ward {

struct Report {
  struct UnitProblem {
    std::string File, Text; ///< File is as displayed
  };

  std::string Root; ///< paths are shown relative to it
  std::vector<Finding> Findings; ///< those that are reported, in the order of the report
  std::vector<Finding> Hidden;   ///< those that a comment or the baseline suppresses
  bool HasBaseline = false;      ///< the others are not in the baseline
  std::optional<Order> Headings; ///< what the headings of the text are about; none for a text without
  std::vector<UnitProblem> NotChecked; ///< units that were not checked at all
  std::vector<UnitProblem> InPart;     ///< units with errors, each with its first error
  std::vector<UnitProblem> Remarks;    ///< functions that were not analysed completely
  std::vector<std::string> Problems;   ///< of the compile database, a sentence each
  size_t Checked = 0, Cached = 0;      ///< numbers of units; Checked includes Cached
  size_t Lines = 0;                    ///< of their source files
  size_t InBaseline = 0, Unchanged = 0, Fixed = 0; ///< numbers of findings left out because of --baseline, --diff, --fix
  size_t Limited = 0;                  ///< number of defects left out because of --limit
  size_t ThirdParty = 0;               ///< number of defects in third-party code, which are left out
  std::set<std::string> ThirdPartyFolders; ///< where they are, relative to the root
  std::vector<std::string> NoLints;    ///< the files that have NOLINT comments for Ward's checks, and were checked completely

  bool complete() const { return NotChecked.empty() && InPart.empty() && Problems.empty(); }
};

/// Completes the findings of a run, which are those of merge(): rates them, recognises which are of one defect, moves those that a comment
/// suppresses to Hidden, and leaves out those that \p Others, unless null, knows as third-party code.
void finish(Report &R, ThirdParty *Others);

/// Each finding with its line and notes, as clang-tidy prints it. The findings of one defect are one entry.
std::string textOf(const Report &R, bool Colors);
/// The summary: numbers, the worst findings, findings per check, and what was not checked.
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

/// A defect: its findings, in the order of \p Findings, in which they stand together.
std::vector<llvm::ArrayRef<Finding>> defectsOf(llvm::ArrayRef<Finding> Findings);

} // namespace ward

#endif // WARD_TOOLS_REPORT_REPORT_H
