// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// `ward annotate`: writes what the analysis knows about locks into the sources, as annotations.
#include "driver/Command.h"
#include "rewriting/AnnotationPlan.h"
#include "rewriting/Rewrite.h"
#include "run/CheckOptions.h"
#include "run/WorkerPool.h"

#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace ward {
namespace {

cl::SubCommand Sub("annotate", "Write GUARDED_BY, REQUIRES and EXCLUDES annotations into the sources");
UnitOptions Units(Sub);
cl::opt<Confidence> Least("min-confidence", cl::desc("The least confidence in an inferred guard (default: likely):"), confidenceValues(),
                          cl::init(Confidence::Likely), cl::sub(Sub));
cl::opt<bool> DryRun("dry-run", cl::desc("Print a unified diff, and change nothing"), cl::sub(Sub));
cl::opt<std::string> Class("class", cl::desc("Only the members of the class NAME, which may be qualified"), cl::value_desc("NAME"), cl::sub(Sub));
cl::opt<bool> OnlyFields("only-fields", cl::desc("Only fields and variables, and no functions"), cl::sub(Sub));

int annotate() {
  interruptible();
  Expected<Project> P = projectToRewrite(Units);
  if (!P)
    return failed(P.takeError());

  Report R;
  R.Root = P->Root;
  AnalysedProgram Program;
  if (!Program.analyse(*P, Units, R, Least))
    return Interrupted;
  Program.stateInferred(Least);
  RewritePlan Plan;
  Plan.Macros = findMacros(P->Root);
  planAnnotations(Program, P->Root, Class, Plan);
  if (OnlyFields)
    Plan.Contracts.clear();
  bool Finished = true;
  Rewrite Edits(P->Root);
  Report Second;
  if (!Plan.Guards.empty() || !Plan.Contracts.empty())
    Finished = Edits.collect(*P, Plan, Units, Second);
  if (!Finished)
    return Interrupted;
  Edits.restrictTo(Units.paths());
  Edits.settle();

  for (const Obstacle &Each : Edits.obstacles())
    errs() << shown(Each.File, P->Root) << ':' << Each.Line << ": not annotated: " << Each.Why << '\n';
  for (const auto &List : {R.NotChecked, R.InPart})
    for (const Report::UnitProblem &Each : List)
      warning() << Each.File << ": " << Each.Text << "; the annotations may be incomplete\n";
  size_t Files = Edits.files(), Declarations = Edits.groups().size();
  if (DryRun)
    outs() << Edits.diff();
  else if (Error Problem = Edits.write())
    return failed(std::move(Problem));
  errs() << "Ward: " << (DryRun ? "would annotate " : "annotated ") << Declarations << " declaration" << (Declarations == 1 ? "" : "s") << " in " << Files
         << " file" << (Files == 1 ? "" : "s");
  if (Declarations)
    errs() << ", with " << Plan.Macros.GuardedBy << " and the like of " << (Plan.Macros.Header.empty() ? Plan.Macros.Include : shown(Plan.Macros.Header, P->Root));
  errs() << ".\n";
  return R.NotChecked.empty() && R.InPart.empty() ? Clean : NotChecked;
}

Command Registered(Sub, annotate);

} // namespace
} // namespace ward
