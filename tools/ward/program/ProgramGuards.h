// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which lock guards which field or global, by annotation or by what the whole program does: flow/locks/GuardedBy.h over facts.
#ifndef WARD_TOOLS_PROGRAM_PROGRAMGUARDS_H
#define WARD_TOOLS_PROGRAM_PROGRAMGUARDS_H

#include "program/ProgramGraph.h"

namespace ward {

/// A lock as the accessed variable sees it.
struct ProgramGuardKey {
  enum Relation { SameObject, OuterObject, Global };
  Relation How = SameObject;
  Id Root = None;         ///< of a Global
  std::vector<Id> Steps; ///< from the object, or Root

  bool operator==(const ProgramGuardKey &) const = default;
  /// As a programmer would write it.
  std::string print(const ProgramFacts &Facts) const;
};

struct ProgramVerdict {
  struct Access {
    const ProgramGraph::Function *In;
    const ProgramAccess *What;
    bool Held = false;      ///< the guard is
    bool OnlyShared = false; ///< for reading
    bool Excused = false;   ///< not held, and no mistake: callers that are seen hold it, or the function's name says so
  };
  Id Subject;
  ProgramGuardKey Guard;
  bool IsAnnotated = false, Pointee = false;
  std::vector<Access> Accesses; ///< those that count, in the order of the source

  /// How many places have the guard (or should have it and don't), whatever the number of instantiations.
  unsigned places(bool Held) const;
};

/// What is known of every field and global, in the order of their names: annotations, or else the inferred guard if there is one.
std::vector<ProgramVerdict> findGuards(const ProgramGraph &Graph, unsigned MinGuarded, unsigned MinPercent);

} // namespace ward

#endif // WARD_TOOLS_PROGRAM_PROGRAMGUARDS_H
