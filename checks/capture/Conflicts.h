// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Local variables that threads use at the same time, one of them writing.
#ifndef WARD_CAPTURE_CONFLICTS_H
#define WARD_CAPTURE_CONFLICTS_H

#include "flow/UnitFlow.h"

#include <vector>

namespace ward {

/// One access to a variable, or to a part of it.
struct PartAccess {
  const clang::Expr *Where;
  /// As seen from the variable.
  AccessPath Path;
  bool Writes;
  /// Under a lock: for a write one that nobody else can hold too.
  bool Locked;
  /// By an atomic operation.
  bool Atomic;
  /// The values of its indices, where all of them are constants and it writes one element; empty otherwise.
  llvm::SmallVector<int64_t, 1> WrittenAt;
  /// The same where it reads or writes one.
  llvm::SmallVector<int64_t, 1> At;
};

/// What one thread does with a variable that it borrows.
struct ThreadUse {
  const Spawn *Started;
  const clang::VarDecl *Variable;
  clang::SourceLocation Location;
  /// The variable is a pointer that shares ownership, and this is about the pointer itself, not about what it points to.
  bool OfPointer = false;
  llvm::SmallVector<PartAccess, 4> Accesses;
};

/// \p At, at which it is reported, with the accesses of its thread and of the other that no lock orders: the same one if it
/// is in conflict with itself on another thread.
struct Conflict {
  ThreadUse At;
  PartAccess Mine;
  const clang::Expr *Other;
};

/// Two accesses that no lock orders meet in one place, and one of them writes it.
bool inConflict(const PartAccess &First, const PartAccess &Second);

/// \p Type is a pointer that shares the ownership of what it points to.
bool sharesOwnership(clang::QualType Type, CatalogIndex &Names);

/// The conflicts of the unit. With \p DisjointElements the elements of a container that are chosen by an index are taken to
/// be different ones.
std::vector<Conflict> findConflicts(UnitFlow &Flow, bool DisjointElements);

} // namespace ward

#endif // WARD_CAPTURE_CONFLICTS_H
