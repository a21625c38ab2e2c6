// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The options of every subcommand that reports findings: which of them, and how they are written.
#ifndef WARD_TOOLS_REPORT_REPORTOPTIONS_H
#define WARD_TOOLS_REPORT_REPORTOPTIONS_H

#include "findings/Baseline.h"
#include "findings/ChangedLines.h"
#include "report/Report.h"

#include "llvm/Support/CommandLine.h"

#include <optional>

namespace ward {

enum class ReportFormat { Text, Json, Sarif, Github };

/// One of these, as a static variable of the subcommand's file, adds the options to \p Sub.
class ReportOptions {
public:
  explicit ReportOptions(llvm::cl::SubCommand &Sub);

  bool updatesBaseline() const { return UpdateBaseline; }
  /// \p OnlyPart: it is not of all files, so that it can't say what a baseline should be.
  llvm::Error verify(bool OnlyPart) const;
  /// Reads what can go wrong without a run, before one.
  llvm::Error prepare(llvm::StringRef Root);
  /// Takes from \p R what is not to be reported, or writes it to the baseline.
  llvm::Error apply(Report &R);
  /// Writes \p R, and a summary to stderr if that is not in it.
  llvm::Error write(const Report &R) const;

private:
  llvm::cl::opt<std::string> Diff, BaselineFile;
  llvm::cl::opt<bool> UpdateBaseline;
  llvm::cl::opt<ReportFormat> As;
  llvm::cl::opt<std::string> Output;
  llvm::cl::alias OutputShort;
  std::optional<Baseline> Known;
  std::optional<ChangedLines> Changed;
};

} // namespace ward

#endif // WARD_TOOLS_REPORT_REPORTOPTIONS_H
