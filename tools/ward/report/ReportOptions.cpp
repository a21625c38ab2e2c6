// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "report/ReportOptions.h"

#include "driver/WholeFile.h"

#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace ward {

ReportOptions::ReportOptions(cl::SubCommand &Sub)
    : Diff("diff", cl::desc("Report only findings on lines changed since the git revision REF"), cl::value_desc("REF"), cl::sub(Sub)),
      BaselineFile("baseline", cl::desc("Report only findings that are not in FILE"), cl::value_desc("FILE"), cl::sub(Sub)),
      UpdateBaseline("update-baseline", cl::desc("Write all current findings to the --baseline file"), cl::sub(Sub)),
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

Error ReportOptions::apply(Report &R) {
  if (UpdateBaseline) {
    if (Error Problem = updateBaseline(R, BaselineFile))
      return Problem;
    R.InBaseline = R.Findings.size();
    R.Findings.clear();
  }
  size_t All = R.Findings.size();
  if (Known)
    R.Findings = Known->unknown(std::move(R.Findings), R.Root);
  R.InBaseline += All - R.Findings.size();
  All = R.Findings.size();
  if (Changed)
    erase_if(R.Findings, [&](const Finding &F) { return !Changed->concern(F); });
  R.Unchanged = All - R.Findings.size();
  return Error::success();
}

Error ReportOptions::write(const Report &R) const {
  std::string Text;
  switch (As) {
  case ReportFormat::Text:
    Text = textOf(R, Output == "-" && sys::Process::StandardOutHasColors()) + summaryOf(R);
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
    errs() << summaryOf(R);
  return Error::success();
}

} // namespace ward
