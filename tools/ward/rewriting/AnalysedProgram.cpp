// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "rewriting/AnalysedProgram.h"

#include "project/CompileDatabase.h"
#include "run/ProjectRun.h"

using namespace llvm;

namespace ward {

bool isNamed(StringRef Qualified, StringRef Name) {
  Name.consume_front("::");
  return Qualified == Name || (Qualified.consume_back(Name) && Qualified.ends_with("::"));
}

bool AnalysedProgram::analyse(const Project &P, const UnitOptions &Units, Report &R, Confidence Least) {
  CheckSelection Selection;
  Selection.FactsRoot = P.Root;
  Selection.OnlyFacts = true;
  ResultCache Cache(Units.cacheFolder());
  bool Finished = ProjectRun(P, Selection, Cache, Units).work(R, [&](size_t I, UnitResult *Result, StringRef) {
    if (!Result)
      return;
    ++R.Checked;
    if (!Result->Errors.empty())
      R.InPart.push_back({shown(P.Units[I].Filename, P.Root), Result->Errors.front()});
    Program.addLine(Result->Facts);
  });
  if (!Finished)
    return false;
  Cache.prune(/*MaxBytes=*/uint64_t(2) << 30);
  Graph = std::make_unique<ProgramGraph>(facts(), /*AnyUse=*/true);
  Verdicts = findGuards(*Graph, Least);
  return true;
}

void AnalysedProgram::stateInferred(Confidence Least) {
  for (unsigned Round = 0; Round < 8; ++Round) {
    bool Changed = false;
    for (const ProgramVerdict &Verdict : Verdicts) {
      if (Verdict.IsAnnotated || Verdict.Guard.How == ProgramGuardKey::OuterObject)
        continue;
      facts().annotate({Verdict.Subject, facts().intern({Verdict.Guard.Root, Verdict.Guard.Steps}), Verdict.Pointee});
      Changed = true;
    }
    if (!Changed)
      return;
    std::vector<ProgramVerdict> Before = std::move(Verdicts);
    Verdicts = findGuards(*Graph, Least);
    // Those of the first rounds are still to be written.
    for (ProgramVerdict &Verdict : Verdicts)
      for (const ProgramVerdict &Old : Before)
        if (Old.Subject == Verdict.Subject && Old.Pointee == Verdict.Pointee && Old.Guard == Verdict.Guard)
          Verdict.Evidence = Old.Evidence;
  }
}

std::string AnalysedProgram::place(Id Symbol, StringRef Root) {
  const ProgramPlace &At = facts().symbol(Symbol).At;
  if (At.File == None)
    return {};
  return pathFrom(Root, facts().files()[At.File]) + ":" + std::to_string(At.Line) + ":" + std::to_string(At.Column);
}

bool AnalysedProgram::isOf(Id Symbol, StringRef Name) { return Name.empty() || isNamed(facts().symbol(Symbol).Scope, Name); }

} // namespace ward
