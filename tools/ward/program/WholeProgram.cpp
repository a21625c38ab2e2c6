// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "program/WholeProgram.h"

#include "program/ProgramTables.h"

using namespace llvm;

namespace ward {

Error WholeProgram::add(const json::Object &Line) {
  std::optional<StringRef> Name = Line.getString("unit"), Flags = Line.getString("flags");
  if (!Name || !Flags)
    return createStringError(inconvertibleErrorCode(), "the file is corrupt: this line names no unit");
  auto [It, New] = Units.try_emplace({Name->str(), Flags->str()});
  Unit &U = It->second;
  if (std::optional<StringRef> Problem = Line.getString("problem")) {
    // A unit that was analysed in another shard stays analysed.
    if (New || (!U.Problem.empty() && *Problem < U.Problem))
      U.Problem = Problem->str();
    return Error::success();
  }
  U.Problem.clear();
  U.Lines = static_cast<uint64_t>(Line.getInteger("lines").value_or(0));
  if (const json::Array *Errors = Line.getArray("errors"); Errors && !Errors->empty())
    U.InPart = Errors->front().getAsString().value_or("").str();
  Names.insert(*Name);
  uint8_t Enabled = 0;
  if (const json::Array *Checks = Line.getArray("checks"))
    for (const json::Value &Check : *Checks)
      for (unsigned I = 0; I != wholeProgramChecks().size(); ++I)
        if (Check.getAsString() == wholeProgramChecks()[I])
          Enabled |= 1U << I;
  const json::Object *Content = Line.getObject("facts");
  return Content ? Facts.add(*Content, Enabled) : Error::success();
}

void WholeProgram::addLine(StringRef Line) {
  Expected<json::Value> Unit = json::parse(Line);
  if (Unit && Unit->getAsObject())
    consumeError(add(*Unit->getAsObject()));
  else if (!Unit)
    consumeError(Unit.takeError());
}

ProgramFindings WholeProgram::analyse(const Options &Options, Report &R) {
  ProgramGraph Graph(Facts);
  std::vector<ProgramVerdict> Verdicts = findGuards(Graph, Options.Least == Confidence::None ? Facts.minConfidence() : Options.Least);
  ProgramOrder Order(Graph);
  if (Options.Tables)
    *Options.Tables = tablesOf(Graph, Verdicts, Order);
  ProgramFindings Result = findInProgram(Graph, Verdicts, Order, Names, Options);
  for (auto &[File, Why] : Result.Problems)
    R.NotChecked.push_back({File, Why});
  return Result;
}

void WholeProgram::account(Report &R) const {
  for (const auto &[Key, U] : Units) {
    if (!U.Problem.empty()) {
      R.NotChecked.push_back({Key.first, U.Problem});
      continue;
    }
    ++R.Checked;
    R.Lines += U.Lines;
    if (!U.InPart.empty())
      R.InPart.push_back({Key.first, U.InPart});
  }
}

} // namespace ward
