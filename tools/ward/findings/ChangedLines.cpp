// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "findings/ChangedLines.h"

#include "project/CompileDatabase.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

#include <limits>

using namespace llvm;

namespace ward {
namespace {

constexpr unsigned LastLine = std::numeric_limits<unsigned>::max();

/// The output of git, or an error with its error message.
Expected<std::string> git(StringRef Folder, ArrayRef<StringRef> Arguments) {
  ErrorOr<std::string> Program = sys::findProgramByName("git");
  if (!Program)
    return createStringError(Program.getError(), "--diff needs git, which is not installed");
  SmallString<128> OutName, ErrName;
  if (std::error_code EC = sys::fs::createTemporaryFile("ward-git", "out", OutName))
    return createStringError(EC, "cannot create a temporary file: %s", EC.message().c_str());
  FileRemover RemoveOut(OutName);
  if (std::error_code EC = sys::fs::createTemporaryFile("ward-git", "err", ErrName))
    return createStringError(EC, "cannot create a temporary file: %s", EC.message().c_str());
  FileRemover RemoveErr(ErrName);

  SmallVector<StringRef, 16> Words = {"git", "-C", Folder, "-c", "core.quotePath=false"};
  Words.append(Arguments.begin(), Arguments.end());
  int Status = sys::ExecuteAndWait(*Program, Words, std::nullopt, {StringRef(), StringRef(OutName), StringRef(ErrName)});
  auto Read = [](StringRef Name) {
    ErrorOr<std::unique_ptr<MemoryBuffer>> Buffer = MemoryBuffer::getFile(Name);
    return Buffer ? (*Buffer)->getBuffer().str() : std::string();
  };
  if (Status != 0)
    return createStringError(inconvertibleErrorCode(), "git %s: %s", Arguments.front().str().c_str(),
                             StringRef(Read(ErrName)).trim().str().c_str());
  return Read(OutName);
}

/// \p Name without the quotes and escapes that git uses for names with special characters.
std::string unquoted(StringRef Name) {
  if (!Name.consume_front("\"") || !Name.consume_back("\""))
    return Name.str();
  std::string Result;
  while (!Name.empty()) {
    char C = Name.front();
    Name = Name.drop_front();
    if (C != '\\' || Name.empty()) {
      Result += C;
      continue;
    }
    unsigned Octal;
    if (Name.size() >= 3 && !Name.take_front(3).getAsInteger(8, Octal)) {
      Result += static_cast<char>(Octal);
      Name = Name.drop_front(3);
      continue;
    }
    static const std::pair<char, char> Escapes[] = {{'t', '\t'}, {'n', '\n'}, {'r', '\r'}, {'a', '\a'}, {'b', '\b'}, {'f', '\f'}, {'v', '\v'}};
    const auto *Escape = find_if(Escapes, [&](const auto &E) { return E.first == Name.front(); });
    Result += Escape == std::end(Escapes) ? Name.front() : Escape->second;
    Name = Name.drop_front();
  }
  return Result;
}

std::string within(StringRef Top, StringRef Name) {
  SmallString<256> Path(Top);
  sys::path::append(Path, Name);
  return realPath(Path);
}

} // namespace

Expected<ChangedLines> ChangedLines::since(StringRef Revision, StringRef Folder) {
  if (Revision.empty() || Revision.starts_with("-"))
    return createStringError(inconvertibleErrorCode(), "--diff: '%s' is not a revision", Revision.str().c_str());
  Expected<std::string> Top = git(Folder, {"rev-parse", "--show-toplevel"});
  if (!Top)
    return Top.takeError();
  StringRef Root = StringRef(*Top).rtrim('\n');
  // Changes that the other branch made since the merge base do not count.
  std::string From = Revision.str();
  if (Expected<std::string> MergeBase = git(Root, {"merge-base", Revision, "HEAD"}))
    From = StringRef(*MergeBase).trim().str();
  else
    consumeError(MergeBase.takeError());
  Expected<std::string> Diff = git(Root, {"diff", "--no-color", "--no-ext-diff", "--unified=0", "--src-prefix=a/", "--dst-prefix=b/", From, "--"});
  if (!Diff)
    return Diff.takeError();
  ChangedLines Result;
  Result.addDiff(*Diff, Root);
  Expected<std::string> New = git(Root, {"ls-files", "-z", "--others", "--exclude-standard"});
  if (!New)
    return New.takeError();
  SmallVector<StringRef, 16> Names;
  StringRef(*New).split(Names, '\0', -1, /*KeepEmpty=*/false);
  for (StringRef Name : Names)
    Result.Files[within(Root, Name)] = {{1, LastLine}};
  return Result;
}

void ChangedLines::addDiff(StringRef Diff, StringRef Top) {
  std::vector<std::pair<unsigned, unsigned>> *File = nullptr;
  unsigned Skip = 0; // lines of the hunk itself, which may look like headers
  while (!Diff.empty()) {
    StringRef Line;
    std::tie(Line, Diff) = Diff.split('\n');
    if (Skip && (Line.starts_with("+") || Line.starts_with("-"))) {
      --Skip;
      continue;
    }
    if (Line.consume_front("+++ ")) {
      // git puts a tab after a name that contains a blank.
      std::string Name = unquoted(Line.rtrim('\t'));
      File = StringRef(Name).starts_with("b/") ? &Files[within(Top, StringRef(Name).drop_front(2))] : nullptr;
    } else if (Line.consume_front("@@ -")) {
      // OLD[,COUNT] +FIRST[,COUNT] @@
      auto Range = [](StringRef Text) {
        unsigned First = 0, Count = 1;
        auto [Start, More] = Text.split(',');
        Start.getAsInteger(10, First);
        if (!More.empty())
          More.getAsInteger(10, Count);
        return std::pair(First, Count);
      };
      auto [Old, Rest] = Line.split(" +");
      auto [First, Count] = Range(Rest.split(' ').first);
      Skip = Range(Old).second + Count;
      if (File && Count)
        File->emplace_back(First, First + Count - 1);
    }
  }
}

bool ChangedLines::contain(const Message &M) const {
  auto Found = Files.find(M.File);
  return Found != Files.end() &&
         any_of(Found->getValue(), [&](const auto &Change) { return Change.first <= M.At.Line && M.At.Line <= Change.second; });
}

bool ChangedLines::concern(const Finding &F) const {
  return contain(F.Main) || any_of(F.Notes, [this](const Message &Note) { return contain(Note); });
}

} // namespace ward
