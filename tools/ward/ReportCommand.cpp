// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// `ward report`: the findings of ward check, the lock order and the guards as an HTML page.
#include "driver/Command.h"
#include "report/HtmlReport.h"
#include "run/ProjectCheck.h"
#include "driver/WholeFile.h"
#include "run/WorkerPool.h"

#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace ward {
namespace {

cl::SubCommand Sub("report", "Check a project and write an HTML page of the findings, the lock order and the guarded fields");
UnitOptions Units(Sub);
SelectionOptions Selecting(Sub);
cl::opt<std::string> Output("output", cl::desc("The HTML file to write (default: ward-report.html)"), cl::value_desc("FILE"),
                            cl::init("ward-report.html"), cl::sub(Sub));
cl::alias OutputShort("o", cl::desc("Alias for --output"), cl::aliasopt(Output));

int report() {
  interruptible();
  Expected<Project> P = Units.project();
  if (!P)
    return failed(P.takeError());
  Expected<CheckSelection> Selection = Selecting.of(*P, /*WholeProgram=*/true);
  if (!Selection)
    return failed(Selection.takeError());
  Report R;
  R.Root = P->Root;
  R.Problems = P->Problems;
  std::string Tables;
  Expected<bool> Finished = checkProject(*P, {*Selection, Units, Selecting.wantsThirdParty(), &Tables}, R);
  if (!Finished)
    return failed(Finished.takeError());
  if (!*Finished)
    return Interrupted;
  sortBy(Order::Severity, R.Findings);
  if (Error Problem = writeWhole(Output, htmlOf(R, Tables)))
    return failed(std::move(Problem));
  errs() << summaryOf(R);
  if (Output != "-")
    errs() << "Open " << Output << " in a browser.\n";
  if (!R.complete())
    return NotChecked;
  return R.Findings.empty() ? Clean : HasFindings;
}

Command Registered(Sub, report);

} // namespace
} // namespace ward
