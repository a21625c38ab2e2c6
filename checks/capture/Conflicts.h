// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Local variables that threads access at the same time, one of them writing.
#ifndef WARD_CAPTURE_CONFLICTS_H
#define WARD_CAPTURE_CONFLICTS_H

#include "flow/UnitFlow.h"

#include <vector>

namespace ward {

/// One access to a variable, or to a part of it.
struct PartAccess {
  const clang::Expr *Where;
  /// Starts at the variable.
  AccessPath Path;
  bool Writes;
  /// A lock is held; for a write, exclusively.
  bool Locked;
  /// By an atomic operation.
  bool Atomic;
  /// The values of its indices, if all are constants and it writes one element; empty otherwise.
  llvm::SmallVector<int64_t, 1> WrittenAt;
  /// The same if it reads or writes one.
  llvm::SmallVector<int64_t, 1> At;
};

/// The accesses of one thread to a variable that it borrows.
struct ThreadUse {
  const Spawn *Started;
  const clang::VarDecl *Variable;
  clang::SourceLocation Location;
  /// The variable is a pointer that shares ownership, and the accesses are to the pointer itself, not to what it points to.
  bool OfPointer = false;
  /// The variable is the object that owns the thread.
  bool IsOwner = false;
  llvm::SmallVector<PartAccess, 4> Accesses;
};

/// Two accesses without a common lock: Mine, by the thread that is reported, and Other; the same expression if it conflicts
/// with itself on another thread.
struct Conflict {
  ThreadUse At;
  PartAccess Mine;
  const clang::Expr *Other;
};

/// The two access the same place without a common lock, and one of them writes it.
bool inConflict(const PartAccess &First, const PartAccess &Second);

/// \p Type is a pointer that shares ownership of what it points to.
bool sharesOwnership(clang::QualType Type, CatalogIndex &Names);

/// The conflicts of the unit. With \p DisjointElements, accesses to elements by index are assumed to be to different elements.
std::vector<Conflict> findConflicts(UnitFlow &Flow, bool DisjointElements);

} // namespace ward

#endif // WARD_CAPTURE_CONFLICTS_H
