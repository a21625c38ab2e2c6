// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "project/CompileDatabase.h"
#include "report/Report.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>
#include <map>

using namespace llvm;

namespace ward {
namespace {

constexpr size_t MostProblemsShown = 20, MostPlacesShown = 8;

void print(const Message &M, SourceMgr::DiagKind Kind, const std::string &Text, ArrayRef<Edit> Fix, StringRef Root, raw_ostream &Out,
           bool Colors) {
  if (M.File.empty()) {
    SMDiagnostic("", Kind, Text).print(nullptr, Out, Colors);
    return;
  }
  StringRef Line = M.Source;
  size_t Column = std::min<size_t>(M.At.Column ? M.At.Column - 1 : 0, Line.size());
  SmallVector<std::pair<unsigned, unsigned>, 2> Ranges;
  for (auto [Begin, End] : M.Ranges)
    Ranges.emplace_back(Begin - 1, std::min<size_t>(End - 1, Line.size()));
  SmallVector<SMFixIt, 2> Fixes;
  for (const Edit &E : Fix)
    if (E.File == M.File && E.Begin.Line == M.At.Line && E.End.Line == M.At.Line && !StringRef(E.Text).contains('\n') &&
        E.End.Column - 1 <= Line.size())
      Fixes.emplace_back(SMRange(SMLoc::getFromPointer(Line.data() + E.Begin.Column - 1),
                                 SMLoc::getFromPointer(Line.data() + E.End.Column - 1)),
                         E.Text);
  SourceMgr NoManager;
  SMDiagnostic(NoManager, SMLoc::getFromPointer(Line.data() + Column), shown(M.File, Root), M.At.Line, Column, Kind, Text, Line, Ranges,
               Fixes)
      .print(nullptr, Out, Colors);
}

std::string count(size_t Number, StringRef Noun) {
  std::string Digits = std::to_string(Number);
  for (int I = static_cast<int>(Digits.size()) - 3; I > 0; I -= 3)
    Digits.insert(I, ",");
  return Digits + " " + Noun.str() + (Number == 1 ? "" : "s");
}

void printFurther(ArrayRef<const Finding *> Places, StringRef Root, raw_ostream &Out) {
  Out << "and at " << count(Places.size(), "more place") << ": ";
  interleaveComma(Places.take_front(MostPlacesShown), Out, [&](const Finding *F) { Out << shown(F->Main.File, Root) << ':' << F->Main.At.Line; });
  Out << (Places.size() > MostPlacesShown ? ", ...\n" : "\n");
}

void list(StringRef Thing, StringRef What, ArrayRef<Report::UnitProblem> Problems, StringRef Root, raw_ostream &Out) {
  if (Problems.empty())
    return;
  Out << count(Problems.size(), Thing) << ' ' << What << ":\n";
  for (const Report::UnitProblem &P : Problems.take_front(MostProblemsShown))
    Out << "  " << P.File << ": " << shown(P.Text, Root) << '\n';
  if (Problems.size() > MostProblemsShown)
    Out << "  ... and " << Problems.size() - MostProblemsShown << " more\n";
}

} // namespace

std::string textOf(const Report &R, bool Colors) {
  std::string Result;
  raw_string_ostream Out(Result);
  Out.enable_colors(Colors);
  // The places of one defect are one entry, that of the first.
  std::map<StringRef, std::vector<const Finding *>> Groups;
  for (const Finding &F : R.Findings)
    if (!F.Group.empty())
      Groups[F.Group].push_back(&F);
  for (const Finding &F : R.Findings) {
    ArrayRef<const Finding *> Places;
    if (!F.Group.empty())
      Places = Groups[F.Group];
    if (!Places.empty() && Places.front() != &F)
      continue;
    print(F.Main, F.IsError ? SourceMgr::DK_Error : SourceMgr::DK_Warning, F.Main.Text + " [" + F.Check + "]", F.Fix, R.Root, Out,
          Colors);
    for (const Message &Note : F.Notes)
      print(Note, SourceMgr::DK_Note, Note.Text, {}, R.Root, Out, Colors);
    if (Places.size() > 1)
      printFurther(Places.drop_front(), R.Root, Out);
    Out << '\n';
  }
  return Result;
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
  Out << "Ward: " << count(R.Findings.size(), "finding") << " in " << count(R.Checked, "file") << " checked ("
      << count(R.Lines, "line") << (R.Cached ? ", " + std::to_string(R.Cached) + " from the cache" : "") << ").\n";
  std::map<StringRef, size_t> PerCheck;
  for (const Finding &F : R.Findings)
    ++PerCheck[F.Check];
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
  list("file", "not checked", R.NotChecked, R.Root, Out);
  list("file", "checked only in part because of errors", R.InPart, R.Root, Out);
  list("function", "analysed only in part", R.Remarks, R.Root, Out);
  return Result;
}

} // namespace ward
