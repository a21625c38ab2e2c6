// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which locks a guard acquires and how, and which object's data those locks protect.
#ifndef WARD_MODEL_ACQUISITION_H
#define WARD_MODEL_ACQUISITION_H

#include "model/AccessPath.h"
#include "model/LockTypes.h"

#include <optional>

namespace ward {

/// One lock that a guard acquires or would acquire.
struct LockRef {
  /// The place of the mutex; none if unknown.
  std::optional<AccessPath> Mutex;
  /// The object that the mutex belongs to, whose other fields the lock protects. None for a global mutex.
  std::optional<AccessPath> Owner;
  LockMode Mode = LockMode::Exclusive;
  /// Null if unknown.
  const MutexType *Type = nullptr;
  /// If only the object that has the mutex is unknown: the field of the mutex.
  const clang::FieldDecl *Member = nullptr;
};

/// What the construction of a guard does.
struct Acquisition {
  enum Kind {
    Locks,        ///< acquires the lock, waiting if necessary
    Tries,        ///< may return without the lock
    Adopts,       ///< adopts a lock that is already held
    Defers,       ///< is associated with the mutex, and leaves it unlocked
    Transfers,    ///< takes over the lock of another guard
    Unassociated, ///< has no mutex
    Inverts,      ///< releases the lock, and acquires it again on destruction
  };
  Kind Kind = Locks;
  llvm::SmallVector<LockRef, 1> Locked;

  /// The lock may be held after the construction.
  bool mayHold() const { return Kind == Locks || Kind == Tries || Kind == Adopts || Kind == Transfers; }
};

/// What the construction of a guard of type \p Type from \p Init does, looking through the user's wrappers and factories. A guard
/// whose initialiser is not understood is assumed to acquire an unknown lock.
Acquisition readAcquisition(const clang::Expr *Init, clang::QualType Type, LockTypes &Types);

/// The same for a guard that is constructed in place from \p Arguments.
Acquisition readAcquisition(llvm::ArrayRef<const clang::Expr *> Arguments, clang::QualType Type, LockTypes &Types);

/// The local container to which \p Call adds a guard, `guards.emplace_back(m)`, whose type \p Guard becomes; null for
/// other calls.
const clang::VarDecl *guardContainer(const clang::CallExpr *Call, clang::QualType &Guard, LockTypes &Types);

/// The lock at \p Mutex, with the object that owns it. \p Type is the type of the mutex if the path does not show it.
LockRef lockAt(std::optional<AccessPath> Mutex, LockMode Mode, LockTypes &Types, clang::QualType Type = {});

} // namespace ward

#endif // WARD_MODEL_ACQUISITION_H
