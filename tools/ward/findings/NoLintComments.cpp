// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "findings/NoLintComments.h"

#include "findings/NoLint.h"
#include "findings/SourceFiles.h"

#include "clang-tidy/GlobList.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/VirtualFileSystem.h"

#include <limits>

using namespace llvm;

namespace ward {
namespace {

constexpr llvm::StringLiteral Word = "NOLINT";

/// \p At in \p Text is in a comment, as far as the characters before it tell.
bool isInComment(StringRef Text, size_t At) {
  StringRef Before = Text.take_front(At);
  StringRef Line = Before.substr(Before.rfind('\n') + 1); // npos + 1 is 0
  if (Line.contains("//") || Line.contains("/*"))
    return true;
  size_t Open = Before.rfind("/*"), Close = Before.rfind("*/");
  return Open != StringRef::npos && (Close == StringRef::npos || Close < Open);
}

/// One name in the list of a comment, and the lines that it concerns.
struct Directive {
  std::string Spelling; ///< "NOLINTNEXTLINE(ward-relock)"
  std::string Glob;
  Position At;
  uint64_t First = 0, Last = 0;
  bool Used = false;

  bool concerns(const Finding &F, StringRef File) const {
    auto Here = [&](const Message &M) { return M.File == File && First <= M.At.Line && M.At.Line <= Last; };
    return (Here(F.Main) || any_of(F.Macros, Here)) && clang::tidy::GlobList(Glob).contains(F.Check);
  }
};

/// Calls \p Visit for each NOLINT comment with a list of checks: its offset, kind ("", "NEXTLINE", "BEGIN", "END") and list.
void forEachNoLint(StringRef Text, function_ref<void(size_t, StringRef, StringRef)> Visit) {
  for (size_t At = Text.find(Word); At != StringRef::npos; At = Text.find(Word, At + 1)) {
    if ((At && isAlnum(Text[At - 1])) || !isInComment(Text, At))
      continue;
    StringRef Rest = Text.substr(At + Word.size());
    StringRef Kind = Rest.take_while([](char C) { return isUpper(C); });
    Rest = Rest.drop_front(Kind.size());
    if (Rest.consume_front("(") && Rest.take_until([](char C) { return C == '\n'; }).contains(')'))
      Visit(At, Kind, Rest.split(')').first);
  }
}

SmallVector<StringRef, 4> globsOf(StringRef List) {
  SmallVector<StringRef, 4> Result;
  List.split(Result, ',');
  for (StringRef &Glob : Result)
    Glob = Glob.trim();
  erase_if(Result, [](StringRef Glob) { return !Glob.starts_with("ward"); });
  return Result;
}

std::vector<Directive> directivesOf(const SourceFile &File) {
  std::vector<Directive> Result;
  std::vector<std::pair<StringRef, std::vector<size_t>>> Open; // blocks: the list, and the directives
  forEachNoLint(File.text(), [&](size_t Offset, StringRef Kind, StringRef List) {
    Position At = File.position(Offset);
    if (Kind == "END") {
      for (size_t I = Open.size(); I-- != 0;)
        if (Open[I].first == List) {
          for (size_t D : Open[I].second)
            Result[D].Last = At.Line;
          Open.erase(Open.begin() + I);
          break;
        }
      return;
    }
    if (Kind == "BEGIN")
      Open.emplace_back(List, std::vector<size_t>());
    else if (!Kind.empty() && Kind != "NEXTLINE")
      return;
    for (StringRef Glob : globsOf(List)) {
      Directive D;
      D.Spelling = (Word + Kind + "(" + Glob + ")").str();
      D.Glob = Glob.str();
      D.At = At;
      D.First = Kind == "NEXTLINE" ? At.Line + 1 : At.Line;
      D.Last = Kind == "BEGIN" ? std::numeric_limits<uint64_t>::max() : D.First;
      if (Kind == "BEGIN")
        Open.back().second.push_back(Result.size());
      Result.push_back(std::move(D));
    }
  });
  return Result;
}

} // namespace

void hideCommented(std::vector<Finding> &Findings) {
  NoLint Comments;
  for (Finding &F : Findings) {
    Finding At;
    At.Check = F.Check;
    At.Main = F.Main;
    bool Hides = Comments.suppresses(At);
    for (const Message &Macro : F.Macros)
      if (!Hides) {
        At.Main = Macro;
        Hides = Comments.suppresses(At);
      }
    if (Hides)
      F.Hidden = Suppression::Comment;
  }
}

std::optional<std::string> withoutNoLint(StringRef Text) {
  std::optional<std::string> Result;
  if (Text.take_front(512).contains('\0')) // a precompiled header, for example
    return Result;
  for (size_t At = Text.find(Word); At != StringRef::npos; At = Text.find(Word, At + 1))
    if (isInComment(Text, At)) {
      if (!Result)
        Result = Text.str();
      (*Result)[At] = 'n';
    }
  return Result;
}

bool namesWardInNoLint(StringRef Text) {
  bool Found = false;
  forEachNoLint(Text, [&](size_t, StringRef, StringRef List) { Found |= !globsOf(List).empty(); });
  return Found;
}

std::vector<Finding> unusedNoLints(ArrayRef<std::string> Files, ArrayRef<Finding> Findings,
                                   function_ref<bool(StringRef, StringRef)> IsOn) {
  IntrusiveRefCntPtr<vfs::FileSystem> Real = vfs::getRealFileSystem();
  SourceFiles Sources(*Real);
  std::vector<Finding> Result;
  for (const std::string &File : Files) {
    const SourceFile &Source = Sources.at(File);
    std::vector<Directive> All = directivesOf(Source);
    for (const Finding &F : Findings)
      if (F.Hidden == Suppression::Comment)
        for (Directive &D : All)
          D.Used |= D.concerns(F, File);
    for (const Directive &D : All) {
      clang::tidy::GlobList Glob(D.Glob);
      auto Names = [&](const CheckInfo &C) { return Glob.contains(C.Name); };
      bool NamesNone = none_of(allChecks(), Names);
      if (D.Used || (!NamesNone && none_of(allChecks(), [&](const CheckInfo &C) { return Names(C) && IsOn(File, C.Name); })))
        continue;
      Finding &F = Result.emplace_back();
      F.Check = UnusedNoLint.str();
      F.Main.Text = "'" + D.Spelling + (NamesNone ? "' names no check" : "' suppresses no finding");
      F.Main.File = File;
      F.Main.At = D.At;
      F.Main.Source = Source.line(D.At.Line).str();
      F.Main.Ranges.emplace_back(D.At.Column, D.At.Column + Word.size());
    }
  }
  return Result;
}

} // namespace ward
