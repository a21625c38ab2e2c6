// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// From the facts of units to what there is to say of the whole program.
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
  /// Takes a unit's line of a file of facts. Units may come in any order; one that comes again is as if it came once.
  llvm::Error add(const llvm::json::Object &Unit);

  struct Options : ProgramFindingOptions {
    std::string *Tables = nullptr; ///< to be given what tablesOf() says; may be null
    unsigned MinGuarded = 0, MinPercent = 0; ///< for all units, unless 0
  };
  /// The findings, in no order; what hinders them goes into \p R.
  ProgramFindings analyse(const Options &Options, Report &R);

  /// Says in \p R of all units how many there are and what is wrong with them.
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
