// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The findings of the whole program, worded as the checks of one unit word theirs.
#ifndef WARD_TOOLS_PROGRAM_PROGRAMFINDINGS_H
#define WARD_TOOLS_PROGRAM_PROGRAMFINDINGS_H

#include "findings/Finding.h"
#include "program/ProgramGuards.h"
#include "program/ProgramOrder.h"
#include "findings/SourceFiles.h"

#include "llvm/ADT/StringSet.h"

#include <set>
#include <tuple>

namespace ward {

struct ProgramFindingOptions {
  std::string Root;         ///< the facts' paths are relative to it
  std::string HeaderFilter; ///< a regular expression for the files to report on besides those of the units
};

/// The findings, and the files that are missing or have changed since their facts were written.
struct ProgramFindings {
  std::vector<Finding> Findings;
  std::vector<std::pair<std::string, std::string>> Problems; ///< a file and a sentence
  /// Accesses (file, line, column) that need no lock of their own: callers in other files hold it, or run before other threads start.
  std::set<std::tuple<std::string, uint64_t, uint64_t>> Excused;
};

/// The findings from \p Verdicts, \p Order and the repeated acquisitions in \p Graph: one per place and check, those that NOLINT
/// suppresses included. \p Units are the names of the units' files.
ProgramFindings findInProgram(const ProgramGraph &Graph, const std::vector<ProgramVerdict> &Verdicts, const ProgramOrder &Order,
                              const llvm::StringSet<> &Units, const ProgramFindingOptions &Options);

/// The findings of \p Units that \p Program does not excuse, and those of \p Program that are at other places, or cycles of other locks.
/// Of two at one place about a lock that is not held, that of \p Program.
std::vector<Finding> joined(std::vector<Finding> Units, ProgramFindings Program);

} // namespace ward

#endif // WARD_TOOLS_PROGRAM_PROGRAMFINDINGS_H
