// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The options common to the subcommands that report findings: which findings, and in which format.
#ifndef WARD_TOOLS_REPORT_REPORTOPTIONS_H
#define WARD_TOOLS_REPORT_REPORTOPTIONS_H

#include "findings/Baseline.h"
#include "findings/ChangedLines.h"
#include "report/Report.h"

#include "llvm/Support/CommandLine.h"

#include <optional>

namespace ward {

enum class ReportFormat { Text, Json, Sarif, Github };

/// What the headings of the text are about. Auto: the severity, if that is the order.
enum class Heading { Auto, Severity, File, Check, None };

/// A static variable of this type in a subcommand's file adds the options to \p Sub.
class ReportOptions {
public:
  explicit ReportOptions(llvm::cl::SubCommand &Sub);

  bool updatesBaseline() const { return UpdateBaseline; }
  /// \p OnlyPart: the run does not cover all files, so it cannot update a baseline.
  llvm::Error verify(bool OnlyPart) const;
  /// Reads the baseline and the changed lines, so that an error there is reported before the run.
  llvm::Error prepare(llvm::StringRef Root);
  /// Removes from \p R the findings that are not to be reported, or writes all of them to the baseline. Unless \p Unused is none,
  /// adds these, the findings on comments that suppress nothing, and those on entries of the baseline. Sorts them all.
  llvm::Error apply(Report &R, std::optional<std::vector<Finding>> Unused = std::nullopt);
  /// Writes \p R, and a summary to stderr if the format has none.
  llvm::Error write(const Report &R) const;

private:
  llvm::cl::opt<std::string> Diff, BaselineFile;
  llvm::cl::opt<bool> UpdateBaseline;
  llvm::cl::opt<Order> Sort;
  llvm::cl::opt<Heading> GroupBy;
  llvm::cl::opt<unsigned> Limit;
  llvm::cl::opt<ReportFormat> As;
  llvm::cl::opt<std::string> Output;
  llvm::cl::alias OutputShort;
  std::optional<Baseline> Known;
  std::optional<ChangedLines> Changed;
};

} // namespace ward

#endif // WARD_TOOLS_REPORT_REPORTOPTIONS_H
