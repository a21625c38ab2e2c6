// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "rewrite/UnitEdits.h"

#include "base/SourceEdit.h"
#include "clang/Lex/Lexer.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/BLAKE3.h"

using namespace clang;

namespace ward {

std::string UnitEdits::fileOf(FileID File) {
  OptionalFileEntryRef Entry = Sources.getFileEntryRefForID(File);
  std::string Name = Entry ? NameFile(Entry->getName()) : "";
  if (!Name.empty() && !Digests.count(Name)) {
    llvm::BLAKE3 Hash;
    Hash.update(Sources.getBufferData(File));
    Digests[Name] = llvm::toHex(Hash.final<16>(), /*LowerCase=*/true);
  }
  return Name;
}

bool UnitEdits::replace(const std::string &Group, SourceLocation Begin, SourceLocation End, llvm::StringRef Text) {
  if (Begin.isInvalid() || End.isInvalid() || Begin.isMacroID() || End.isMacroID() || Sources.getFileID(Begin) != Sources.getFileID(End) ||
      Sources.getFileOffset(End) < Sources.getFileOffset(Begin)) {
    obstacle(Group, Begin, "the code is in a macro");
    return false;
  }
  if (!llvm::json::isUTF8(Text)) {
    obstacle(Group, Begin, "the code is not UTF-8");
    return false;
  }
  auto [File, Offset] = Sources.getDecomposedLoc(Begin);
  std::string Name = fileOf(File);
  if (Name.empty())
    return false;
  Changes.emplace(Group, Name, Offset, Sources.getFileOffset(End) - Offset, Text.str());
  return true;
}

bool UnitEdits::replaceTokens(const std::string &Group, SourceRange Range, llvm::StringRef Text) {
  CharSourceRange Characters = charactersOf(Range, Context);
  if (Characters.isValid())
    return replace(Group, Characters.getBegin(), Characters.getEnd(), Text);
  obstacle(Group, Range.getBegin(), "the code is in a macro");
  return false;
}

void UnitEdits::obstacle(const std::string &Group, SourceLocation Where, llvm::StringRef Why) {
  SourceLocation Place = Where.isValid() ? Sources.getFileLoc(Where) : Where;
  std::string Name = Place.isValid() ? fileOf(Sources.getFileID(Place)) : "";
  Obstacles.emplace(Group, Name, Place.isValid() ? Sources.getSpellingLineNumber(Place) : 0, Why.str());
}

void UnitEdits::include(const std::string &Group, FileID File, llvm::StringRef Name) {
  llvm::StringRef Text = Sources.getBufferData(File);
  // After the last #include that is outside of a condition other than an include guard; else after the comment at the top.
  size_t Place = 0, Depth = 0, GuardDepth = 0, At = 0;
  bool InTop = true, InComment = false;
  std::string Previous;
  for (llvm::StringRef Rest = Text; !Rest.empty();) {
    auto [Line, Next] = Rest.split('\n');
    size_t End = At + Line.size() + (Rest.size() > Line.size());
    llvm::StringRef Trimmed = Line.trim();
    bool IsComment = InComment || Trimmed.starts_with("//") || Trimmed.starts_with("/*");
    if (InComment || Trimmed.starts_with("/*"))
      InComment = !Trimmed.contains("*/");
    if (!IsComment && Trimmed.consume_front("#")) {
      Trimmed = Trimmed.ltrim();
      if (Trimmed.starts_with("include")) {
        if (Trimmed.drop_front(7).trim().starts_with(Name))
          return;
        if (Depth == GuardDepth)
          Place = End;
      } else if (Trimmed.starts_with("if")) {
        ++Depth;
      } else if (Trimmed.starts_with("endif")) {
        Depth -= Depth > 0;
      } else if (Trimmed.starts_with("define") && Depth == 1 && GuardDepth == 0 &&
                 Previous == Trimmed.drop_front(6).ltrim().take_until([](char C) { return !llvm::isAlnum(C) && C != '_'; }).str()) {
        GuardDepth = 1;
        Place = End;
      } else if (Trimmed.starts_with("pragma once")) {
        Place = End;
      }
      llvm::StringRef Tested = Trimmed;
      Previous = Tested.consume_front("ifndef") ? Tested.trim().str() : "";
      InTop = false;
    } else if (IsComment && InTop && Place == At) {
      Place = End;
    } else if (!Trimmed.empty()) {
      InTop = false;
    }
    At = End;
    Rest = Next;
  }
  std::string Line = "#include " + Name.str() + "\n";
  if (Place && Text[Place - 1] != '\n')
    Line = "\n" + Line;
  insert(Group, Sources.getLocForStartOfFile(File).getLocWithOffset(Place), Line);
}

SourceLocation UnitEdits::after(SourceLocation Where) const {
  return Lexer::getLocForEndOfToken(Where, 0, Sources, Context.getLangOpts());
}

std::string UnitEdits::text(SourceRange Range) const { return textOf(Range, Context).value_or(""); }

std::string UnitEdits::placeOf(SourceLocation Where) const {
  auto [File, Offset] = Sources.getDecomposedLoc(Sources.getFileLoc(Where));
  OptionalFileEntryRef Entry = Sources.getFileEntryRefForID(File);
  return (Entry ? NameFile(Entry->getName()) : "") + ":" + std::to_string(Sources.getLineNumber(File, Offset)) + ":" +
         std::to_string(Sources.getColumnNumber(File, Offset));
}

void UnitEdits::write(llvm::json::OStream &Out) const {
  Out.attributeArray("edits", [&] {
    for (const auto &[Group, File, Offset, Length, Text] : Changes)
      Out.array([&] {
        Out.value(Group);
        Out.value(File);
        Out.value(Offset);
        Out.value(Length);
        Out.value(llvm::json::fixUTF8(Text));
      });
  });
  Out.attributeArray("digests", [&] {
    for (const auto &[File, Digest] : Digests)
      Out.array([&] {
        Out.value(File);
        Out.value(Digest);
      });
  });
  Out.attributeArray("obstacles", [&] {
    for (const auto &[Group, File, Line, Text] : Obstacles)
      Out.array([&] {
        Out.value(Group);
        Out.value(File);
        Out.value(Line);
        Out.value(Text);
      });
  });
  Out.attributeArray("waits", [&] {
    for (const auto &[Group, Condvar] : Waits)
      Out.array([&] {
        Out.value(Group);
        Out.value(Condvar);
      });
  });
}

} // namespace ward
