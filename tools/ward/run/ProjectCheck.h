// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The checks over a project: each file by itself, then all together.
#ifndef WARD_TOOLS_RUN_PROJECTCHECK_H
#define WARD_TOOLS_RUN_PROJECTCHECK_H

#include "run/CheckOptions.h"
#include "report/Report.h"
#include "project/UnitOptions.h"

#include "llvm/Support/CommandLine.h"

namespace ward {

/// The options that say which checks, and of which headers. One of these, as a static variable of the subcommand's file, adds
/// them to \p Sub.
class SelectionOptions {
public:
  explicit SelectionOptions(llvm::cl::SubCommand &Sub);

  /// For \p P, with facts if its files are also looked at \p Together; an error if the options make no sense.
  llvm::Expected<CheckSelection> of(const Project &P, bool Together) const;

private:
  llvm::cl::opt<Tier> Profile;
  llvm::cl::opt<std::string> Checks, HeaderFilter;
};

/// Fills \p R, but for what stands in it of the database. \p Tables, unless null, is given what tablesOf() says of the program.
/// False if it was interrupted.
llvm::Expected<bool> checkProject(const Project &P, const CheckSelection &Selection, const UnitOptions &Units, std::string *Tables, Report &R);

} // namespace ward

#endif // WARD_TOOLS_RUN_PROJECTCHECK_H
