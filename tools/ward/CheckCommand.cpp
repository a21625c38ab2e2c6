// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// `ward check`: runs the checks on all units of a compile database.
#include "findings/ApplyFixes.h"
#include "driver/Command.h"
#include "findings/NoLintComments.h"
#include "run/ProjectCheck.h"
#include "report/ReportOptions.h"
#include "driver/WholeFile.h"
#include "run/WorkerPool.h"

#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace ward {
namespace {

cl::SubCommand Sub("check", "Run the checks on the files of a compile database");
UnitOptions Units(Sub);
SelectionOptions Selecting(Sub);
ReportOptions Reporting(Sub);
cl::opt<bool> Fix("fix", cl::desc("Apply the fixes to the sources"), cl::sub(Sub));
cl::opt<bool> NoWholeProgram("no-whole-program", cl::desc("Check each file separately, without the analysis across files"), cl::sub(Sub));
cl::opt<bool> Stale("unused-nolint", cl::desc("Also report NOLINT comments for Ward's checks, and entries of the baseline, that suppress nothing"),
                    cl::sub(Sub));
cl::opt<std::string> Tables("tables", cl::desc("Also write the guards and the lock order to FILE as JSON"), cl::value_desc("FILE"),
                            cl::sub(Sub));
cl::opt<std::string> Explain("explain", cl::desc("Print the documentation of CHECK"), cl::value_desc("CHECK"), cl::sub(Sub));
cl::opt<bool> ListChecks("list-checks", cl::desc("List all checks and their tiers"), cl::sub(Sub));

int explain() {
  const CheckInfo *Check = checkNamed(Explain);
  if (!Check)
    Check = checkNamed("ward-" + Explain);
  if (!Check) {
    error() << "unknown check '" << Explain << "'; see ward check --list-checks\n";
    return NotChecked;
  }
  outs() << (Check->Page.empty() ? Check->Summary.str() + "\n" : Check->Page.str());
  return Clean;
}

int listChecks() {
  static const char *const Tiers[] = {"default", "strict", "all"};
  for (const CheckInfo &C : allChecks())
    outs() << left_justify(C.Name, 34) << ' ' << left_justify(Tiers[static_cast<int>(C.In)], 8) << C.Summary << '\n';
  return Clean;
}

int check() {
  if (!Explain.empty())
    return explain();
  if (ListChecks)
    return listChecks();
  if (Error Problem = Reporting.verify(/*OnlyPart=*/Units.hasPaths() || Fix))
    return failed(std::move(Problem));
  if (NoWholeProgram && !Tables.empty())
    return failed(createStringError(inconvertibleErrorCode(), "--tables cannot be combined with --no-whole-program"));
  if (Stale && (Units.hasPaths() || Fix || NoWholeProgram))
    return failed(createStringError(inconvertibleErrorCode(), "--unused-nolint cannot be combined with PATHS, --fix or --no-whole-program, because what "
                                                              "a comment suppresses may depend on all files"));
  interruptible();
  Expected<Project> P = Units.project();
  if (!P)
    return failed(P.takeError());
  Expected<CheckSelection> Selection = Selecting.of(*P, /*WholeProgram=*/!NoWholeProgram);
  if (!Selection)
    return failed(Selection.takeError());

  if (Error Problem = Reporting.prepare(P->Root))
    return failed(std::move(Problem));
  for (const std::string &Problem : P->Problems)
    warning() << Problem << "; entry ignored\n";

  Report R;
  R.Root = P->Root;
  R.Problems = P->Problems;
  std::string TablesText;
  Expected<bool> Finished = checkProject(*P, {*Selection, Units, Selecting.wantsThirdParty(), Tables.empty() ? nullptr : &TablesText}, R);
  if (!Finished)
    return failed(Finished.takeError());
  if (!*Finished)
    return Interrupted;
  if (!Tables.empty())
    if (Error Problem = writeWhole(Tables, TablesText))
      return failed(std::move(Problem));
  std::optional<std::vector<Finding>> Unused;
  if (Stale) {
    EnabledChecks On(*Selection);
    Unused = unusedNoLints(R.NoLints, R.Hidden, [&](StringRef File, StringRef Check) { return On.contain(File, Check); });
  }
  if (Error Problem = Reporting.apply(R, std::move(Unused)))
    return failed(std::move(Problem));

  bool Failed = false;
  if (Fix) {
    FixOutcome Outcome = applyFixes(std::move(R.Findings), R.Root);
    for (const std::string &Problem : Outcome.Problems)
      warning() << Problem << '\n';
    R.Findings = std::move(Outcome.Left);
    R.Fixed = Outcome.Fixed;
    Failed = Outcome.Failed;
  }
  if (Error Problem = Reporting.write(R))
    return failed(std::move(Problem));
  if (Failed || !R.complete())
    return NotChecked;
  return R.Findings.empty() ? Clean : HasFindings;
}

Command Registered(Sub, check);

} // namespace
} // namespace ward
