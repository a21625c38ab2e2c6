// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// SARIF by Clang's writer, which handles rules, regions and columns in characters. Added to its output: paths relative to the project,
/// fixes, the text of notes, fingerprints, and what could not be checked.
#include "project/CompileDatabase.h"
#include "project/Manifest.h"
#include "report/Report.h"
#include "driver/Version.h"

#include "compat/Sarif.h"

#include "clang/Basic/FileManager.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace clang;
using namespace llvm;

namespace ward {
namespace {

constexpr llvm::StringLiteral Base = "PROJECT"; // SARIF's uriBaseId of relative paths

/// \p Path percent-encoded like Clang's writer does.
std::string encoded(StringRef Path) {
  std::string Result;
  for (char C : Path) {
    if (isAlnum(C) || StringRef("/-._~:@!$&'()*+,;=").contains(C))
      Result += C;
    else
      Result += "%" + utohexstr(static_cast<unsigned char>(C), /*LowerCase=*/false, /*Width=*/2);
  }
  return Result;
}

/// The files of the findings, as source locations for Clang's writer.
class Places {
public:
  Places() : Files(FileSystemOptions()), Sources(Diagnostics.engine(), Files) {}

  const SourceManager &sources() const { return Sources; }

  /// From \p Begin to \p End in \p File; invalid if the file can no longer be read.
  CharSourceRange range(StringRef File, Position Begin, Position End) {
    OptionalFileEntryRef Entry = Files.getOptionalFileRef(File);
    if (!Entry)
      return {};
    FileID ID = Sources.getOrCreateFileID(*Entry, SrcMgr::C_User);
    return CharSourceRange::getCharRange(Sources.translateLineCol(ID, Begin.Line, Begin.Column),
                                         Sources.translateLineCol(ID, End.Line, End.Column));
  }

private:
  IgnoringDiagnostics Diagnostics;
  FileManager Files;
  SourceManager Sources;
};

CharSourceRange rangeOf(const Message &M, Places &In) {
  Position Begin = M.At, End = M.At;
  for (const auto &[First, PastLast] : M.Ranges)
    if (First <= M.At.Column && M.At.Column < PastLast) {
      Begin.Column = First;
      End.Column = PastLast;
      break;
    }
  return In.range(M.File, Begin, End);
}

/// Makes all URIs in \p Value below \p Root relative, and sets their uriBaseId.
void makeRelative(json::Value &Value, StringRef Root) {
  if (json::Array *List = Value.getAsArray())
    for (json::Value &Item : *List)
      makeRelative(Item, Root);
  json::Object *Object = Value.getAsObject();
  if (!Object)
    return;
  for (auto &Member : *Object)
    makeRelative(Member.second, Root);
  if (std::optional<StringRef> Uri = Object->getString("uri"); Uri && isWithin(*Uri, Root)) {
    std::string Relative = Uri->drop_front(Root.size()).ltrim('/').str();
    (*Object)["uri"] = std::move(Relative);
    (*Object)["uriBaseId"] = StringRef(Base);
  }
}

/// From 0 to 100, as SARIF defines it: the severity, less for what is less sure.
double rankOf(const Finding &F) {
  static const double Worst[] = {95, 90, 80, 75, 70, 40, 20};
  return Worst[static_cast<size_t>(F.Worst)] - (F.Level == Confidence::Sure ? 0 : F.Level == Confidence::Likely ? 5 : 15);
}

/// Errors are what the user says are errors, and defects that are sure.
SarifResultLevel levelOf(const Finding &F) {
  if (F.IsError || (F.Worst < Severity::Contention && F.Level == Confidence::Sure))
    return SarifResultLevel::Error;
  return F.Worst == Severity::Style || F.Level == Confidence::Hint ? SarifResultLevel::Note : SarifResultLevel::Warning;
}

json::Object text(StringRef Text) { return json::Object{{"text", json::fixUTF8(Text)}}; }

/// The replacement \p E at \p Location.
json::Object replacement(const Edit &E, const json::Value &Location) {
  json::Object Region = *Location.getAsObject()->getObject("physicalLocation")->getObject("region");
  // By default a region ends at the end of its line.
  Region["endLine"] = E.End.Line;
  if (E.Length == 0)
    Region["endColumn"] = *Region.getInteger("startColumn");
  return json::Object{{"deletedRegion", std::move(Region)}, {"insertedContent", text(E.Text)}};
}

/// Completes \p Result, whose locations are those of \p F, its notes and its fix, in this order.
void complete(json::Object &Result, const Finding &F, bool HasBaseline) {
  Result["partialFingerprints"] = json::Object{{"ward/v1", F.Print}};
  Result["rank"] = rankOf(F);
  Result["properties"] = json::Object{{"severity", nameOf(F.Worst)}, {"confidence", nameOf(F.Level)}, {"group", F.Group}};
  // A forge closes an alert that vanishes, and opens it again when it comes back; one that is suppressed stays known to it.
  json::Array Suppressions;
  if (F.Hidden == Suppression::Comment)
    Suppressions.push_back(json::Object{{"kind", "inSource"}});
  else if (F.Hidden == Suppression::Baseline)
    Suppressions.push_back(json::Object{{"kind", "external"}, {"justification", "in the baseline"}});
  Result["suppressions"] = std::move(Suppressions);
  if (HasBaseline)
    Result["baselineState"] = F.Hidden == Suppression::Baseline ? "unchanged" : "new";
  json::Array *Locations = Result.getArray("locations");
  if (!Locations)
    return;
  json::Array Related;
  size_t Next = 1;
  for (const Message &Note : F.Notes) {
    if (Note.File.empty())
      continue;
    json::Value Location = (*Locations)[Next++];
    (*Location.getAsObject())["message"] = text(Note.Text);
    Related.push_back(std::move(Location));
  }
  // SARIF groups the changes of a fix by file.
  MapVector<StringRef, json::Object> Changes;
  for (const Edit &E : F.Fix) {
    const json::Value &Location = (*Locations)[Next++];
    json::Object &Change = Changes[E.File];
    if (Change.empty()) {
      Change["artifactLocation"] =
          json::Object(*Location.getAsObject()->getObject("physicalLocation")->getObject("artifactLocation"));
      Change["replacements"] = json::Array();
    }
    Change.getArray("replacements")->push_back(replacement(E, Location));
  }
  json::Value Main = std::move(Locations->front());
  Result["locations"] = json::Array{std::move(Main)};
  if (!Related.empty())
    Result["relatedLocations"] = std::move(Related);
  if (!Changes.empty()) {
    json::Array List;
    for (auto &Change : Changes)
      List.push_back(std::move(Change.second));
    Result["fixes"] = json::Array{json::Object{{"description", text("Apply Ward's fix.")}, {"artifactChanges", std::move(List)}}};
  }
}

/// The places of \p F, its notes and its fix; empty if one no longer exists.
std::vector<CharSourceRange> allPlaces(const Finding &F, Places &In) {
  std::vector<CharSourceRange> Result = {rangeOf(F.Main, In)};
  for (const Message &Note : F.Notes)
    if (!Note.File.empty())
      Result.push_back(rangeOf(Note, In));
  for (const Edit &E : F.Fix)
    Result.push_back(In.range(E.File, E.Begin, E.End));
  if (any_of(Result, [](const CharSourceRange &Range) { return Range.isInvalid(); }))
    Result.clear();
  return Result;
}

int64_t indexOf(const json::Value &Artifact) {
  const json::Object *Location = Artifact.getAsObject()->getObject("location");
  return Location ? Location->getInteger("index").value_or(0) : 0;
}

json::Array notifications(const Report &R) {
  json::Array Result;
  auto Add = [&](StringRef Text, StringRef File) {
    json::Object One{{"level", "error"}, {"message", text(Text)}};
    if (!File.empty())
      One["locations"] = json::Array{json::Object{
          {"physicalLocation",
           json::Object{{"artifactLocation", json::Object{{"uri", encoded(File)}, {"uriBaseId", StringRef(Base)}}}}}}};
    Result.push_back(std::move(One));
  };
  for (const Report::UnitProblem &P : R.NotChecked)
    Add("not checked: " + P.Text, P.File);
  for (const Report::UnitProblem &P : R.InPart)
    Add("checked only in part because of errors: " + shown(P.Text, R.Root), P.File);
  for (const std::string &Problem : R.Problems)
    Add(Problem, "");
  return Result;
}

} // namespace

std::string sarifOf(const Report &R) {
  Places In;
  SarifDocumentWriter Writer(In.sources());
  Writer.createRun("Ward", "Ward: ownership safety for threads in C++", version());
  std::vector<CheckInfo> Known = allChecks().vec();
  for (const CheckInfo &Own : ownRules())
    if (any_of(R.Findings, [&](const Finding &F) { return F.Check == Own.Name; }))
      Known.push_back(Own);
  for (const CheckInfo &C : Known)
    Writer.createRule(SarifRule::create().setName(C.Name).setRuleId(C.Name).setDescription(C.Summary));
  std::vector<const Finding *> All;
  for (const std::vector<Finding> *List : {&R.Findings, &R.Hidden})
    for (const Finding &F : *List)
      All.push_back(&F);
  for (const Finding *F : All) {
    size_t Rule = find_if(Known, [&](const CheckInfo &C) { return C.Name == F->Check; }) - Known.begin();
    SarifResult Result = SarifResult::create(Rule).setRuleId(F->Check).setDiagnosticMessage(F->Main.Text).setDiagnosticLevel(levelOf(*F));
    setPlaces(Result, allPlaces(*F, In));
    Writer.appendResult(Result);
  }
  Writer.endRun();
  json::Value Document = Writer.createDocument();

  json::Object &Run = *Document.getAsObject()->getArray("runs")->front().getAsObject();
  // Clang's writer lists them in the order of a hash table instead of by index.
  if (json::Array *Artifacts = Run.getArray("artifacts"))
    llvm::sort(*Artifacts, [](const json::Value &A, const json::Value &B) { return indexOf(A) < indexOf(B); });
  if (json::Array *Results = Run.getArray("results"))
    for (size_t I = 0; I < Results->size(); ++I)
      complete(*(*Results)[I].getAsObject(), *All[I], R.HasBaseline);
  json::Object &Driver = *Run.getObject("tool")->getObject("driver");
  Driver.erase("informationUri"); // that of Clang's manual
  json::Array &Rules = *Driver.getArray("rules");
  for (size_t I = 0; I < Rules.size(); ++I) {
    const CheckInfo &C = Known[I];
    json::Object &Rule = *Rules[I].getAsObject();
    Rule["shortDescription"] = text(C.Summary);
    Rule["help"] = json::Object{{"text", C.Summary}, {"markdown", C.Page.empty() ? C.Summary : C.Page}};
    Rule["properties"] = json::Object{{"severity", nameOf(C.Worst)}};
  }
  makeRelative(Document, "file://" + encoded(R.Root));
  json::Object &Relative = *Document.getAsObject()->getArray("runs")->front().getAsObject();
  Relative["originalUriBaseIds"] = json::Object{{StringRef(Base), json::Object{{"description", text("The project's folder.")}}}};
  Relative["invocations"] = json::Array{
      json::Object{{"executionSuccessful", R.complete()}, {"toolExecutionNotifications", notifications(R)}}};
  return formatv("{0:2}\n", Document).str();
}

} // namespace ward
