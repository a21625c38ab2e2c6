// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "findings/Finding.h"

#include "driver/Hash.h"

#include <algorithm>
#include <map>
#include <tuple>

using namespace llvm;

namespace ward {

// Static rather than in an unnamed namespace, so that JSON.h finds them.
static json::Value toJSON(const Position &P) { return json::Array{P.Line, P.Column}; }
static bool fromJSON(const json::Value &Value, Position &P, json::Path Where) {
  std::vector<uint64_t> Parts;
  if (!json::fromJSON(Value, Parts, Where) || Parts.size() != 2)
    return false;
  P = {Parts[0], Parts[1]};
  return true;
}

static json::Value toJSON(const Message &M) {
  json::Array Ranges;
  for (const auto &[Begin, End] : M.Ranges)
    Ranges.push_back(json::Array{Begin, End});
  return json::Object{{"text", json::fixUTF8(M.Text)},     {"file", M.File},               {"at", toJSON(M.At)},
                      {"source", json::fixUTF8(M.Source)}, {"ranges", std::move(Ranges)}};
}
static bool fromJSON(const json::Value &Value, Message &M, json::Path Where) {
  std::vector<std::vector<uint64_t>> Ranges;
  json::ObjectMapper Map(Value, Where);
  if (!Map || !Map.map("text", M.Text) || !Map.map("file", M.File) || !Map.map("at", M.At) || !Map.map("source", M.Source) ||
      !Map.map("ranges", Ranges))
    return false;
  for (const std::vector<uint64_t> &Range : Ranges) {
    if (Range.size() != 2)
      return false;
    M.Ranges.emplace_back(Range[0], Range[1]);
  }
  return true;
}

static json::Value toJSON(const Edit &E) {
  return json::Object{{"file", E.File},     {"text", json::fixUTF8(E.Text)}, {"offset", E.Offset},
                      {"length", E.Length}, {"begin", toJSON(E.Begin)},      {"end", toJSON(E.End)}};
}
static bool fromJSON(const json::Value &Value, Edit &E, json::Path Where) {
  json::ObjectMapper Map(Value, Where);
  return Map && Map.map("file", E.File) && Map.map("text", E.Text) && Map.map("offset", E.Offset) && Map.map("length", E.Length) &&
         Map.map("begin", E.Begin) && Map.map("end", E.End);
}

template <typename T> static json::Array listed(const std::vector<T> &Items) {
  json::Array Result;
  for (const T &Item : Items)
    Result.push_back(toJSON(Item));
  return Result;
}

static json::Value toJSON(const Finding &F) {
  return json::Object{{"check", F.Check},          {"error", F.IsError},     {"main", toJSON(F.Main)},
                      {"notes", listed(F.Notes)}, {"macros", listed(F.Macros)}, {"fix", listed(F.Fix)}, {"files", json::Array(F.FixedFiles)}};
}
static bool fromJSON(const json::Value &Value, Finding &F, json::Path Where) {
  json::ObjectMapper Map(Value, Where);
  return Map && Map.map("check", F.Check) && Map.map("error", F.IsError) && Map.map("main", F.Main) && Map.map("notes", F.Notes) && Map.map("macros", F.Macros) &&
         Map.map("fix", F.Fix) && Map.map("files", F.FixedFiles);
}

static auto place(const Finding &F) { return std::tie(F.Main.File, F.Main.At.Line, F.Main.At.Column, F.Check); }

std::string Finding::fingerprint(StringRef File) const {
  Hasher Hash;
  Hash.add(Check);
  Hash.add(File);
  Hash.add(withoutExtraBlanks(Main.Source));
  Hash.add(Main.Text);
  return Hash.hex();
}

std::string serialize(const UnitResult &Result) {
  auto Texts = [](const std::vector<std::string> &From) {
    json::Array To;
    for (const std::string &Text : From)
      To.push_back(json::fixUTF8(Text));
    return To;
  };
  json::Value All = json::Object{{"findings", listed(Result.Findings)},
                                 {"errors", Texts(Result.Errors)},
                                 {"remarks", Texts(Result.Remarks)},
                                 {"nolints", Texts(Result.NoLints)},
                                 {"lines", Result.Lines}};
  std::string Text;
  raw_string_ostream(Text) << All << '\n' << Result.Facts;
  return Text;
}

std::optional<UnitResult> parseUnitResult(StringRef Text) {
  auto [Findings, Facts] = Text.split('\n');
  Expected<json::Value> All = json::parse(Findings);
  if (!All) {
    consumeError(All.takeError());
    return std::nullopt;
  }
  UnitResult Result;
  Result.Facts = Facts.str();
  json::Path::Root Root;
  json::ObjectMapper Map(*All, Root);
  if (!Map || !Map.map("findings", Result.Findings) || !Map.map("errors", Result.Errors) ||
      !Map.map("remarks", Result.Remarks) || !Map.map("nolints", Result.NoLints) || !Map.map("lines", Result.Lines))
    return std::nullopt;
  return Result;
}

std::vector<Finding> merge(std::vector<UnitResult> Units) {
  // The messages of two units about one place can differ, for example when a template is instantiated with different types.
  std::map<std::tuple<std::string, uint64_t, uint64_t, std::string>, size_t> FirstUnit;
  std::vector<Finding> Result;
  for (size_t I = 0; I < Units.size(); ++I)
    for (Finding &F : Units[I].Findings)
      if (FirstUnit.try_emplace(place(F), I).first->second == I)
        Result.push_back(std::move(F));
  auto Key = [](const Finding &F) { return std::tuple_cat(place(F), std::tie(F.Main.Text)); };
  llvm::sort(Result, [&](const Finding &A, const Finding &B) { return Key(A) < Key(B); });
  Result.erase(std::unique(Result.begin(), Result.end(), [&](const Finding &A, const Finding &B) { return Key(A) == Key(B); }),
               Result.end());
  return Result;
}

std::string withoutExtraBlanks(StringRef Text) {
  SmallVector<StringRef, 16> Words;
  SplitString(Text, Words, " \t\r\n\v\f");
  return join(Words, " ");
}

} // namespace ward
