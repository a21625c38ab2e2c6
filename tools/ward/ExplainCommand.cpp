// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// `ward explain`: everything that Ward knows about a finding.
#include "driver/Command.h"
#include "report/Explanation.h"
#include "run/ProjectCheck.h"
#include "run/WorkerPool.h"

#include "llvm/Support/raw_ostream.h"

#include <utility>

using namespace llvm;

namespace ward {
namespace {

cl::SubCommand Sub("explain", "Show the reasoning behind a finding: threads, locks, callers, evidence");
cl::opt<std::string> Which(cl::Positional, cl::desc("FINDING"), cl::Required, cl::sub(Sub));
UnitOptions Units(Sub);
SelectionOptions Selecting(Sub);

int explain() {
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
  Expected<bool> Finished = checkProject(*P, {*Selection, Units, /*WithThirdParty=*/true, &Tables}, R);
  if (!Finished)
    return failed(Finished.takeError());
  if (!*Finished)
    return Interrupted;
  std::vector<const Finding *> Named = findingsNamed(R, Which);
  if (Named.empty()) {
    error() << "no finding is called '" << Which << "': it is FILE:LINE, or a fingerprint as ward check --format=json prints it\n";
    return NotChecked;
  }
  bool First = true;
  for (const Finding *F : Named)
    outs() << (std::exchange(First, false) ? "" : "\n\n") << explanationOf(*F, R, Tables);
  return Clean;
}

Command Registered(Sub, explain);

} // namespace
} // namespace ward
