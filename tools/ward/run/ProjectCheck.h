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
  /// Findings in third-party code are reported, too.
  bool wantsThirdParty() const { return WithThirdParty; }

private:
  llvm::cl::opt<Tier> Profile;
  llvm::cl::opt<std::string> Checks, HeaderFilter;
  llvm::cl::opt<Confidence> Least;
  llvm::cl::opt<bool> WithThirdParty;
};

/// What checkProject() is to do.
struct ProjectCheckRequest {
  const CheckSelection &Selection;
  const UnitOptions &Units;
  bool WithThirdParty = false;
  std::string *Tables = nullptr; ///< receives the result of tablesOf(), unless null
};

/// Fills \p R, except for the problems of the database. False if interrupted.
llvm::Expected<bool> checkProject(const Project &P, const ProjectCheckRequest &Request, Report &R);

} // namespace ward

#endif // WARD_TOOLS_RUN_PROJECTCHECK_H
