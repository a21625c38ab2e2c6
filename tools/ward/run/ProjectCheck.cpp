// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "run/ProjectCheck.h"

#include "program/LockInventory.h"
#include "run/ProjectRun.h"
#include "program/WholeProgram.h"

#include "llvm/Support/Regex.h"
#include "llvm/Support/WithColor.h"

#include <set>

using namespace llvm;

namespace ward {
namespace {

/// Merges all \p Results into \p R, in the order of the units.
void collect(const Project &P, std::vector<std::optional<UnitResult>> Results, Report &R) {
  std::vector<UnitResult> All;
  std::set<std::string> NoLints;
  for (const std::optional<UnitResult> &Result : Results)
    if (Result)
      NoLints.insert(Result->NoLints.begin(), Result->NoLints.end());
  // What a comment suppresses may be in the part that was not checked.
  for (const std::optional<UnitResult> &Result : Results)
    if (Result && !Result->Errors.empty())
      for (const std::string &File : Result->NoLints)
        NoLints.erase(File);
  for (size_t I = 0; I < Results.size(); ++I) {
    if (!Results[I])
      continue;
    ++R.Checked;
    R.Lines += Results[I]->Lines;
    if (!Results[I]->Errors.empty())
      R.InPart.push_back({shown(P.Units[I].Filename, P.Root), Results[I]->Errors.front()});
    for (const std::string &Remark : Results[I]->Remarks)
      if (none_of(R.Remarks, [&](const Report::UnitProblem &Other) { return Other.Text == Remark; })) // once for a function in a header
        R.Remarks.push_back({shown(P.Units[I].Filename, P.Root), Remark});
    All.push_back(std::move(*Results[I]));
  }
  R.Findings = merge(std::move(All));
  R.NoLints.assign(NoLints.begin(), NoLints.end());
}

/// Nothing is recognised as a lock, and some classes look like locks: the checks can find little.
void warnOfUnrecognisedLocks(const ProgramFacts &Facts) {
  std::string Text;
  raw_string_ostream Out(Text);
  if (recognisesNothing(Facts) && printUnrecognised(Facts, Out))
    WithColor::warning() << "no lock of this project is recognised, so the checks can find little\n" << Text;
}

} // namespace

SelectionOptions::SelectionOptions(cl::SubCommand &Sub)
    : Profile("profile", cl::desc("The checks to run:"), cl::init(Tier::Default), cl::sub(Sub),
              profileValues()),
      Checks("checks", cl::desc("Checks to add to the profile or remove from it, as in clang-tidy's -checks"), cl::value_desc("GLOBS"),
             cl::sub(Sub)),
      HeaderFilter("header-filter", cl::desc("Headers to report on (default: those below the root)"), cl::value_desc("REGEX"), cl::sub(Sub)),
      Least("min-confidence", cl::desc("The least confidence in an inferred guard (default: as ward-missing-lock.MinConfidence says):"),
            confidenceValues(), cl::init(Confidence::None), cl::sub(Sub)),
      WithThirdParty("third-party", cl::desc("Also report findings in third-party code below the root"), cl::sub(Sub)) {}

Expected<CheckSelection> SelectionOptions::of(const Project &P, bool WholeProgram) const {
  CheckSelection Result{Profile, Checks, HeaderFilter.empty() ? "^" + Regex::escape(P.Root) + "/" : HeaderFilter.getValue(),
                        WholeProgram ? P.Root : "", /*OnlyFacts=*/false, Least};
  if (Error Problem = Result.verify())
    return Problem;
  if (std::string Problem; !Regex(Result.HeaderFilter).isValid(Problem))
    return createStringError(inconvertibleErrorCode(), "--header-filter: %s", Problem.c_str());
  return Result;
}

Expected<bool> checkProject(const Project &P, const ProjectCheckRequest &Request, Report &R) {
  const CheckSelection &Selection = Request.Selection;
  bool NeedsFacts = !Selection.FactsRoot.empty();
  ResultCache Cache(Request.Units.cacheFolder());
  WholeProgram Program;
  std::vector<std::optional<UnitResult>> Results(P.Units.size());
  bool Finished = ProjectRun(P, Selection, Cache, Request.Units).work(R, [&](size_t I, UnitResult *Result, StringRef) {
    if (!Result)
      return;
    if (NeedsFacts)
      Program.addLine(Result->Facts);
    Result->Facts.clear();
    Results[I] = std::move(*Result);
  });
  if (!Finished)
    return false;
  Cache.prune(/*MaxBytes=*/uint64_t(2) << 30);
  collect(P, std::move(Results), R);
  if (NeedsFacts) {
    warnOfUnrecognisedLocks(Program.facts());
    WholeProgram::Options Whole;
    Whole.Root = P.Root;
    Whole.HeaderFilter = Selection.HeaderFilter;
    Whole.Tables = Request.Tables;
    ProgramFindings Found = Program.analyse(Whole, R);
    std::vector<UnitResult> Both(1);
    Both.front().Findings = joined(std::move(R.Findings), std::move(Found));
    R.Findings = merge(std::move(Both));
  }
  ThirdParty Others(P.Root, Request.Units.paths());
  finish(R, Request.WithThirdParty ? nullptr : &Others);
  return true;
}

} // namespace ward
