// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "project/CompileDatabase.h"
#include "report/Report.h"
#include "report/Wording.h"

#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>
#include <map>

using namespace llvm;

namespace ward {
namespace {

constexpr size_t MostPlacesShown = 8;

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

/// The other places of a defect, one after the other; those in one file share its name.
void printFurther(ArrayRef<Finding> Places, StringRef Root, raw_ostream &Out) {
  Out << "and at " << count(Places.size(), "more place") << ": ";
  StringRef Before;
  for (const Finding &F : Places.take_front(MostPlacesShown)) {
    if (F.Main.File == Before)
      Out << ", " << F.Main.At.Line;
    else
      Out << (Before.empty() ? "" : "; ") << shown(F.Main.File, Root) << ':' << F.Main.At.Line;
    Before = F.Main.File;
  }
  Out << (Places.size() > MostPlacesShown ? ", ...\n" : "\n");
}

class TextWriter {
public:
  TextWriter(const Report &R, raw_ostream &Out, bool Colors) : R(R), Out(Out), Colors(Colors) {}

  void write() {
    std::vector<ArrayRef<Finding>> Defects = defectsOf(R.Findings);
    std::map<std::string, size_t> Numbers;
    for (ArrayRef<Finding> Places : Defects)
      ++Numbers[headingOf(Places.front())];
    std::string Before;
    for (ArrayRef<Finding> Places : Defects) {
      std::string Heading = headingOf(Places.front());
      if (Heading != Before)
        heading(Heading, Numbers[Heading]);
      Before = std::move(Heading);
      defect(Places);
    }
  }

private:
  std::string headingOf(const Finding &F) const {
    if (!R.Headings)
      return "";
    switch (*R.Headings) {
    case Order::Severity:
      return titleOf(F.Worst).str();
    case Order::File:
      return shown(F.Main.File, R.Root);
    case Order::Check:
      return F.Check;
    }
    return "";
  }

  void heading(StringRef Text, size_t Number) {
    if (Colors)
      Out.changeColor(raw_ostream::SAVEDCOLOR, /*Bold=*/true);
    Out << "== " << Text << " (" << Number << ")";
    if (Colors)
      Out.resetColor();
    Out << "\n\n";
  }

  void defect(ArrayRef<Finding> Places) {
    const Finding &F = Places.front();
    std::string Level = F.Level == Confidence::Hint ? ", hint" : "";
    print(F.Main, F.IsError ? SourceMgr::DK_Error : SourceMgr::DK_Warning, F.Main.Text + " [" + F.Check + Level + "]", F.Fix, R.Root, Out,
          Colors);
    if (!F.Macros.empty()) {
      const Message &Macro = F.Macros.front(); // the others are inside of it
      if (Macros.insert({Macro.File, Macro.At.Line, Macro.At.Column}).second)
        print(Macro, SourceMgr::DK_Note, Macro.Text, {}, R.Root, Out, Colors);
    }
    for (const Message &Note : F.Notes)
      print(Note, SourceMgr::DK_Note, Note.Text, {}, R.Root, Out, Colors);
    if (Places.size() > 1)
      printFurther(Places.drop_front(), R.Root, Out);
    Out << '\n';
  }

  const Report &R;
  raw_ostream &Out;
  bool Colors;
  std::set<std::tuple<StringRef, uint64_t, uint64_t>> Macros;
};

} // namespace

std::vector<ArrayRef<Finding>> defectsOf(ArrayRef<Finding> Findings) {
  std::vector<ArrayRef<Finding>> Result;
  for (size_t Begin = 0, End; Begin != Findings.size(); Begin = End) {
    const Finding &First = Findings[Begin];
    for (End = Begin + 1; End != Findings.size() && !First.Group.empty() && Findings[End].Group == First.Group;)
      ++End;
    Result.push_back(Findings.slice(Begin, End - Begin));
  }
  return Result;
}

std::string textOf(const Report &R, bool Colors) {
  std::string Result;
  raw_string_ostream Out(Result);
  Out.enable_colors(Colors);
  TextWriter(R, Out, Colors).write();
  if (R.Limited)
    Out << "and " << count(R.Limited, "more finding") << "; --limit=0 shows all\n\n";
  return Result;
}

} // namespace ward
