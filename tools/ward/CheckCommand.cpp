// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// `ward check`: the checks over all units of a compile database.
#include "ApplyFixes.h"
#include "Command.h"
#include "ProjectRun.h"
#include "ReportOptions.h"
#include "WholeProgram.h"

#include "llvm/Support/Regex.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace ward {
namespace {

cl::SubCommand Sub("check", "Run the checks over a project, through its compile database");
UnitOptions Units(Sub);
cl::opt<Tier> Profile("profile", cl::desc("Which checks:"), cl::init(Tier::Default), cl::sub(Sub),
                      cl::values(clEnumValN(Tier::Default, "default", "nearly always right (the default)"),
                                 clEnumValN(Tier::Strict, "strict", "also what is worth a discussion in old code"),
                                 clEnumValN(Tier::All, "all", "also what is a matter of taste")));
cl::opt<std::string> Checks("checks", cl::desc("Adds to the profile and takes from it, as clang-tidy's -checks"), cl::value_desc("GLOBS"),
                            cl::sub(Sub));
cl::opt<std::string> HeaderFilter("header-filter", cl::desc("Headers to report on (default: those below the root)"),
                                  cl::value_desc("REGEX"), cl::sub(Sub));
ReportOptions Reporting(Sub);
cl::opt<bool> Fix("fix", cl::desc("Apply the fixes to the sources"), cl::sub(Sub));
cl::opt<bool> EachAlone("no-whole-program", cl::desc("Look at each file by itself, not at what files do together"), cl::sub(Sub));
cl::opt<std::string> Tables("tables", cl::desc("Also write what guards what, and the order of locks, to FILE as JSON"),
                            cl::value_desc("FILE"), cl::sub(Sub));
cl::opt<std::string> Explain("explain", cl::desc("Print the documentation of CHECK"), cl::value_desc("CHECK"), cl::sub(Sub));
cl::opt<bool> ListChecks("list-checks", cl::desc("List all checks and their tiers"), cl::sub(Sub));

int explain() {
  const CheckInfo *Check = checkNamed(Explain);
  if (!Check)
    Check = checkNamed("ward-" + Explain);
  if (!Check) {
    error() << "no check is called '" << Explain << "'; see ward check --list-checks\n";
    return NotChecked;
  }
  outs() << Check->Page;
  return Clean;
}

int listChecks() {
  static const char *const Tiers[] = {"default", "strict", "all"};
  for (const CheckInfo &C : allChecks())
    outs() << left_justify(C.Name, 34) << ' ' << left_justify(Tiers[static_cast<int>(C.In)], 8) << C.Summary << '\n';
  return Clean;
}

/// What is in all \p Results, in the order of the units.
void collect(const Project &P, std::vector<std::optional<UnitResult>> Results, Report &R) {
  std::vector<UnitResult> All;
  for (size_t I = 0; I < Results.size(); ++I) {
    if (!Results[I])
      continue;
    ++R.Checked;
    R.Lines += Results[I]->Lines;
    if (!Results[I]->Errors.empty())
      R.InPart.push_back({shown(P.Units[I].Filename, P.Root), Results[I]->Errors.front()});
    All.push_back(std::move(*Results[I]));
  }
  R.Findings = merge(std::move(All));
}

/// The process that wrote \p Line is ours, and the cache has a checksum: what can't be read is not there.
void addFacts(StringRef Line, WholeProgram &Program) {
  Expected<json::Value> Unit = json::parse(Line);
  if (Unit && Unit->getAsObject())
    consumeError(Program.add(*Unit->getAsObject()));
  else if (!Unit)
    consumeError(Unit.takeError());
}

int failed(Error Problem) {
  error() << toString(std::move(Problem)) << '\n';
  return NotChecked;
}

int check() {
  if (!Explain.empty())
    return explain();
  if (ListChecks)
    return listChecks();
  if (Error Problem = Reporting.verify(/*OnlyPart=*/Units.hasPaths() || Fix))
    return failed(std::move(Problem));
  if (EachAlone && !Tables.empty())
    return failed(createStringError(inconvertibleErrorCode(), "--tables is of the whole program: it does not go with --no-whole-program"));
  interruptible();
  Expected<Project> P = Units.project();
  if (!P)
    return failed(P.takeError());
  CheckSelection Selection{Profile, Checks, HeaderFilter.empty() ? "^" + Regex::escape(P->Root) + "/" : HeaderFilter,
                           EachAlone ? "" : P->Root, /*OnlyFacts=*/false};
  if (Error Problem = Selection.verify())
    return failed(std::move(Problem));
  if (std::string Problem; !Regex(Selection.HeaderFilter).isValid(Problem))
    return failed(createStringError(inconvertibleErrorCode(), "--header-filter: %s", Problem.c_str()));

  if (Error Problem = Reporting.prepare(P->Root))
    return failed(std::move(Problem));
  for (const std::string &Problem : P->Problems)
    warning() << Problem << "; left out\n";

  Report R;
  R.Root = P->Root;
  R.Problems = P->Problems;
  ResultCache Cache(Units.cacheFolder());
  WholeProgram Program;
  std::vector<std::optional<UnitResult>> Results(P->Units.size());
  bool Finished = ProjectRun(*P, Selection, Cache, Units).work(R, [&](size_t I, UnitResult *Result, StringRef) {
    if (!Result)
      return;
    if (!EachAlone)
      addFacts(Result->Facts, Program);
    Result->Facts.clear();
    Results[I] = std::move(*Result);
  });
  if (!Finished)
    return Interrupted;
  Cache.prune(/*MaxBytes=*/uint64_t(2) << 30);
  collect(*P, std::move(Results), R);
  if (!EachAlone) {
    WholeProgram::Options Whole;
    Whole.Root = P->Root;
    Whole.HeaderFilter = Selection.HeaderFilter;
    Whole.Tables = Tables;
    Expected<ProgramFindings> Together = Program.analyse(Whole, R);
    if (!Together)
      return failed(Together.takeError());
    std::vector<UnitResult> Both(1);
    Both.front().Findings = joined(std::move(R.Findings), std::move(*Together));
    R.Findings = merge(std::move(Both));
  }
  if (Error Problem = Reporting.apply(R))
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
