// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "project/CompileDatabase.h"
#include "report/Report.h"
#include "report/Wording.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

#include <map>

using namespace llvm;

namespace ward {
namespace {

constexpr size_t MostProblemsShown = 20, MostWorstShown = 5, MostFoldersShown = 5;

/// Each problem after its file, unless the problem names it itself.
void list(StringRef Thing, StringRef What, ArrayRef<Report::UnitProblem> Problems, StringRef Root, raw_ostream &Out) {
  if (Problems.empty())
    return;
  Out << count(Problems.size(), Thing) << ' ' << What << ":\n";
  for (const Report::UnitProblem &P : Problems.take_front(MostProblemsShown)) {
    std::string Text = shown(P.Text, Root);
    Out << "  " << (StringRef(Text).starts_with(P.File + ":") ? "" : P.File + ": ") << Text << '\n';
  }
  if (Problems.size() > MostProblemsShown)
    Out << "  ... and " << Problems.size() - MostProblemsShown << " more\n";
}

/// The first findings in the order of severity, a line each, if the report is too long to see them at once.
void listWorst(const Report &R, raw_ostream &Out) {
  std::vector<Finding> Sorted = R.Findings;
  sortBy(Order::Severity, Sorted);
  std::vector<ArrayRef<Finding>> Defects = defectsOf(Sorted);
  if (Defects.size() <= MostWorstShown || Sorted.front().Worst == Severity::Style)
    return;
  Out << "The worst:\n";
  for (ArrayRef<Finding> Places : ArrayRef(Defects).take_front(MostWorstShown)) {
    const Finding &F = Places.front();
    if (F.Worst == Severity::Style)
      break;
    Out << "  " << shown(F.Main.File, R.Root) << ':' << F.Main.At.Line << ": " << F.Main.Text;
    if (Places.size() > 1)
      Out << " (" << count(Places.size(), "place") << ')';
    Out << '\n';
  }
}

} // namespace

std::string count(size_t Number, StringRef Noun) {
  std::string Digits = std::to_string(Number);
  for (int I = static_cast<int>(Digits.size()) - 3; I > 0; I -= 3)
    Digits.insert(I, ",");
  return Digits + " " + Noun.str() + (Number == 1 ? "" : "s");
}

std::string factsSummaryOf(const Report &R) {
  std::string Result;
  raw_string_ostream Out(Result);
  Out << "Ward: facts of " << count(R.Checked, "file") << " (" << count(R.Lines, "line")
      << (R.Cached ? ", " + std::to_string(R.Cached) + " from the cache" : "") << ").\n";
  list("file", "not analysed", R.NotChecked, R.Root, Out);
  list("file", "analysed only in part because of errors", R.InPart, R.Root, Out);
  return Result;
}

std::string summaryOf(const Report &R) {
  std::string Result;
  raw_string_ostream Out(Result);
  std::vector<ArrayRef<Finding>> Defects = defectsOf(R.Findings);
  Out << "Ward: " << count(Defects.size(), "finding")
      << (Defects.size() == R.Findings.size() ? "" : " at " + count(R.Findings.size(), "place")) << " in "
      << count(R.Checked, "file") << " checked (" << count(R.Lines, "line")
      << (R.Cached ? ", " + std::to_string(R.Cached) + " from the cache" : "") << ").\n";
  listWorst(R, Out);
  std::map<StringRef, size_t> PerCheck;
  for (ArrayRef<Finding> Places : Defects)
    ++PerCheck[Places.front().Check];
  std::vector<std::pair<StringRef, size_t>> Most(PerCheck.begin(), PerCheck.end());
  llvm::sort(Most, [](const auto &A, const auto &B) { return std::tie(B.second, A.first) < std::tie(A.second, B.first); });
  for (const auto &[Check, Number] : Most)
    Out << right_justify(std::to_string(Number), 7) << "  " << Check << '\n';
  if (R.Fixed)
    Out << count(R.Fixed, "finding") << " fixed.\n";
  if (R.InBaseline)
    Out << count(R.InBaseline, "finding") << " in the baseline.\n";
  if (R.Unchanged)
    Out << count(R.Unchanged, "finding") << " on unchanged lines.\n";
  if (R.ThirdParty) {
    std::vector<StringRef> Folders(R.ThirdPartyFolders.begin(), R.ThirdPartyFolders.end());
    Out << count(R.ThirdParty, "finding") << " in third-party code (" << join(ArrayRef(Folders).take_front(MostFoldersShown), ", ")
        << (Folders.size() > MostFoldersShown ? ", ..." : "") << "); --third-party reports them.\n";
  }
  list("file", "not checked", R.NotChecked, R.Root, Out);
  list("file", "checked only in part because of errors", R.InPart, R.Root, Out);
  list("function", "analysed only in part", R.Remarks, R.Root, Out);
  return Result;
}

} // namespace ward
