// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// `ward doctor`: shows what Ward recognises in a project, and what looks like a lock but is not recognised.
#include "driver/Command.h"
#include "program/LockInventory.h"
#include "program/WholeProgram.h"
#include "run/ProjectCheck.h"
#include "run/ProjectRun.h"

#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace ward {
namespace {

cl::SubCommand Sub("doctor", "Show the locks, guards, condition variables and thread classes that are recognised in a project");
UnitOptions Units(Sub);

int doctor() {
  interruptible();
  Expected<Project> P = Units.project();
  if (!P)
    return failed(P.takeError());
  CheckSelection Selection{Tier::All, "", "", P->Root, /*OnlyFacts=*/true};
  for (const std::string &Problem : P->Problems)
    warning() << Problem << "; entry ignored\n";

  Report R;
  R.Root = P->Root;
  ResultCache Cache(Units.cacheFolder());
  WholeProgram Program;
  bool Finished =
      ProjectRun(*P, std::move(Selection), Cache, Units).work(R, [&](size_t, UnitResult *Result, StringRef) {
        if (!Result)
          return;
        ++R.Checked;
        Program.addLine(Result->Facts);
      });
  if (!Finished)
    return Interrupted;
  printRecognised(Program.facts(), outs());
  outs() << '\n';
  if (!printUnrecognised(Program.facts(), outs()))
    outs() << "No other class looks like a lock.\n";
  for (const Report::UnitProblem &Problem : R.NotChecked)
    errs() << Problem.File << ": " << Problem.Text << '\n';
  return R.NotChecked.empty() ? Clean : NotChecked;
}

Command Registered(Sub, doctor);

} // namespace
} // namespace ward
