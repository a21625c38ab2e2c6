// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "project/CompileDatabase.h"
#include "report/Race.h"
#include "report/Report.h"
#include "driver/Version.h"

#include "llvm/Support/FormatVariadic.h"

using namespace llvm;

namespace ward {
namespace {

json::Object message(const Message &M, StringRef Root) {
  json::Object Result{{"message", json::fixUTF8(M.Text)}};
  if (!M.File.empty()) {
    Result["file"] = shown(M.File, Root);
    Result["line"] = M.At.Line;
    Result["column"] = M.At.Column;
    Result["source"] = json::fixUTF8(M.Source);
  }
  return Result;
}

/// One thread of a data race: whether it does what the finding is about, its notes by number, and its locks.
json::Object side(const Race::Side &Of) {
  json::Array Notes;
  for (size_t Note : Of.Notes)
    Notes.push_back(static_cast<int64_t>(Note));
  auto Names = [](const std::vector<std::string> &From) {
    json::Array To;
    for (const std::string &Name : From)
      To.push_back(json::fixUTF8(Name));
    return To;
  };
  return json::Object{{"main", Of.HasMain}, {"notes", std::move(Notes)}, {"holds", Names(Of.Holds)}, {"lacks", Names(Of.Lacks)}};
}

json::Array problems(ArrayRef<Report::UnitProblem> Problems) {
  json::Array Result;
  for (const Report::UnitProblem &P : Problems)
    Result.push_back(json::Object{{"file", P.File}, {"problem", json::fixUTF8(P.Text)}});
  return Result;
}

} // namespace

json::Value jsonValueOf(const Report &R) {
  json::Array Findings;
  for (const Finding &F : R.Findings) {
    json::Object One = message(F.Main, R.Root);
    One["check"] = F.Check;
    One["level"] = F.IsError ? "error" : "warning";
    One["severity"] = nameOf(F.Worst);
    One["confidence"] = nameOf(F.Level);
    One["fingerprint"] = F.Print;
    One["group"] = F.Group;
    if (std::optional<Race> Both = raceOf(F))
      One["race"] = json::Array{side(Both->A), side(Both->B)};
    json::Array Notes, Fix;
    for (const Message &Note : F.Notes)
      Notes.push_back(message(Note, R.Root));
    for (const Edit &E : F.Fix)
      Fix.push_back(json::Object{{"file", shown(E.File, R.Root)}, {"offset", E.Offset}, {"length", E.Length}, {"text", json::fixUTF8(E.Text)}});
    One["notes"] = std::move(Notes);
    One["fix"] = std::move(Fix);
    Findings.push_back(std::move(One));
  }
  return json::Object{
      {"ward", version()},
      {"findings", std::move(Findings)},
      {"checked", R.Checked},
      {"lines", R.Lines},
      {"in_baseline", R.InBaseline},
      {"in_third_party", R.ThirdParty},
      {"over_limit", R.Limited},
      {"on_unchanged_lines", R.Unchanged},
      {"fixed", R.Fixed},
      {"not_checked", problems(R.NotChecked)},
      {"checked_in_part", problems(R.InPart)},
      {"remarks", problems(R.Remarks)},
      {"database_problems", json::Array(R.Problems)},
  };
}

std::string jsonOf(const Report &R) { return formatv("{0:2}\n", jsonValueOf(R)).str(); }

} // namespace ward
