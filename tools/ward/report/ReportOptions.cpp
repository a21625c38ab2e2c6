// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "report/ReportOptions.h"

#include "driver/WholeFile.h"

#include "llvm/Support/Process.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace ward {

ReportOptions::ReportOptions(cl::SubCommand &Sub)
    : Diff("diff", cl::desc("Report only findings on lines changed since the git revision REF"), cl::value_desc("REF"), cl::sub(Sub)),
      BaselineFile("baseline", cl::desc("Report only findings that are not in FILE"), cl::value_desc("FILE"), cl::sub(Sub)),
      UpdateBaseline("update-baseline", cl::desc("Write all current findings to the --baseline file"), cl::sub(Sub)),
      Sort("sort", cl::desc("The order of the findings:"), cl::init(Order::Severity), cl::sub(Sub),
           cl::values(clEnumValN(Order::Severity, "severity", "the worst and surest first (the default)"),
                      clEnumValN(Order::File, "file", "by file and line"), clEnumValN(Order::Check, "check", "by check, then by file and line"))),
      GroupBy("group-by", cl::desc("The headings of the text:"), cl::init(Heading::Auto), cl::sub(Sub),
              cl::values(clEnumValN(Heading::Severity, "severity", "a heading for each severity (the default, unless --sort says otherwise)"),
                         clEnumValN(Heading::File, "file", "for each file"), clEnumValN(Heading::Check, "check", "for each check"),
                         clEnumValN(Heading::None, "none", "no headings"))),
      Limit("limit", cl::desc("Report at most N findings (default: 0, all)"), cl::value_desc("N"), cl::init(0), cl::sub(Sub)),
      As("format", cl::desc("The output format:"), cl::init(ReportFormat::Text), cl::sub(Sub),
         cl::values(clEnumValN(ReportFormat::Text, "text", "like compiler warnings (the default)"),
                    clEnumValN(ReportFormat::Json, "json", "Ward's JSON"), clEnumValN(ReportFormat::Sarif, "sarif", "SARIF 2.1.0"),
                    clEnumValN(ReportFormat::Github, "github", "annotations for GitHub Actions"))),
      Output("output", cl::desc("Write findings to FILE instead of stdout"), cl::value_desc("FILE"), cl::init("-"), cl::sub(Sub)),
      OutputShort("o", cl::desc("Alias for --output"), cl::aliasopt(Output)) {}

Error ReportOptions::verify(bool OnlyPart) const {
  if (UpdateBaseline && (BaselineFile.empty() || OnlyPart || !Diff.empty()))
    return createStringError(inconvertibleErrorCode(),
                             "--update-baseline needs --baseline FILE, and cannot be combined with PATHS, --diff or --fix, because a baseline "
                             "covers all files");
  return Error::success();
}

Error ReportOptions::prepare(StringRef Root) {
  if (!BaselineFile.empty() && !UpdateBaseline) {
    Expected<Baseline> Read = Baseline::read(BaselineFile);
    if (!Read)
      return Read.takeError();
    Known = std::move(*Read);
  }
  if (!Diff.empty()) {
    Expected<ChangedLines> Read = ChangedLines::since(Diff, Root);
    if (!Read)
      return Read.takeError();
    Changed = std::move(*Read);
  }
  return Error::success();
}

/// If something could not be checked, all old entries of the baseline are kept.
static Error updateBaseline(const Report &R, StringRef File) {
  Baseline Now = Baseline::of(R.Findings, R.Root);
  if (Expected<Baseline> Before = Baseline::read(File)) {
    if (!R.complete())
      Now.include(*Before);
  } else {
    consumeError(Before.takeError());
  }
  if (Error Problem = writeWhole(File, Now.text()))
    return Problem;
  errs() << File << ": " << Now.size() << (Now.size() == 1 ? " finding" : " findings") << '\n';
  return Error::success();
}

/// Sorts \p Findings as the headings \p By want it, and then within each of them.
static void sortUnder(Heading By, Order Sort, std::vector<Finding> &Findings) {
  sortBy(Sort, Findings);
  if (By == Heading::Auto || By == Heading::None || (By == Heading::Severity && Sort == Order::Severity))
    return;
  // A defect is under the heading of its first place.
  std::vector<std::pair<std::pair<int, std::string>, size_t>> Keys;
  size_t Number = 0;
  for (ArrayRef<Finding> Places : defectsOf(Findings)) {
    const Finding &F = Places.front();
    std::pair<int, std::string> Key(By == Heading::Severity ? static_cast<int>(F.Worst) : 0,
                                    By == Heading::File ? F.Main.File : By == Heading::Check ? F.Check : "");
    for (size_t I = 0; I != Places.size(); ++I)
      Keys.emplace_back(Key, Number++);
  }
  llvm::sort(Keys);
  std::vector<Finding> Sorted;
  for (const auto &Each : Keys)
    Sorted.push_back(std::move(Findings[Each.second]));
  Findings = std::move(Sorted);
}

Error ReportOptions::apply(Report &R, std::optional<std::vector<Finding>> Unused) {
  auto Hide = [&R] {
    size_t Before = R.Findings.size();
    for (Finding &F : R.Findings)
      if (F.Hidden != Suppression::None)
        R.Hidden.push_back(std::move(F));
    erase_if(R.Findings, [](const Finding &F) { return F.Hidden != Suppression::None; });
    return Before - R.Findings.size();
  };
  if (UpdateBaseline) {
    if (Error Problem = updateBaseline(R, BaselineFile))
      return Problem;
    for (Finding &F : R.Findings)
      F.Hidden = Suppression::Baseline;
    R.HasBaseline = true;
    R.InBaseline += Hide();
  }
  if (Known) {
    std::vector<Finding> Entries = Known->hideKnown(R.Findings, R.Root, BaselineFile);
    R.HasBaseline = true;
    R.InBaseline += Hide();
    if (Unused && !R.complete() && !Entries.empty())
      WithColor::warning() << "--unused-nolint: the entries of the baseline are not judged, because some files were not checked completely\n";
    else if (Unused)
      Unused->insert(Unused->end(), Entries.begin(), Entries.end());
  }
  if (Unused) {
    rate(*Unused);
    group(*Unused, R.Root);
    identify(*Unused, R.Root);
    R.Findings.insert(R.Findings.end(), std::make_move_iterator(Unused->begin()), std::make_move_iterator(Unused->end()));
  }
  size_t All = R.Findings.size();
  if (Changed)
    for (std::vector<Finding> *List : {&R.Findings, &R.Hidden})
      erase_if(*List, [&](const Finding &F) { return !Changed->concern(F); });
  R.Unchanged = All - R.Findings.size();
  sortUnder(GroupBy, Sort, R.Findings);
  if (GroupBy == Heading::Severity || (GroupBy == Heading::Auto && Sort == Order::Severity))
    R.Headings = Order::Severity;
  else if (GroupBy == Heading::File || GroupBy == Heading::Check)
    R.Headings = GroupBy == Heading::File ? Order::File : Order::Check;
  return Error::success();
}

Error ReportOptions::write(const Report &All) const {
  Report R = All;
  if (std::vector<ArrayRef<Finding>> Defects = defectsOf(R.Findings); Limit && Defects.size() > Limit) {
    R.Limited = Defects.size() - Limit;
    R.Findings.resize(Defects[Limit].data() - R.Findings.data());
  }
  std::string Text;
  switch (As) {
  case ReportFormat::Text:
    Text = textOf(R, Output == "-" && sys::Process::StandardOutHasColors()) + summaryOf(All);
    break;
  case ReportFormat::Json:
    Text = jsonOf(R);
    break;
  case ReportFormat::Sarif:
    Text = sarifOf(R);
    break;
  case ReportFormat::Github:
    Text = githubOf(R);
    break;
  }
  if (Error Problem = writeWhole(Output, Text))
    return Problem;
  if (As != ReportFormat::Text || Output != "-")
    errs() << summaryOf(All);
  return Error::success();
}

} // namespace ward
