// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "run/ProjectRun.h"

#include "driver/Command.h"
#include "run/Progress.h"
#include "run/UnitCheck.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Regex.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace ward {
namespace {

/// Clang's statistics about its diagnostics, which the results contain anyway.
bool isNoise(StringRef Line) {
  static const Regex Noise("^[0-9]+ (warning|error)s?( and [0-9]+ errors?)? generated\\.|^Error while processing|^Suppressed ");
  return Line.trim().empty() || Noise.match(Line);
}

SmallVector<StringRef, 8> linesOf(StringRef Stderr) {
  SmallVector<StringRef, 8> Lines;
  Stderr.split(Lines, '\n', -1, /*KeepEmpty=*/false);
  erase_if(Lines, isNoise);
  return Lines;
}

} // namespace

void WorkerMessages::add(StringRef Stderr) {
  for (StringRef Line : linesOf(Stderr))
    if (Seen.insert(Line).second)
      All.push_back(Line.str());
}

bool WorkerMessages::any(StringRef Stderr) { return !linesOf(Stderr).empty(); }

bool ProjectRun::work(Report &R, Taker Take) {
  Progress Shown(P.Units.size(), Options.quiet());
  std::vector<size_t> Left = lookUp(R, Take);
  Shown.skipped(P.Units.size() - Left.size());
  // Rewriting sees the includes as well.
  if (!Options.parsesAll() && !Selection.Plan)
    Headers.emplace(P, Left, Cache, Options);
  bool Finished = workInProcesses(
      Left.size(), Options.jobs(), Options.timeout(), [&](size_t I) { return check(Left[I]); },
      [&](size_t I, WorkResult Result) {
        std::string Problem = finished(Left[I], std::move(Result), Take);
        std::string Name = shown(P.Units[Left[I]].Filename, P.Root);
        Shown.done(Name, Problem);
        if (!Problem.empty()) {
          R.NotChecked.push_back({Name, Problem});
          Take(Left[I], nullptr, Problem);
        }
      });
  Shown.clear();
  if (!Finished)
    errs() << "Interrupted: " << Done << " of " << P.Units.size() << " files were finished"
           << (Cache.enabled() ? "; the next run continues from there.\n" : ".\n");
  for (const std::string &Line : Messages.all())
    errs() << Line << '\n';
  llvm::sort(R.NotChecked, [](const auto &A, const auto &B) { return A.File < B.File; });
  return Finished;
}

/// The units that are not in the cache.
std::vector<size_t> ProjectRun::lookUp(Report &R, Taker Take) {
  std::vector<size_t> Left;
  for (size_t I = 0; I < P.Units.size() && !interrupted(); ++I) {
    if (std::string Problem = obstacle(P.Units[I]); !Problem.empty()) {
      R.NotChecked.push_back({shown(P.Units[I].Filename, P.Root), Problem});
      Take(I, nullptr, Problem);
      continue;
    }
    if (Cache.enabled())
      Keys[I] = cacheKey(P.Units[I], (Options.parsesAll() ? "check, parsing all\n" : "check\n") + Selection.text());
    std::optional<std::string> Kept = Cache.find(Keys[I]);
    std::optional<UnitResult> Result = Kept ? parseUnitResult(*Kept) : std::nullopt;
    if (!Result) {
      Left.push_back(I);
      continue;
    }
    ++R.Cached;
    ++Done;
    Take(I, &*Result, "");
  }
  return Left;
}

/// Runs in a worker process. Returns the size of the result of unit \p I, the result, and its cache entry.
std::string ProjectRun::check(size_t I) {
  FileTrace Trace;
  std::string Result = serialize(checkUnit(P.Units[I], Selection, {/*LibraryBodies=*/Options.parsesAll(), Headers ? Headers->of(I) : nullptr}, Trace));
  std::string Entry = Cache.enabled() && Trace.consistent() ? packEntry(Trace, Result) : "";
  return std::to_string(Result.size()) + "\n" + Result + Entry;
}

/// Passes on the output of check(). Returns the problem if there is no result.
std::string ProjectRun::finished(size_t I, WorkResult Result, Taker Take) {
  if (!Result.Problem.empty())
    return Result.Problem;
  auto [SizeText, Rest] = StringRef(Result.Output).split('\n');
  size_t Size = 0;
  std::optional<UnitResult> Parsed;
  if (!SizeText.getAsInteger(10, Size) && Size <= Rest.size())
    Parsed = parseUnitResult(Rest.take_front(Size));
  if (!Parsed)
    return "the worker process returned no result";
  StringRef Entry = Rest.drop_front(Size);
  Messages.add(Result.Stderr);
  // A cached result would not repeat the messages, so a result with messages is not cached.
  if (!Entry.empty() && !WorkerMessages::any(Result.Stderr) && !CacheFailed)
    if (Error Problem = Cache.keep(Keys[I], Entry)) {
      CacheFailed = true;
      warning() << "results are not cached: " << toString(std::move(Problem)) << '\n';
    }
  ++Done;
  Take(I, &*Parsed, "");
  return {};
}

} // namespace ward
