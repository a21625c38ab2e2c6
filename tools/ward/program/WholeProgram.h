// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// From the facts of units to the findings of the whole program.
#ifndef WARD_TOOLS_PROGRAM_WHOLEPROGRAM_H
#define WARD_TOOLS_PROGRAM_WHOLEPROGRAM_H

#include "program/ProgramFacts.h"
#include "program/ProgramFindings.h"
#include "report/Report.h"

#include "llvm/ADT/StringSet.h"

#include <map>

namespace ward {

class WholeProgram {
public:
  /// Adds a unit's line of a file of facts. Order and duplicates do not matter.
  llvm::Error add(const llvm::json::Object &Unit);
  /// The same of a line that this program has written: an invalid one is ignored.
  void addLine(llvm::StringRef Line);

  struct Options : ProgramFindingOptions {
    std::string *Tables = nullptr; ///< receives the result of tablesOf(); may be null
    Confidence Least = Confidence::None; ///< overrides that of the units, unless None
  };
  /// The findings, unordered; problems go into \p R.
  ProgramFindings analyse(const Options &Options, Report &R);

  const ProgramFacts &facts() const { return Facts; }
  ProgramFacts &facts() { return Facts; }

  /// Counts the units in \p R and lists their problems.
  void account(Report &R) const;

private:
  struct Unit {
    uint64_t Lines = 0;
    std::string Problem, InPart; ///< empty if there is none
  };
  ProgramFacts Facts;
  std::map<std::pair<std::string, std::string>, Unit> Units; // by file and flags
  llvm::StringSet<> Names;
};

} // namespace ward

#endif // WARD_TOOLS_PROGRAM_WHOLEPROGRAM_H
