// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which lock guards which variable: as an annotation says it, or as most of the code does it.
#ifndef WARD_FLOW_LOCKS_GUARDEDBY_H
#define WARD_FLOW_LOCKS_GUARDEDBY_H

#include "flow/locks/SharedAccesses.h"

namespace ward {

/// How much evidence makes a lock the guard of a variable.
struct GuardThresholds {
  /// So many accesses hold it, at least.
  unsigned MinGuarded = 2;
  /// And so many of a hundred.
  unsigned MinPercent = 66;
};

/// The default of the option LockedNames: what functions are called that the caller must hold the lock for.
inline constexpr llvm::StringLiteral DefaultLockedNames =
    "[Ll]ocked|LOCKED|[Nn]o_?[Ll]ock|[Ll]ock_?[Hh]eld|[Uu]nder_?[Ll]ock|[Ww]ith_?[Ll]ock";

/// What is known of one variable.
struct GuardVerdict {
  const clang::ValueDecl *Subject;
  GuardKey Guard;
  /// An annotation says so. Otherwise it is inferred.
  bool IsAnnotated = false;
  std::vector<const SharedAccess *> Guarded, Unguarded;
};

/// The inferred guard of \p Group: of the locks that its accesses hold, the one that enough of them hold to write and to
/// read. None if there is none.
std::optional<GuardVerdict> inferGuard(const SharedAccesses::Group &Group, const GuardThresholds &Thresholds);

/// The guards that annotations name for \p Group, each with the accesses that hold it and those that don't: of what the
/// variable points to, if \p Pointee.
std::vector<GuardVerdict> annotatedGuards(const SharedAccesses::Group &Group, bool Pointee, CatalogIndex &Names);

/// How many places in the source these are, whatever the number of instantiations: the statements and conditions that make
/// them, each once.
unsigned placesOf(llvm::ArrayRef<const SharedAccess *> Accesses);

} // namespace ward

#endif // WARD_FLOW_LOCKS_GUARDEDBY_H
