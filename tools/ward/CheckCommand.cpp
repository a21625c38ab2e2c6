// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// `ward check`: the checks over all units of a compile database.
#include "ApplyFixes.h"
#include "Baseline.h"
#include "ChangedLines.h"
#include "Command.h"
#include "Progress.h"
#include "Report.h"
#include "ResultCache.h"
#include "UnitCheck.h"
#include "UnitOptions.h"
#include "WholeFile.h"
#include "WorkerPool.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Regex.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace ward {
namespace {

enum class Format { Text, Json, Sarif, Github };

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
cl::opt<std::string> Diff("diff", cl::desc("Only what is on lines that were changed since REF, for git"), cl::value_desc("REF"),
                          cl::sub(Sub));
cl::opt<std::string> BaselineFile("baseline", cl::desc("Only what is not in FILE"), cl::value_desc("FILE"), cl::sub(Sub));
cl::opt<bool> UpdateBaseline("update-baseline", cl::desc("Write what there is now to the file of --baseline"), cl::sub(Sub));
cl::opt<Format> As("format", cl::desc("How findings are written:"), cl::init(Format::Text), cl::sub(Sub),
                   cl::values(clEnumValN(Format::Text, "text", "for people (the default)"),
                              clEnumValN(Format::Json, "json", "Ward's own JSON"),
                              clEnumValN(Format::Sarif, "sarif", "SARIF 2.1.0"),
                              clEnumValN(Format::Github, "github", "annotations of GitHub Actions")));
cl::opt<std::string> Output("output", cl::desc("Write findings to FILE instead of stdout"), cl::value_desc("FILE"), cl::init("-"),
                            cl::sub(Sub));
cl::alias OutputShort("o", cl::desc("The same"), cl::aliasopt(Output));
cl::opt<bool> Fix("fix", cl::desc("Apply the fixes to the sources"), cl::sub(Sub));
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

/// What workers complained of that is no crash: a .clang-tidy that cannot be read, say.
class Complaints {
public:
  void add(StringRef Said) {
    SmallVector<StringRef, 8> Lines;
    Said.split(Lines, '\n', -1, /*KeepEmpty=*/false);
    for (StringRef Line : Lines)
      if (!isNoise(Line) && Seen.insert(Line).second)
        All.push_back(Line.str());
  }
  bool any(StringRef Said) {
    SmallVector<StringRef, 8> Lines;
    Said.split(Lines, '\n', -1, /*KeepEmpty=*/false);
    return any_of(Lines, [](StringRef Line) { return !isNoise(Line); });
  }
  ArrayRef<std::string> all() const { return All; }

private:
  /// Clang's own account of its work; errors are in the results.
  static bool isNoise(StringRef Line) {
    static const Regex Noise("^[0-9]+ (warning|error)s?( and [0-9]+ errors?)? generated\\.|^Error while processing|^Suppressed ");
    return Line.trim().empty() || Noise.match(Line);
  }

  StringSet<> Seen;
  std::vector<std::string> All;
};

/// Checks units, through the cache.
class Run {
public:
  Run(const Project &P, CheckSelection Selection, ResultCache &Cache)
      : P(P), Selection(std::move(Selection)), Cache(Cache), Results(P.Units.size()), Keys(P.Units.size()) {}

  /// False if it was interrupted.
  bool work(Report &R) {
    Progress Shown(P.Units.size(), Units.quiet());
    std::vector<size_t> Left = lookUp(R);
    Shown.skipped(P.Units.size() - Left.size());
    bool Finished = workInProcesses(
        Left.size(), Units.jobs(), Units.timeout(), [&](size_t I) { return check(Left[I]); },
        [&](size_t I, WorkResult Result) {
          std::string Problem = take(Left[I], std::move(Result));
          std::string Name = shown(P.Units[Left[I]].Filename, P.Root);
          Shown.done(Name, Problem);
          if (!Problem.empty())
            R.NotChecked.push_back({Name, Problem});
        });
    Shown.clear();
    if (!Finished)
      errs() << "Interrupted: " << count_if(Results, [](const auto &Result) { return Result.has_value(); }) << " of "
             << P.Units.size() << " files were done" << (Cache.enabled() ? "; the next run goes on from there.\n" : ".\n");
    for (const std::string &Line : Said.all())
      errs() << Line << '\n';
    finish(R);
    return Finished;
  }

private:
  /// The units that must be checked.
  std::vector<size_t> lookUp(Report &R) {
    std::vector<size_t> Left;
    for (size_t I = 0; I < P.Units.size() && !interrupted(); ++I) {
      std::string Problem = obstacle(P.Units[I]);
      if (!Problem.empty()) {
        R.NotChecked.push_back({shown(P.Units[I].Filename, P.Root), Problem});
        continue;
      }
      if (Cache.enabled())
        Keys[I] = cacheKey(P.Units[I], "check\n" + Selection.text());
      if (std::optional<std::string> Kept = Cache.find(Keys[I]))
        Results[I] = parseUnitResult(*Kept);
      if (Results[I])
        ++R.Cached;
      else
        Left.push_back(I);
    }
    return Left;
  }

  /// In a process of its own: the result of \p I as the cache keeps it, ahead of it its size.
  std::string check(size_t I) {
    FileTrace Trace;
    std::string Result = serialize(checkUnit(P.Units[I], Selection, Trace));
    std::string Entry = Cache.enabled() && Trace.consistent() ? packEntry(Trace, Result) : "";
    return std::to_string(Result.size()) + "\n" + Result + Entry;
  }

  /// Takes what check() gave; says why there is no result, if there is none.
  std::string take(size_t I, WorkResult Result) {
    if (!Result.Problem.empty())
      return Result.Problem;
    auto [SizeText, Rest] = StringRef(Result.Output).split('\n');
    size_t Size = 0;
    if (!SizeText.getAsInteger(10, Size) && Size <= Rest.size())
      Results[I] = parseUnitResult(Rest.take_front(Size));
    if (!Results[I])
      return "its process gave no result";
    StringRef Entry = Rest.drop_front(Size);
    Said.add(Result.Said);
    // A complaint would not be made again, so such a result is not kept.
    if (Entry.empty() || Said.any(Result.Said) || CacheFailed)
      return {};
    if (Error Problem = Cache.keep(Keys[I], Entry)) {
      CacheFailed = true;
      warning() << "results are not kept for the next run: " << toString(std::move(Problem)) << '\n';
    }
    return {};
  }

  void finish(Report &R) {
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
    sort(R.NotChecked, [](const auto &A, const auto &B) { return A.File < B.File; });
  }

  const Project &P;
  CheckSelection Selection;
  ResultCache &Cache;
  std::vector<std::optional<UnitResult>> Results;
  std::vector<std::string> Keys;
  Complaints Said;
  bool CacheFailed = false;
};

/// Writes the baseline of what \p R found. What could not be looked at keeps what it had.
Error updateBaseline(const Report &R) {
  Baseline Now = Baseline::of(R.Findings, R.Root);
  if (Expected<Baseline> Before = Baseline::read(BaselineFile)) {
    if (!R.complete())
      Now.include(*Before);
  } else {
    consumeError(Before.takeError());
  }
  if (Error Problem = writeWhole(BaselineFile, Now.text()))
    return Problem;
  errs() << BaselineFile << ": " << Now.size() << (Now.size() == 1 ? " finding" : " findings") << '\n';
  return Error::success();
}

std::string formatted(const Report &R) {
  switch (As) {
  case Format::Text:
    return textOf(R, Output == "-" && sys::Process::StandardOutHasColors()) + summaryOf(R);
  case Format::Json:
    return jsonOf(R);
  case Format::Sarif:
    return sarifOf(R);
  case Format::Github:
    return githubOf(R);
  }
  return {};
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
  if (UpdateBaseline && (BaselineFile.empty() || Units.hasPaths() || !Diff.empty() || Fix))
    return failed(createStringError(inconvertibleErrorCode(),
                                    "--update-baseline goes with --baseline FILE, and with no PATHS, --diff or --fix: it is of all files"));
  interruptible();
  Expected<Project> P = Units.project();
  if (!P)
    return failed(P.takeError());
  CheckSelection Selection{Profile, Checks, HeaderFilter.empty() ? "^" + Regex::escape(P->Root) + "/" : HeaderFilter};
  if (Error Problem = Selection.verify())
    return failed(std::move(Problem));
  if (std::string Problem; !Regex(Selection.HeaderFilter).isValid(Problem))
    return failed(createStringError(inconvertibleErrorCode(), "--header-filter: %s", Problem.c_str()));

  // What can go wrong without a run, before one.
  std::optional<Baseline> Known;
  if (!BaselineFile.empty() && !UpdateBaseline) {
    Expected<Baseline> Read = Baseline::read(BaselineFile);
    if (!Read)
      return failed(Read.takeError());
    Known = std::move(*Read);
  }
  std::optional<ChangedLines> Changed;
  if (!Diff.empty()) {
    Expected<ChangedLines> Read = ChangedLines::since(Diff, P->Root);
    if (!Read)
      return failed(Read.takeError());
    Changed = std::move(*Read);
  }
  for (const std::string &Problem : P->Problems)
    warning() << Problem << "; left out\n";

  Report R;
  R.Root = P->Root;
  R.Problems = P->Problems;
  ResultCache Cache(Units.cacheFolder());
  if (!Run(*P, std::move(Selection), Cache).work(R))
    return Interrupted;
  Cache.prune(/*MaxBytes=*/uint64_t(2) << 30);

  if (UpdateBaseline) {
    if (Error Problem = updateBaseline(R))
      return failed(std::move(Problem));
    R.InBaseline = R.Findings.size();
    R.Findings.clear();
  }
  size_t All = R.Findings.size();
  if (Known)
    R.Findings = Known->unknown(std::move(R.Findings), R.Root);
  R.InBaseline += All - R.Findings.size();
  All = R.Findings.size();
  if (Changed)
    erase_if(R.Findings, [&](const Finding &F) { return !Changed->concern(F); });
  R.Unchanged = All - R.Findings.size();

  bool Failed = false;
  if (Fix) {
    FixOutcome Outcome = applyFixes(std::move(R.Findings), R.Root);
    for (const std::string &Problem : Outcome.Problems)
      warning() << Problem << '\n';
    R.Findings = std::move(Outcome.Left);
    R.Fixed = Outcome.Fixed;
    Failed = Outcome.Failed;
  }
  if (Error Problem = writeWhole(Output, formatted(R)))
    return failed(std::move(Problem));
  if (As != Format::Text || Output != "-")
    errs() << summaryOf(R);
  if (Failed || !R.complete())
    return NotChecked;
  return R.Findings.empty() ? Clean : HasFindings;
}

Command Registered(Sub, check);

} // namespace
} // namespace ward
