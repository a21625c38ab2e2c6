// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// What the whole program does wrong with its locks, in the words of the checks that look at one unit.
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
  std::string Root;         ///< what the facts' relative paths are relative to
  std::string HeaderFilter; ///< a regular expression: besides the units' own files, report on these
};

/// The findings, and what hinders them: files that are not there or were changed since.
struct ProgramFindings {
  std::vector<Finding> Findings;
  std::vector<std::pair<std::string, std::string>> Problems; ///< a file and a sentence
  /// Places, as file, line and column, where a lock is not missing, since callers in other files hold it, or call before there are threads.
  std::set<std::tuple<std::string, uint64_t, uint64_t>> Excused;
};

/// Of \p Verdicts and \p Order and of locks that are taken twice; NOLINT heeded, one finding a place and check. \p Units are the names of
/// the units' files.
ProgramFindings findInProgram(const ProgramGraph &Graph, const std::vector<ProgramVerdict> &Verdicts, const ProgramOrder &Order,
                              const llvm::StringSet<> &Units, const ProgramFindingOptions &Options);

/// What units show by themselves, but for what the program excuses; and of the program's what is at another place, and cycles of other
/// locks.
std::vector<Finding> joined(std::vector<Finding> Units, ProgramFindings Program);

} // namespace ward

#endif // WARD_TOOLS_PROGRAM_PROGRAMFINDINGS_H
