// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "report/HtmlReport.h"

#include "project/Manifest.h"
#include "findings/SourceFiles.h"
#include "report/GuardRow.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/VirtualFileSystem.h"
#include "llvm/Support/raw_ostream.h"

#include <map>
#include <set>

using namespace llvm;

namespace ward {
namespace {

struct Asset {
  StringRef Name, Text;
};

const Asset Assets[] = {
#include "ReportPage.inc"
};

StringRef asset(StringRef Name) {
  for (const Asset &A : Assets)
    if (A.Name == Name)
      return A.Text;
  llvm_unreachable("the report's page is built in");
}

/// The source lines around the places in a JSON value.
class Excerpts {
public:
  explicit Excerpts(StringRef Root) : Root(Root), Sources(*vfs::getRealFileSystem()) {}

  void collect(const json::Value &Value) {
    if (const json::Array *List = Value.getAsArray()) {
      for (const json::Value &Each : *List)
        collect(Each);
    } else if (const json::Object *Object = Value.getAsObject()) {
      std::optional<StringRef> File = Object->getString("file");
      std::optional<int64_t> Line = Object->getInteger("line");
      if (File && !File->empty() && Line && *Line > 0)
        for (int64_t I = std::max<int64_t>(1, *Line - Around); I <= *Line + Around; ++I)
          Wanted[File->str()].insert(static_cast<uint64_t>(I));
      for (const auto &Member : *Object)
        collect(Member.second);
    }
  }

  json::Object text() {
    json::Object Result;
    for (const auto &[File, Lines] : Wanted) {
      SmallString<256> Path(File);
      if (sys::path::is_relative(Path)) {
        Path = Root;
        sys::path::append(Path, File);
      }
      const SourceFile &Source = Sources.at(Path);
      json::Object Numbered;
      for (uint64_t Line : Lines)
        if (Line <= Source.lines())
          Numbered[std::to_string(Line)] = json::fixUTF8(Source.line(Line));
      if (!Numbered.empty())
        Result[File] = std::move(Numbered);
    }
    return Result;
  }

private:
  static constexpr int64_t Around = 4; // as many as report.js shows

  std::string Root;
  SourceFiles Sources;
  std::map<std::string, std::set<uint64_t>> Wanted;
};

std::string summary(const Report &R) {
  std::string Whole = summaryOf(R);
  return StringRef(Whole).ltrim().split('\n').first.str();
}

} // namespace

std::string htmlOf(const Report &R, StringRef Tables) {
  json::Value Findings = jsonValueOf(R), Program = cantFail(json::parse(Tables)); // written by tablesOf()
  // So that the page shows the accesses and callers beside the two threads of a race.
  json::Array &Rows = *Findings.getAsObject()->getArray("findings");
  for (size_t I = 0; I != R.Findings.size(); ++I)
    if (std::optional<size_t> Row = guardRowOf(R.Findings[I], *Program.getAsObject(), R.Root))
      (*Rows[I].getAsObject())["guard"] = *Row;
  Excerpts Code(R.Root);
  Code.collect(Findings);
  Code.collect(Program);
  json::Object Checks;
  for (const CheckInfo &Check : allChecks())
    if (any_of(R.Findings, [&](const Finding &F) { return F.Check == Check.Name; }))
      Checks[Check.Name] = Check.Summary;
  json::Value Data = json::Object{{"summary", summary(R)},
                                  {"report", std::move(Findings)},
                                  {"tables", std::move(Program)},
                                  {"checks", std::move(Checks)},
                                  {"sources", Code.text()}};
  std::string Json;
  raw_string_ostream(Json) << Data;

  std::string Result;
  raw_string_ostream Out(Result);
  // Escaped so that no user text can close the script element.
  auto Fill = [&](StringRef Name) {
    if (Name == "STYLE")
      Out << asset("style.css");
    else if (Name == "SCRIPT")
      Out << asset("findings.js") << asset("report.js");
    else
      for (char C : Json)
        C == '<' ? Out << "\\u003c" : Out << C;
  };
  StringRef Rest = asset("page.html");
  while (!Rest.empty()) {
    auto [Text, After] = Rest.split('@');
    Out << Text;
    auto [Name, Next] = After.split('@');
    if (!Name.empty())
      Fill(Name);
    Rest = Next;
  }
  return Result;
}

} // namespace ward
