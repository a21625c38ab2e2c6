// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Writes that hold their lock in shared mode only.
#ifndef WARD_TOOLS_PROGRAM_PROGRAMSHAREDMODE_H
#define WARD_TOOLS_PROGRAM_PROGRAMSHAREDMODE_H

#include "program/ProgramGuards.h"

namespace ward {

/// \p Write conflicts with another access of \p Verdict: no lock that both hold excludes it.
bool isInConflict(const ProgramGraph &Graph, const ProgramVerdict::Access &Write, const ProgramVerdict &Verdict);

/// A call that holds a lock in shared mode only.
struct SharedCall {
  const ProgramGraph::Function *In;
  ProgramPlace At;
};
/// The calls of the function of \p Write that hold the guard in shared mode only, if others hold it in exclusive mode:
/// those are wrong, not the function. None if no caller holds it so.
std::vector<SharedCall> callsInSharedMode(const ProgramGraph &Graph, const ProgramVerdict::Access &Write,
                                          const ProgramVerdict &Verdict);

} // namespace ward

#endif // WARD_TOOLS_PROGRAM_PROGRAMSHAREDMODE_H
