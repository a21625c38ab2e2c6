// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "run/HeaderUse.h"

#include "clang/Basic/LangOptions.h"
#include "clang/Lex/Lexer.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"

using namespace clang;
using namespace llvm;

namespace ward {
namespace {

/// Pragmas that say something about diagnostics, editors or the loop that follows.
bool isHarmlessPragma(StringRef First, StringRef Second) {
  static constexpr StringRef Alone[] = {"once", "message", "warning", "omp", "region", "endregion", "mark", "comment", "ide", "unroll", "nounroll"};
  if (is_contained(Alone, First))
    return true;
  if (First == "GCC" || First == "clang")
    return Second == "diagnostic" || Second == "system_header" || Second == "loop" || Second == "dependency" || Second == "unroll";
  return false;
}

LangOptions cpp() {
  LangOptions Result;
  Result.CPlusPlus = Result.CPlusPlus11 = Result.CPlusPlus14 = Result.CPlusPlus17 = true;
  Result.LineComment = true;
  return Result;
}

/// Reads one directive after another.
class DirectiveReader {
public:
  explicit DirectiveReader(StringRef Text)
      : Terminated(Text.str()), Options(cpp()),
        Lex(SourceLocation(), Options, Terminated.data(), Terminated.data(), Terminated.data() + Terminated.size()) {}

  FileDirectives read() {
    unsigned Depth = 0; // of braces
    for (next(); Now.isNot(tok::eof);) {
      if (Now.is(tok::hash) && Now.isAtStartOfLine()) {
        next();
        if (!startsLine())
          directive(Depth);
        while (!startsLine())
          next();
        continue;
      }
      if (Now.is(tok::l_brace))
        ++Depth;
      else if (Now.is(tok::r_brace) && Depth != 0)
        --Depth;
      next();
    }
    return std::move(Result);
  }

private:
  void next() { Lex.LexFromRawLexer(Now); }
  bool startsLine() const { return Now.is(tok::eof) || Now.isAtStartOfLine(); }
  /// The identifier here, if the directive goes on with one.
  StringRef word() const { return startsLine() || Now.isNot(tok::raw_identifier) ? StringRef() : Now.getRawIdentifier(); }

  void directive(unsigned Depth) {
    StringRef Name = word();
    if (Name == "include" || Name == "include_next" || Name == "import") {
      next();
      std::string Header;
      if (!startsLine() && Now.is(tok::less))
        for (next(); !startsLine() && Now.isNot(tok::greater); next())
          Header += word().empty() ? "?" : word();
      if (Depth != 0)
        Result.Nested.insert(Header);
    } else if (Name == "define" || Name == "undef") {
      next();
      if (StringRef Macro = word(); !Macro.empty())
        Result.Macros.insert(Macro.str());
    } else if (Name == "pragma") {
      next();
      std::string First = word().str();
      if (!startsLine())
        next();
      Result.ChangesParsing |= !isHarmlessPragma(First, word());
    }
  }

  std::string Terminated;
  LangOptions Options;
  Lexer Lex;
  Token Now;
  FileDirectives Result;
};

/// A header of the compiler, the C library or the kernel: they agree with each other in any order.
bool isOfToolchain(StringRef Path) {
  if (Path.contains("/c++/") || Path.contains("/lib/clang/") || Path.contains("/lib/gcc/"))
    return true;
  StringRef Rest = Path;
  if (!Rest.consume_front("/usr/include/"))
    return false;
  if (Rest.split('/').first.contains("-linux-"))
    Rest = Rest.split('/').second;
  StringRef Folder = sys::path::parent_path(Rest);
  static constexpr StringRef Folders[] = {"", "bits", "sys", "gnu", "asm", "asm-generic", "linux", "net", "netinet", "arpa", "bits/types"};
  return is_contained(Folders, Folder);
}

/// "vector" for /usr/include/c++/12/vector.
StringRef standardHeader(StringRef Path) {
  StringRef Name = sys::path::filename(Path), Version = sys::path::parent_path(Path);
  bool IsNamed = all_of(Name, [](char C) { return islower(C) || isDigit(C) || C == '_'; });
  return IsNamed && !Name.starts_with("_") && sys::path::filename(sys::path::parent_path(Version)) == "c++" ? Name : StringRef();
}

} // namespace

FileDirectives directivesOf(StringRef Text) { return DirectiveReader(Text).read(); }

HeaderUse headerUseOf(StringRef Rule, StringRef Directory) {
  HeaderUse Result;
  std::string Path;
  auto End = [&] {
    if (!Path.empty()) {
      std::string Whole = pathFrom(Directory, Path);
      SmallString<256> Clean(Whole);
      sys::path::remove_dots(Clean, /*remove_dot_dot=*/true);
      if (StringRef Name = standardHeader(Clean); !Name.empty())
        Result.Standard.insert(Name.str());
      else if (!isOfToolchain(Clean))
        Result.Files.insert(Clean.str().str());
      Path.clear();
    }
  };
  StringRef Rest = Rule.split(": ").second;
  for (size_t I = 0; I != Rest.size(); ++I) {
    if (Rest[I] == '\\' && I + 1 != Rest.size() && Rest[I + 1] != '\n')
      Path += Rest[++I]; // a blank, say
    else if (Rest[I] == '\\' || isSpace(Rest[I]))
      End();
    else
      Path += Rest[I];
  }
  End();
  return Result;
}

void collectIdentifiers(StringRef Text, std::set<std::string, std::less<>> &Into) {
  for (size_t I = 0; I != Text.size();) {
    if (!isAlpha(Text[I]) && Text[I] != '_') {
      ++I;
      continue;
    }
    size_t Begin = I;
    while (I != Text.size() && (isAlnum(Text[I]) || Text[I] == '_'))
      ++I;
    if (auto Found = Into.find(Text.slice(Begin, I)); Found == Into.end())
      Into.insert(Text.slice(Begin, I).str());
  }
}

} // namespace ward
