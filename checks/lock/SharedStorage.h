// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Declarations that make accesses by several threads race: bit-fields in one memory location, packed bools, volatile.
#ifndef WARD_LOCK_SHAREDSTORAGE_H
#define WARD_LOCK_SHAREDSTORAGE_H

#include "flow/UnitFlow.h"

#include <vector>

namespace ward {

/// One such declaration.
struct RacyStorage {
  enum Kind {
    DifferentLocks, ///< two bit-fields of one memory location, guarded by different locks
    OneUnlocked,    ///< two bit-fields of one memory location, only one of them guarded by a lock
    TwoThreads,     ///< two bit-fields of one memory location, written by two threads
    PackedBools,    ///< elements of a container of packed bools, accessed by two threads
    Volatile,       ///< a volatile in place of an atomic
  };
  Kind How;
  /// The variable, or the later of the two bit-fields; and the other bit-field.
  const clang::ValueDecl *Declared, *Other = nullptr;
  /// Two accesses that may race; the second may be null.
  const clang::Expr *First, *Second = nullptr;
};

/// Those of the unit, in the order of their declarations.
std::vector<RacyStorage> findRacyStorage(UnitFlow &Unit);

} // namespace ward

#endif // WARD_LOCK_SHAREDSTORAGE_H
