// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Checks a project: first each file, then the whole program.
#ifndef WARD_TOOLS_RUN_PROJECTCHECK_H
#define WARD_TOOLS_RUN_PROJECTCHECK_H

#include "run/CheckOptions.h"
#include "report/Report.h"
#include "project/UnitOptions.h"

#include "llvm/Support/CommandLine.h"

namespace ward {

/// The options that select checks and headers. A static variable of this type in a subcommand's file adds them to \p Sub.
class SelectionOptions {
public:
  explicit SelectionOptions(llvm::cl::SubCommand &Sub);

  /// The selection for \p P, with facts if \p WholeProgram; an error if the options are invalid.
  llvm::Expected<CheckSelection> of(const Project &P, bool WholeProgram) const;

private:
  llvm::cl::opt<Tier> Profile;
  llvm::cl::opt<std::string> Checks, HeaderFilter;
  llvm::cl::opt<Confidence> Least;
};

/// Fills \p R, except for the problems of the database. \p Tables, unless null, receives the result of tablesOf(). False if interrupted.
llvm::Expected<bool> checkProject(const Project &P, const CheckSelection &Selection, const UnitOptions &Units, std::string *Tables, Report &R);

} // namespace ward

#endif // WARD_TOOLS_RUN_PROJECTCHECK_H
