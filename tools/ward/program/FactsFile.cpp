// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "program/FactsFile.h"

#include "driver/Hash.h"
#include "driver/Version.h"

#include "clang/Basic/Version.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace ward {
namespace {

constexpr int64_t Version = 2;

template <typename... Ts> Error failed(const char *Format, const Ts &...Values) {
  return createStringError(inconvertibleErrorCode(), Format, Values...);
}

std::string lineOf(json::Object Object) {
  std::string Line;
  raw_string_ostream(Line) << json::Value(std::move(Object));
  return Line;
}

} // namespace

Expected<Shard> Shard::parse(StringRef Text) {
  Shard Result;
  auto [Number, Of] = Text.split('/');
  if (Number.getAsInteger(10, Result.Number) || Of.getAsInteger(10, Result.Of) || Result.Number == 0 || Result.Number > Result.Of)
    return failed("--shard=%s: expected I/N with 1 <= I <= N, for example --shard=3/8", Text.str().c_str());
  return Result;
}

std::string flagsOf(const Unit &U, StringRef Root) {
  Hasher Hash;
  // Without the root, which differs between machines.
  auto Add = [&](std::string Text) {
    for (size_t At = 0; (At = Text.find(Root, At)) != std::string::npos;)
      Text.replace(At, Root.size(), "");
    Hash.add(Text);
  };
  Add(U.Directory);
  for (const std::string &Argument : U.CommandLine)
    Add(Argument);
  return Hash.hex();
}

std::string identityOf(const std::vector<Unit> &Units, StringRef Root) {
  Hasher Hash;
  for (const Unit &U : Units) {
    Hash.add(shown(U.Filename, Root));
    Hash.add(flagsOf(U, Root));
  }
  return Hash.hex();
}

std::string unitLine(const Unit &U, StringRef Root, const UnitResult &Result, ArrayRef<std::string> Checks, StringRef Facts) {
  std::string Line;
  raw_string_ostream Text(Line);
  json::OStream Out(Text);
  Out.object([&] {
    Out.attribute("unit", json::fixUTF8(shown(realPath(U.Filename), Root)));
    Out.attribute("flags", flagsOf(U, Root));
    Out.attributeArray("checks", [&] {
      for (const std::string &Check : Checks)
        Out.value(Check);
    });
    Out.attribute("lines", static_cast<int64_t>(Result.Lines));
    if (!Result.Errors.empty())
      Out.attribute("errors", json::Array{json::fixUTF8(Result.Errors.front())});
    if (!Facts.empty()) {
      Out.attributeBegin("facts");
      Out.rawValue(Facts);
      Out.attributeEnd();
    }
  });
  return Line;
}

std::string problemLine(const Unit &U, StringRef Root, StringRef Problem) {
  return lineOf(json::Object{{"unit", json::fixUTF8(shown(realPath(U.Filename), Root))}, {"flags", flagsOf(U, Root)}, {"problem", json::fixUTF8(Problem)}});
}

Expected<std::unique_ptr<FactsWriter>> FactsWriter::open(StringRef Path, StringRef Root, Shard S, size_t Units, StringRef Identity) {
  std::unique_ptr<FactsWriter> Result(new FactsWriter(Path));
  std::error_code Problem;
  sys::fs::file_status Status;
  bool Special = Path == "-" || (!sys::fs::status(Path, Status) && sys::fs::exists(Status) && !sys::fs::is_regular_file(Status));
  if (Special) {
    Result->Out = std::make_unique<raw_fd_ostream>(Path, Problem);
  } else {
    int Descriptor;
    SmallString<256> Beside(Path), Temporary;
    Beside += ".%%%%%%%%.tmp";
    Problem = sys::fs::createUniqueFile(Beside, Descriptor, Temporary, sys::fs::OF_None, sys::fs::all_read | sys::fs::all_write);
    if (!Problem) {
      Result->Temporary = Temporary.str().str();
      Result->Out = std::make_unique<raw_fd_ostream>(Descriptor, /*shouldClose=*/true);
    }
  }
  if (Problem)
    return failed("cannot write %s: %s", Path.str().c_str(), Problem.message().c_str());
  Result->write(lineOf(json::Object{{"ward_facts", Version},
                        {"ward", version()},
                        {"clang", CLANG_VERSION_MAJOR_STRING},
                        {"root", json::fixUTF8(Root)},
                        {"shard", json::Array{S.Number, S.Of}},
                        {"units", static_cast<int64_t>(Units)},
                        {"of", Identity}}));
  return Result;
}

FactsWriter::~FactsWriter() {
  if (Out)
    Out->clear_error();
  if (!Temporary.empty())
    sys::fs::remove(Temporary);
}

void FactsWriter::write(StringRef Line) {
  Hash.update(Line);
  Hash.update("\n");
  *Out << Line << '\n';
}

void FactsWriter::put(size_t Index, std::string Line) {
  Waiting.emplace(Index, std::move(Line));
  for (auto First = Waiting.begin(); First != Waiting.end() && First->first == Next; First = Waiting.begin(), ++Next) {
    write(First->second);
    Waiting.erase(First);
  }
}

Error FactsWriter::finish() {
  *Out << lineOf(json::Object{{"end", static_cast<int64_t>(Next)}, {"digest", toHex(Hash.final(), /*LowerCase=*/true)}}) << '\n';
  Out->flush();
  std::error_code Problem = Out->error();
  Out->clear_error();
  if (!Temporary.empty()) {
    Out->close();
    if (!Problem)
      Problem = Out->error();
    Out->clear_error();
    if (!Problem)
      Problem = sys::fs::rename(Temporary, Path);
    if (!Problem)
      Temporary.clear();
  }
  if (Problem)
    return failed("cannot write %s: %s", Path.c_str(), Problem.message().c_str());
  return Error::success();
}

Error FactsReader::read(StringRef Path, function_ref<Error(const json::Object &)> Take) {
  std::string Name = Path == "-" ? "stdin" : Path.str();
  ErrorOr<std::unique_ptr<MemoryBuffer>> Buffer = MemoryBuffer::getFileOrSTDIN(Path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!Buffer)
    return failed("cannot read %s: %s", Name.c_str(), Buffer.getError().message().c_str());
  StringRef Left = (*Buffer)->getBuffer();
  if (Left.empty())
    return failed("%s: the file is empty; ward map did not finish", Name.c_str());
  unsigned Number = 0;
  uint64_t Units = 0;
  bool Open = false; // between a header line and its end line
  SHA256 Hash;
  while (!Left.empty()) {
    size_t End = Left.find('\n');
    StringRef Line = Left.take_front(End);
    ++Number;
    if (End == StringRef::npos)
      return failed("%s:%u: the file is truncated in the middle of this line", Name.c_str(), Number);
    Left = Left.drop_front(End + 1);
    Expected<json::Value> Content = json::parse(Line);
    const json::Object *Object = Content ? Content->getAsObject() : nullptr;
    if (!Content)
      consumeError(Content.takeError());
    if (Number == 1 && (!Object || !Object->get("ward_facts")))
      return failed("%s: not a facts file; ward map writes one", Name.c_str());
    if (!Object)
      return failed("%s:%u: the file is corrupt: this line is not JSON", Name.c_str(), Number);

    if (!Open) {
      if (Object->getInteger("ward_facts") != Version)
        return failed("%s:%u: written by a different version of Ward (%s); ward map and ward reduce must be the same version", Name.c_str(),
                      Number, Object->getString("ward").value_or("unknown").str().c_str());
      const json::Array *Shard = Object->getArray("shard");
      std::string Major = Object->getString("clang").value_or("").str();
      if (!Shard || Shard->size() != 2 || !Object->getString("of"))
        return failed("%s:%u: the file is corrupt: its header names no shard", Name.c_str(), Number);
      if (Clang.empty()) {
        Clang = Major;
        ClangOf = Name;
      } else if (Clang != Major) {
        return failed("%s was written with Clang %s, but %s with Clang %s, which may name symbols differently; write all facts with one version",
                      Name.c_str(), Major.c_str(), ClangOf.c_str(), Clang.c_str());
      }
      Roots.insert(Object->getString("root").value_or("").str());
      unsigned Of = static_cast<unsigned>((*Shard)[1].getAsInteger().value_or(0));
      List &Seen = Lists[{Object->getString("of")->str(), Of}];
      Seen.Shards = Of;
      Seen.Seen.insert(static_cast<unsigned>((*Shard)[0].getAsInteger().value_or(0)));
      Open = true;
      Units = 0;
      Hash.init();
    } else if (std::optional<int64_t> Count = Object->getInteger("end")) {
      std::string Digest = toHex(Hash.final(), /*LowerCase=*/true);
      if (static_cast<uint64_t>(*Count) != Units || Object->getString("digest") != StringRef(Digest))
        return failed("%s: the file is corrupt: its content does not match the digest in line %u", Name.c_str(), Number);
      Open = false;
      continue;
    } else {
      ++Units;
      if (Error Problem = Take(*Object))
        return failed("%s:%u: %s", Name.c_str(), Number, toString(std::move(Problem)).c_str());
    }
    Hash.update(Line);
    Hash.update("\n");
  }
  if (Open)
    return failed("%s: the file is truncated: its last line is missing", Name.c_str());
  return Error::success();
}

std::vector<std::string> FactsReader::missing() const {
  std::vector<std::string> Result;
  for (const auto &[Key, L] : Lists) {
    std::string Which;
    unsigned Count = 0;
    for (unsigned I = 1; I <= L.Shards; ++I)
      if (!L.Seen.count(I)) {
        ++Count;
        Which += (Which.empty() ? "" : ", ") + std::to_string(I);
      }
    if (Count)
      Result.push_back((Count == 1 ? "shard " : "shards ") + Which + " of " + std::to_string(L.Shards) + (Count == 1 ? " is" : " are") +
                       " missing");
  }
  return Result;
}

} // namespace ward
