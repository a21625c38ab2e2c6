// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// `ward reduce`: analyses the whole program from the facts of all files.
#include "driver/Command.h"
#include "project/CompileDatabase.h"
#include "program/FactsFile.h"
#include "report/ReportOptions.h"
#include "run/CheckOptions.h"
#include "driver/WholeFile.h"
#include "program/WholeProgram.h"
#include "run/WorkerPool.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Regex.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace ward {
namespace {

cl::SubCommand Sub("reduce", "Find locking errors across files, from the facts that ward map wrote");
cl::list<std::string> Inputs(cl::Positional, cl::desc("FACTS..."), cl::OneOrMore, cl::sub(Sub));
ReportOptions Reporting(Sub);
cl::opt<std::string> Root("root", cl::desc("The folder of the sources (default: that of ward map, or the working directory if it does not exist)"),
                          cl::value_desc("DIR"), cl::sub(Sub));
cl::opt<std::string> HeaderFilter("header-filter", cl::desc("Headers to report on (default: those below the root)"),
                                  cl::value_desc("REGEX"), cl::sub(Sub));
cl::opt<bool> WithThirdParty("third-party", cl::desc("Also report findings in third-party code below the root"), cl::sub(Sub));
cl::opt<std::string> Tables("tables", cl::desc("Also write the guards and the lock order to FILE as JSON"), cl::value_desc("FILE"),
                            cl::sub(Sub));
cl::opt<Confidence> Least("min-confidence", cl::desc("The least confidence in an inferred guard (default: as the units were mapped)"),
                          confidenceValues(), cl::init(Confidence::None), cl::sub(Sub));

/// The folder that the names in the facts are relative to: that of --root, else that of ward map, else the working directory.
Expected<std::string> rootOf(StringRef Mapped) {
  if (!Root.empty() && !sys::fs::is_directory(Root))
    return createStringError(inconvertibleErrorCode(), "--root=%s: no such folder", Root.c_str());
  return realPath(!Root.empty() ? StringRef(Root) : !Mapped.empty() && sys::fs::is_directory(Mapped) ? Mapped : ".");
}

int reduce() {
  interruptible();
  if (Error Problem = Reporting.verify(/*OnlyPart=*/false))
    return failed(std::move(Problem));
  WholeProgram Program;
  FactsReader Reader;
  for (const std::string &Path : Inputs) {
    if (Error Problem = Reader.read(Path, [&](const json::Object &Unit) { return Program.add(Unit); }))
      return failed(std::move(Problem));
    if (interrupted())
      return Interrupted;
  }
  Expected<std::string> Top = rootOf(Reader.root());
  if (!Top)
    return failed(Top.takeError());
  WholeProgram::Options Options;
  Options.Root = *Top;
  Options.HeaderFilter = HeaderFilter.empty() ? "^" + Regex::escape(*Top) + "/" : HeaderFilter;
  std::string TablesText;
  Options.Tables = Tables.empty() ? nullptr : &TablesText;
  Options.Least = Least;
  if (std::string Problem; !Regex(Options.HeaderFilter).isValid(Problem))
    return failed(createStringError(inconvertibleErrorCode(), "--header-filter: %s", Problem.c_str()));
  if (Error Problem = Reporting.prepare(*Top))
    return failed(std::move(Problem));

  Report R;
  R.Root = *Top;
  Program.account(R);
  R.Problems = Reader.missing();
  for (const std::string &Problem : R.Problems)
    warning() << Problem << "; the findings are incomplete\n";
  ProgramFindings Together = Program.analyse(Options, R);
  if (!Tables.empty())
    if (Error Problem = writeWhole(Tables, TablesText))
      return failed(std::move(Problem));
  std::vector<UnitResult> Whole(1);
  Whole.front().Findings = std::move(Together.Findings);
  R.Findings = merge(std::move(Whole));
  ThirdParty Others(*Top, {});
  finish(R, WithThirdParty ? nullptr : &Others);
  if (Error Problem = Reporting.apply(R))
    return failed(std::move(Problem));
  if (Error Problem = Reporting.write(R))
    return failed(std::move(Problem));
  if (!R.complete())
    return NotChecked;
  return R.Findings.empty() ? Clean : HasFindings;
}

Command Registered(Sub, reduce);

} // namespace
} // namespace ward
