// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Locks that a function holds while it starts a thread, and what they order: the thread waits for them, and other threads wait for what
/// the starter does meanwhile.
#ifndef WARD_FLOW_THREADS_HELDATSTART_H
#define WARD_FLOW_THREADS_HELDATSTART_H

#include "flow/threads/ParallelCode.h"

namespace ward {

/// Of global locks only: two functions name these alike.
class HeldAtStart {
public:
  HeldAtStart(UnitFlow &Flow, ParallelCode &Parallel);

  /// A lock that some starter holds keeps \p A in \p InA and \p B in \p InB from running at the same time.
  bool keepApart(const FunctionModel &InA, const clang::Stmt *A, const FunctionModel &InB, const clang::Stmt *B);

private:
  /// One lock that is held where a thread is started.
  struct Holding {
    AccessPath Mutex;
    /// The statements of the starter that it evaluates before it releases the lock.
    llvm::DenseSet<const clang::Stmt *> Until;
    /// It is held until the thread has ended.
    bool IsWhole;
  };
  void collect(unsigned Thread);
  const Holding *holding(unsigned Thread, const AccessPath &Mutex) const;
  /// The threads, \p Thread or those that start it and wait for it, whose starters hold \p Mutex until they have ended; none if \p Thread
  /// may run while nobody holds it for it.
  std::optional<llvm::BitVector> heldFor(unsigned Thread, const AccessPath &Mutex, unsigned Depth = MaxCallDepth);
  std::optional<llvm::BitVector> heldFor(const llvm::BitVector &Threads, const AccessPath &Mutex, unsigned Depth = MaxCallDepth);
  /// The threads, started while \p Mutex was held, that have acquired it before \p A in \p InA, or before they start the thread that is
  /// there; none if there may be others.
  std::optional<llvm::BitVector> waitedFor(const FunctionModel &InA, const clang::Stmt *A, const AccessPath &Mutex, unsigned Depth = MaxCallDepth);
  bool areApart(const FunctionModel &InA, const clang::Stmt *A, const FunctionModel &InB, const clang::Stmt *B, const AccessPath &Mutex);
  /// Every path to \p S in \p Function acquires \p Mutex first.
  bool hasAcquired(const FunctionModel &Function, const clang::Stmt *S, const AccessPath &Mutex);
  bool holds(const FunctionModel &Function, const clang::Stmt *S, const AccessPath &Mutex);
  /// A thread that starts one of \p Threads may run \p Function.
  bool isOnStarter(const llvm::BitVector &Threads, const FunctionModel &Function);

  UnitFlow &Flow;
  ParallelCode &Parallel;
  const std::vector<Spawn> &Threads;
  /// By thread.
  std::vector<std::vector<Holding>> Held;
  llvm::SmallVector<AccessPath, 2> Mutexes;
};

} // namespace ward

#endif // WARD_FLOW_THREADS_HELDATSTART_H
