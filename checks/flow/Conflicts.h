// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Local variables that threads use at the same time, one of them writing.
#ifndef WARD_FLOW_CONFLICTS_H
#define WARD_FLOW_CONFLICTS_H

#include "flow/UnitFlow.h"

#include <vector>

namespace ward {

/// What one thread does with a variable that it borrows.
struct ThreadUse {
  const Spawn *Started;
  const clang::VarDecl *Variable;
  clang::SourceLocation Location;
  /// The variable is a pointer that shares ownership, and this is about the pointer itself, not about what it points to.
  bool OfPointer = false;
  const clang::Expr *Read = nullptr, *Write = nullptr;
  bool UnlockedRead = false, UnlockedWrite = false;
};

/// \p At, at which it is reported, and another use that no lock orders.
struct Conflict {
  ThreadUse At;
  const clang::Expr *Other;
};

/// A lock protects the other use too, or the use does not conflict: both only read.
inline bool inConflict(const ThreadUse &First, const ThreadUse &Second) {
  return (First.Write && (Second.Read || Second.Write) && (First.UnlockedWrite || Second.UnlockedRead || Second.UnlockedWrite)) ||
         (Second.Write && (First.Read || First.Write) && (Second.UnlockedWrite || First.UnlockedRead || First.UnlockedWrite));
}

/// \p Type is a pointer that shares the ownership of what it points to.
bool sharesOwnership(clang::QualType Type, CatalogIndex &Names);

/// The conflicts of the unit. With \p DisjointElements the elements of a container that are chosen by an index are taken to
/// be different ones.
std::vector<Conflict> findConflicts(UnitFlow &Flow, bool DisjointElements);

} // namespace ward

#endif // WARD_FLOW_CONFLICTS_H
