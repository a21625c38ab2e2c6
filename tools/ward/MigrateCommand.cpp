// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// `ward migrate`: moves fields into the locks that guard them.
#include "driver/Command.h"
#include "rewriting/MigrationPlan.h"
#include "rewriting/Rewrite.h"
#include "run/CheckOptions.h"
#include "run/WorkerPool.h"

#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace ward {
namespace {

cl::SubCommand Sub("migrate", "Move fields into the locks that guard them, such as ward::Mutex");
UnitOptions Units(Sub);
cl::opt<std::string> Class("class", cl::desc("Only the class NAME, which may be qualified (default: every class that can be migrated whole)"),
                           cl::value_desc("NAME"), cl::sub(Sub));
cl::opt<std::string> Target("to", cl::desc("The library of the locks; the only one so far is ward"), cl::value_desc("LIBRARY"), cl::init("ward"),
                            cl::sub(Sub));
cl::opt<Confidence> Least("min-confidence", cl::desc("The least confidence in an inferred guard, unless all accesses hold it (default: likely):"),
                          confidenceValues(), cl::init(Confidence::Likely), cl::sub(Sub));
cl::opt<bool> DryRun("dry-run", cl::desc("Print a unified diff, and change nothing"), cl::sub(Sub));

int migrate() {
  interruptible();
  if (Target != "ward")
    return failed(createStringError(inconvertibleErrorCode(), "--to=%s: the only target so far is ward", Target.c_str()));
  Expected<Project> P = projectToRewrite(Units);
  if (!P)
    return failed(P.takeError());

  Report R;
  R.Root = P->Root;
  AnalysedProgram Program;
  if (!Program.analyse(*P, Units, R, Confidence::Hint))
    return Interrupted;
  for (const auto &List : {R.NotChecked, R.InPart})
    for (const Report::UnitProblem &Each : List)
      error() << Each.File << ": " << Each.Text << '\n';
  if (!R.NotChecked.empty() || !R.InPart.empty())
    return failed(createStringError(inconvertibleErrorCode(), "nothing is migrated, because code that was not analysed completely may use the fields"));
  RewritePlan Plan;
  Plan.Target = Target;
  planMigrations(Program, P->Root, Class, Least, Plan);
  if (Plan.Migrations.empty()) {
    errs() << "Ward: no lock " << (Class.empty() ? "" : "of '" + Class + "' ") << "is known to guard fields of its class.\n";
    return Class.empty() ? Clean : HasFindings;
  }
  Rewrite Edits(P->Root);
  Report Again;
  if (!Edits.collect(*P, Plan, Units, Again))
    return Interrupted;
  if (!Edits.condvars().empty()) { // they become those of the target, which every unit must know
    for (PlannedMigration &Each : Plan.Migrations)
      if (auto Waits = Edits.condvars().find(Each.Mutex); Waits != Edits.condvars().end())
        Each.Condvars.assign(Waits->second.begin(), Waits->second.end());
    Edits = Rewrite(P->Root);
    if (!Edits.collect(*P, Plan, Units, Again))
      return Interrupted;
  }
  Edits.settle();
  if (!Units.paths().empty())
    Edits.onlyWithin(Units.paths());

  std::set<std::string> Done = Edits.groups();
  size_t Left = 0;
  for (const PlannedMigration &Each : Plan.Migrations) {
    if (Done.count(Each.Mutex)) {
      errs() << Each.Name << ": " << (DryRun ? "can be migrated" : "migrated") << ", " << Each.Fields.size() << " field" << (Each.Fields.size() == 1 ? "" : "s") << '\n';
      continue;
    }
    ++Left;
    errs() << Each.Name << ": not migrated\n";
    for (const Obstacle &Why : Edits.obstacles())
      if (Why.Group == Each.Mutex)
        errs() << "  " << (Why.File.empty() ? "" : shown(Why.File, P->Root) + ":" + std::to_string(Why.Line) + ": ") << Why.Why << '\n';
  }
  size_t Files = Edits.files();
  if (DryRun)
    outs() << Edits.diff();
  else if (Error Problem = Edits.write())
    return failed(std::move(Problem));
  size_t Whole = Plan.Migrations.size() - Left;
  errs() << "Ward: " << (DryRun ? "would migrate " : "migrated ") << Whole << " of " << Plan.Migrations.size() << " lock" << (Plan.Migrations.size() == 1 ? "" : "s")
         << ", in " << Files << " file" << (Files == 1 ? "" : "s") << ".\n";
  return Left ? HasFindings : Clean;
}

Command Registered(Sub, migrate);

} // namespace
} // namespace ward
