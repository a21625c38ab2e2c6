// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Memory that several threads touch although its declaration can't bear it: bit-fields in one word, packed bools, volatile.
#ifndef WARD_LOCK_SHAREDSTORAGE_H
#define WARD_LOCK_SHAREDSTORAGE_H

#include "flow/UnitFlow.h"

#include <vector>

namespace ward {

/// One such declaration.
struct RacyStorage {
  enum Kind {
    DifferentLocks, ///< two bit-fields of one word, each under a lock of its own
    OneUnlocked,    ///< two bit-fields of one word, one under a lock, the other not
    TwoThreads,     ///< two bit-fields of one word, written by two threads
    PackedBools,    ///< elements of a container of packed bools, written by two threads
    Volatile,       ///< a volatile that stands in for an atomic
  };
  Kind How;
  /// Whose declaration it is: the variable, or the later of the two bit-fields; and the other bit-field.
  const clang::ValueDecl *Declared, *Other = nullptr;
  /// One access each, of two that may meet; the second may be null.
  const clang::Expr *First, *Second = nullptr;
};

/// Those of the unit, in the order of their declarations.
std::vector<RacyStorage> findRacyStorage(UnitFlow &Unit);

} // namespace ward

#endif // WARD_LOCK_SHAREDSTORAGE_H
