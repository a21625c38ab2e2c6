// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "findings/Baseline.h"

#include "project/CompileDatabase.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"

#include <algorithm>

using namespace llvm;

namespace ward {

Baseline::Key Baseline::keyOf(const Finding &F, StringRef Root) {
  return {shown(F.Main.File, Root), F.Check, json::fixUTF8(F.Main.Text), json::fixUTF8(withoutExtraBlanks(F.Main.Source))};
}

Expected<Baseline> Baseline::read(StringRef Path) {
  auto Failed = [&](const Twine &Why) {
    return createStringError(inconvertibleErrorCode(), Twine("baseline ") + Path + ": " + Why);
  };
  ErrorOr<std::unique_ptr<MemoryBuffer>> Buffer = MemoryBuffer::getFile(Path);
  if (!Buffer)
    return Failed("cannot read the file: " + Buffer.getError().message() + "; ward check --update-baseline creates one");
  Expected<json::Value> Content = json::parse((*Buffer)->getBuffer());
  if (!Content)
    return Failed("not valid JSON: " + toString(Content.takeError()));
  const json::Object *All = Content->getAsObject();
  const json::Array *Findings = All ? All->getArray("findings") : nullptr;
  if (!Findings || All->getInteger("ward_baseline") != 1)
    return Failed("not written by this version of ward check --update-baseline");
  Baseline Result;
  uint64_t Line = 1; // text() writes the first entry in the second line
  for (const json::Value &Value : *Findings) {
    json::Path::Root Where("findings");
    json::ObjectMapper Map(Value, Where);
    std::string File, Check, Message, Source;
    uint64_t Count = 0;
    if (!Map || !Map.map("file", File) || !Map.map("check", Check) || !Map.map("message", Message) || !Map.map("source", Source) ||
        !Map.map("count", Count))
      return Failed(toString(Where.getError()));
    Key K = {File, Check, Message, Source};
    Result.Known[K] += Count;
    Result.Lines.try_emplace(K, ++Line);
  }
  return Result;
}

Baseline Baseline::of(ArrayRef<Finding> Findings, StringRef Root) {
  Baseline Result;
  for (const Finding &F : Findings)
    ++Result.Known[keyOf(F, Root)];
  return Result;
}

std::vector<Finding> Baseline::hideKnown(std::vector<Finding> &Findings, StringRef Root, StringRef Path) const {
  std::map<Key, uint64_t> Left = Known;
  for (Finding &F : Findings)
    if (auto Found = Left.find(keyOf(F, Root)); F.Hidden == Suppression::None && Found != Left.end() && Found->second != 0) {
      --Found->second;
      F.Hidden = Suppression::Baseline;
    }
  std::vector<Finding> Unused;
  for (const auto &[K, Count] : Left) {
    if (Count == 0)
      continue;
    const auto &[File, Check, Text, Source] = K;
    Finding &F = Unused.emplace_back();
    F.Check = UnusedBaseline.str();
    F.Main.Text = "this entry of the baseline matches " + (Count == 1 ? std::string("no finding") : std::to_string(Count) + " findings fewer") +
                  ": " + File + ": " + Text + " [" + Check + "]";
    F.Main.File = realPath(Path);
    F.Main.At = {Lines.at(K), 1};
  }
  llvm::sort(Unused, [](const Finding &A, const Finding &B) { return A.Main.At.Line < B.Main.At.Line; });
  return Unused;
}

void Baseline::include(const Baseline &Other) {
  for (const auto &[K, Count] : Other.Known)
    Known[K] = std::max(Known[K], Count);
}

size_t Baseline::size() const {
  size_t Result = 0;
  for (const auto &Entry : Known)
    Result += Entry.second;
  return Result;
}

std::string Baseline::text() const {
  std::string Result = "{\"ward_baseline\": 1, \"findings\": [";
  raw_string_ostream Out(Result);
  ListSeparator Comma(",");
  for (const auto &[K, Count] : Known) {
    const auto &[File, Check, Message, Source] = K;
    // Written by hand, for this order of the keys and one finding per line.
    Out << Comma << "\n{\"file\": " << json::Value(File) << ", \"check\": " << json::Value(Check)
        << ", \"message\": " << json::Value(Message) << ", \"source\": " << json::Value(Source) << ", \"count\": " << Count << "}";
  }
  Out << "\n]}\n";
  return Result;
}

} // namespace ward
