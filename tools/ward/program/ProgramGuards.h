// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which lock guards which field or global, annotated or inferred from the whole program: flow/locks/GuardedBy.h over facts.
#ifndef WARD_TOOLS_PROGRAM_PROGRAMGUARDS_H
#define WARD_TOOLS_PROGRAM_PROGRAMGUARDS_H

#include "program/ProgramGraph.h"

namespace ward {

/// A lock relative to the accessed variable.
struct ProgramGuardKey {
  enum Relation { SameObject, OuterObject, Global };
  Relation How = SameObject;
  Id Root = None;         ///< of a Global
  std::vector<Id> Steps; ///< from the object, or Root

  bool operator==(const ProgramGuardKey &) const = default;
  /// As written in the source.
  std::string print(const ProgramFacts &Facts) const;
};

struct ProgramVerdict {
  struct Access {
    const ProgramGraph::Function *In;
    const ProgramAccess *What;
    bool Held = false;       ///< the guard is held
    bool OnlyShared = false; ///< in shared mode only
    bool Excused = false;    ///< not held, but correct: the known callers hold it, or the function's name implies it
    bool ByCallers = false;  ///< most callers hold it: the mistake is in the other calls
    /// The call on the way to it that should hold the guard, and its function. Null for the access itself.
    const ProgramGraph::Call *Through = nullptr;
    const ProgramGraph::Function *Caller = nullptr;
    /// What that calls, and how many calls of it hold the guard, of how many.
    const ProgramGraph::Function *Callee = nullptr;
    unsigned HoldingCalls = 0, Calls = 0;

    const ProgramPlace &at() const { return Through ? Through->At : What->At; }
    const ProgramGraph::Function &in() const { return Caller ? *Caller : *In; }
  };
  Id Subject;
  ProgramGuardKey Guard;
  bool IsAnnotated = false, Pointee = false;
  std::vector<Access> Accesses; ///< those that count, in the order of the source
  /// Of an inferred guard: what it was inferred from.
  GuardEvidence Evidence = {};
  Confidence Level = Confidence::Sure;

  /// How many places hold the guard, or lack it; of the writes if \p OnlyWrites. A place counts once, whatever the number of instantiations.
  unsigned places(bool Held, bool OnlyWrites = false) const;
};

/// The verdict on every field and global, in the order of their names: its annotations, or else the inferred guard, if there is one of at
/// least the confidence \p Least.
std::vector<ProgramVerdict> findGuards(const ProgramGraph &Graph, Confidence Least);

} // namespace ward

#endif // WARD_TOOLS_PROGRAM_PROGRAMGUARDS_H
