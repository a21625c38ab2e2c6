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
  for (const json::Value &Value : *Findings) {
    json::Path::Root Where("findings");
    json::ObjectMapper Map(Value, Where);
    std::string File, Check, Message, Source;
    uint64_t Count = 0;
    if (!Map || !Map.map("file", File) || !Map.map("check", Check) || !Map.map("message", Message) || !Map.map("source", Source) ||
        !Map.map("count", Count))
      return Failed(toString(Where.getError()));
    Result.Known[{File, Check, Message, Source}] += Count;
  }
  return Result;
}

Baseline Baseline::of(ArrayRef<Finding> Findings, StringRef Root) {
  Baseline Result;
  for (const Finding &F : Findings)
    ++Result.Known[keyOf(F, Root)];
  return Result;
}

std::vector<Finding> Baseline::unknown(std::vector<Finding> Findings, StringRef Root) const {
  std::map<Key, uint64_t> Left = Known;
  erase_if(Findings, [&](const Finding &F) {
    auto Found = Left.find(keyOf(F, Root));
    return Found != Left.end() && Found->second != 0 && Found->second--;
  });
  return Findings;
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
