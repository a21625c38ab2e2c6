// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "project/CompileDatabase.h"
#include "report/Report.h"

#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace ward {
namespace {

/// \p Text with the characters escaped that end a workflow command or, with \p Property, a property of one.
std::string escaped(StringRef Text, bool Property = false) {
  std::string Result;
  for (char C : Text) {
    switch (C) {
    case '%':
      Result += "%25";
      break;
    case '\r':
      Result += "%0D";
      break;
    case '\n':
      Result += "%0A";
      break;
    case ':':
      Result += Property ? "%3A" : ":";
      break;
    case ',':
      Result += Property ? "%2C" : ",";
      break;
    default:
      Result += C;
    }
  }
  return Result;
}

} // namespace

std::string githubOf(const Report &R) {
  std::string Result;
  raw_string_ostream Out(Result);
  for (const Finding &F : R.Findings) {
    std::string Text = F.Main.Text;
    for (const Message &Note : F.Notes) {
      Text += "\n" + Note.Text;
      if (!Note.File.empty())
        Text += " (" + shown(Note.File, R.Root) + ":" + std::to_string(Note.At.Line) + ")";
    }
    StringRef Level = F.IsError ? "error" : F.Worst == Severity::Style ? "notice" : "warning";
    Out << "::" << Level << " file=" << escaped(shown(F.Main.File, R.Root), true) << ",line=" << F.Main.At.Line
        << ",col=" << F.Main.At.Column << ",title=" << escaped(F.Check, true) + (F.Level == Confidence::Hint ? " (hint)" : "") << "::" << escaped(Text) << '\n';
  }
  for (const Report::UnitProblem &P : R.NotChecked)
    Out << "::error file=" << escaped(P.File, true) << ",title=Ward%3A not checked::" << escaped(P.Text) << '\n';
  for (const Report::UnitProblem &P : R.InPart)
    Out << "::error file=" << escaped(P.File, true) << ",title=Ward%3A checked in part::" << escaped(shown(P.Text, R.Root)) << '\n';
  for (const std::string &Problem : R.Problems)
    Out << "::error title=Ward%3A compile database::" << escaped(Problem) << '\n';
  return Result;
}

} // namespace ward
