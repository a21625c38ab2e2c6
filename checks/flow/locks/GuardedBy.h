// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which lock guards which field or variable: by annotation (GUARDED_BY), or inferred from the locks that most accesses
/// hold.
///
/// The inference is Eraser's lockset idea with thresholds: of the locks held at the accesses, one that enough of them
/// hold, a write among these. Thread-confined accesses do not count, nor those that may hold it by an unknown lock.
#ifndef WARD_FLOW_LOCKS_GUARDEDBY_H
#define WARD_FLOW_LOCKS_GUARDEDBY_H

#include "flow/locks/SharedAccesses.h"

namespace ward {

/// How much evidence makes a lock the inferred guard of a variable.
struct GuardThresholds {
  /// At least so many accesses hold it.
  unsigned MinGuarded = 2;
  /// At least this percentage of the accesses holds it.
  unsigned MinPercent = 66;
};

/// The default of the option LockedNames: the names of functions whose callers hold the lock, by convention.
inline constexpr llvm::StringLiteral DefaultLockedNames =
    "[Ll]ocked|LOCKED|[Nn]o_?[Ll]ock|[Ll]ock_?[Hh]eld|[Uu]nder_?[Ll]ock|[Ww]ith_?[Ll]ock";

/// The guard of one field or variable.
struct GuardVerdict {
  const clang::ValueDecl *Subject;
  GuardKey Guard;
  /// By annotation. Otherwise it is inferred.
  bool IsAnnotated = false;
  /// The accesses that hold it, and those that surely don't.
  std::vector<const SharedAccess *> Guarded, Unguarded;
};

/// The inferred guard of \p Group: the lock that most of its accesses hold, if these are enough; none otherwise.
std::optional<GuardVerdict> inferGuard(const SharedAccesses::Group &Group, const GuardThresholds &Thresholds, UnitFlow &Flow);

/// The guards of \p Group by annotation; if \p Pointee, those of what the variable points to (PT_GUARDED_BY).
std::vector<GuardVerdict> annotatedGuards(const SharedAccesses::Group &Group, bool Pointee, CatalogIndex &Names);

/// The number of different places of \p Accesses in the source: the statements and conditions that make them count once each,
/// as do instantiations of a template.
unsigned placesOf(llvm::ArrayRef<const SharedAccess *> Accesses);

} // namespace ward

#endif // WARD_FLOW_LOCKS_GUARDEDBY_H
