// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Cycles in a lock-order graph. Locks are numbered from 0, so that the same search serves one unit, whose locks are declarations, and
/// the whole program, whose locks are facts.
#ifndef WARD_LOCK_LOCKCYCLES_H
#define WARD_LOCK_LOCKCYCLES_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"

#include <vector>

namespace ward {

/// One place where the lock \c To is acquired while \c From is held. The two are equal for two objects of one class.
struct LockCycleEdge {
  unsigned From, To;
  /// Both are acquired in shared mode.
  bool IsShared;
  /// The other locks that are held there on every path.
  llvm::ArrayRef<unsigned> Gates;
};

/// For each of \p Edges whether it lies on a cycle of two or more locks.
std::vector<bool> edgesOnCycles(llvm::ArrayRef<LockCycleEdge> Edges);

/// A possible deadlock, as indexes of edges: each acquires the lock that the next one holds, no gate is common to all of them, and they
/// are not all shared.
using LockCycle = std::vector<unsigned>;

/// The cycles among \p Edges, each as short as possible, in the order of their first edges. One wrong order may close many cycles: no
/// two of those that are reported have an order of locks in common, and two locks in two orders come before longer cycles. With \p SameLock also edges from a lock to itself.
/// Two edges for which \p MayMeet is false do not happen at the same time.
std::vector<LockCycle> findLockCycles(llvm::ArrayRef<LockCycleEdge> Edges, bool SameLock,
                                      llvm::function_ref<bool(unsigned, unsigned)> MayMeet = nullptr);

} // namespace ward

#endif // WARD_LOCK_LOCKCYCLES_H
