// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// A held lock as messages name it, and the locks that a function holds from its entry to its return.
#ifndef WARD_FLOW_LOCKS_HELDLOCK_H
#define WARD_FLOW_LOCKS_HELDLOCK_H

#include "flow/locks/LockSets.h"

#include <string>

namespace ward {

/// A lock that is held at some point of a function.
struct HeldLock {
  /// As the function names it: the mutex, "mu_", or where that is unknown the guard, or what its macro is passed. Empty if none has a name.
  std::string Name;
  /// Where the lock is acquired. If Required: the function, whose caller must hold it.
  clang::SourceLocation AcquiredAt;
  bool Required = false;
};

/// A held lock, with what identifies it.
struct Holding {
  HeldLock Lock;
  /// Of a guard variable or parameter.
  std::optional<AccessPath> Guard;
  llvm::SmallVector<LockRef, 1> Locked;

  bool isSameLockAs(const Holding &Other) const;
};

Holding holdingOf(const LockSite &Site);
HeldLock heldLockOf(const LockSite &Site);

/// The locks that functions of a unit hold at every point: those that an annotation requires, those of guards that are
/// passed by value and never used, and the lock under which a lock's own function runs a lambda (`mutex.withLock([]
/// {...})`).
class EntryLocks {
public:
  explicit EntryLocks(UnitModel &Unit);

  llvm::SmallVector<Holding, 2> of(const FunctionModel &Function) const;

private:
  /// A call that runs a lambda while it holds Mutex.
  struct LockingCall {
    const clang::CallExpr *Call;
    const clang::Expr *Mutex;
  };
  static std::optional<LockingCall> lockingCall(const clang::CallExpr *Call, LockTypes &Types);

  UnitModel &Unit;
  llvm::DenseMap<const FunctionModel *, LockingCall> RunLocked;
};

} // namespace ward

#endif // WARD_FLOW_LOCKS_HELDLOCK_H
