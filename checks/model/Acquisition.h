// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which locks a guard takes, how, and what those locks protect by their place.
#ifndef WARD_MODEL_ACQUISITION_H
#define WARD_MODEL_ACQUISITION_H

#include "model/AccessPath.h"
#include "model/LockTypes.h"

#include <optional>

namespace ward {

/// One lock that a guard takes or would take.
struct LockRef {
  /// The mutex's place; none where it can't be told.
  std::optional<AccessPath> Mutex;
  /// The object that the mutex belongs to: its other fields are what the lock protects. None for a global mutex.
  std::optional<AccessPath> Owner;
  LockMode Mode = LockMode::Exclusive;
  /// Null where it can't be told.
  const MutexType *Type = nullptr;
  /// Where only the object can't be told that has the mutex: the mutex's field.
  const clang::FieldDecl *Member = nullptr;
};

/// What making a guard does.
struct Acquisition {
  enum Kind {
    Locks,        ///< locks, or waits until it can
    Tries,        ///< may come back without the lock
    Adopts,       ///< the lock is held already
    Defers,       ///< names the mutex, leaves it unlocked
    Transfers,    ///< takes over what another guard holds
    Unassociated, ///< has no mutex
    Inverts,      ///< unlocks, and locks again where it ends
  };
  Kind Kind = Locks;
  llvm::SmallVector<LockRef, 1> Locked;

  /// The lock may be held once the guard is made.
  bool mayHold() const { return Kind == Locks || Kind == Tries || Kind == Adopts || Kind == Transfers; }
};

/// Reads what making the guard of type \p Type from \p Init does, through the user's wrappers and factories. A guard that
/// can't be read any further is taken to lock something unknown.
Acquisition readAcquisition(const clang::Expr *Init, clang::QualType Type, LockTypes &Types);

/// The same for a guard of type \p Type that is made in place from \p Arguments.
Acquisition readAcquisition(llvm::ArrayRef<const clang::Expr *> Arguments, clang::QualType Type, LockTypes &Types);

/// The lock at \p Mutex, with the object that owns it. \p Type is that of the mutex, where the path does not tell it.
LockRef lockAt(std::optional<AccessPath> Mutex, LockMode Mode, LockTypes &Types, clang::QualType Type = {});

} // namespace ward

#endif // WARD_MODEL_ACQUISITION_H
