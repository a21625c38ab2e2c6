// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "project/CompileDatabase.h"
#include "report/Report.h"
#include "driver/Version.h"

#include "llvm/ADT/StringMap.h"
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

json::Array problems(ArrayRef<Report::UnitProblem> Problems) {
  json::Array Result;
  for (const Report::UnitProblem &P : Problems)
    Result.push_back(json::Object{{"file", P.File}, {"problem", json::fixUTF8(P.Text)}});
  return Result;
}

} // namespace

std::vector<std::string> numberedFingerprints(ArrayRef<Finding> Findings, StringRef Root) {
  StringMap<unsigned> Seen;
  std::vector<std::string> Result;
  for (const Finding &F : Findings) {
    std::string Print = F.fingerprint(shown(F.Main.File, Root));
    Result.push_back(Print + ":" + std::to_string(++Seen[Print]));
  }
  return Result;
}

json::Value jsonValueOf(const Report &R) {
  json::Array Findings;
  std::vector<std::string> Prints = numberedFingerprints(R.Findings, R.Root);
  for (size_t I = 0; I < R.Findings.size(); ++I) {
    const Finding &F = R.Findings[I];
    json::Object One = message(F.Main, R.Root);
    One["check"] = F.Check;
    One["level"] = F.IsError ? "error" : "warning";
    One["fingerprint"] = Prints[I];
    if (F.Level != Confidence::None)
      One["confidence"] = nameOf(F.Level);
    if (!F.Group.empty())
      One["group"] = F.Group;
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
