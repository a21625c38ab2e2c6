// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The lattice of the lockset analysis and its transfer functions: what one element of a CFG does to a LockSet.
#ifndef WARD_FLOW_LOCKS_LOCKTRANSFER_H
#define WARD_FLOW_LOCKS_LOCKTRANSFER_H

#include "flow/locks/LockSites.h"
#include "llvm/ADT/BitVector.h"

namespace ward {

/// The lattice element: one bit for each site of a function. The join is the union, except for Must, where it is the
/// intersection.
struct LockSet {
  /// Held on some path, and on every path.
  llvm::BitVector May, Must;
  /// Held, but the root of its path names another object by now (`node = node->next`).
  llvm::BitVector Renamed;
  /// Guards whose lock was released by hand: a lock by hand acquires it for the guard again.
  llvm::BitVector Suspended;
  /// One bit for each of releasedPaths(): released on some path though the function had not acquired it. Its caller
  /// had.
  llvm::BitVector Released;
  /// Likewise: the function itself has acquired it on some path, whether it still holds it or not.
  llvm::BitVector Acquired;

  bool operator==(const LockSet &) const = default;

  void release(unsigned Site) {
    May.reset(Site);
    Must.reset(Site);
    Renamed.reset(Site);
  }
};

/// The transfer functions over the sites of one function.
class LockTransfer {
public:
  explicit LockTransfer(const LockSites &Sites);

  /// Nothing is held.
  LockSet empty() const;
  /// \p State becomes the state after \p Element.
  void apply(const clang::CFGElement &Element, LockSet &State) const;
  /// An exception leaves the block of \p Try: the guards in it are destroyed. The graph has no destructors on that
  /// edge.
  void unwind(const clang::CXXTryStmt &Try, LockSet &State) const;
  /// The loop \p Loop ends. One that acquires, or releases, the lock of each element has then done so for all of them, for a
  /// container without elements too.
  void leaveLoop(const clang::Stmt *Loop, LockSet &State) const;
  /// \p Into becomes the state where its path and that of \p State meet.
  void join(LockSet &Into, const LockSet &State) const;

private:
  void collectSameLock();
  void collectLoops();
  void applyStmt(const clang::Stmt *S, LockSet &State) const;
  void applyDeclaration(const clang::VarDecl *Variable, LockSet &State) const;
  void applyDestructor(const clang::VarDecl *Variable, LockSet &State) const;
  void applyCall(const clang::CallExpr *Call, LockSet &State) const;
  void acquire(unsigned Site, bool Surely, LockSet &State) const;
  void releaseVariable(const clang::VarDecl *Variable, LockSet &State) const;
  void releasePath(unsigned Path, LockSet &State) const;
  /// The lock of \p Site, which a call locks by hand, is held again by what held it before it was unlocked by hand: a
  /// guard, or the caller. False if neither did.
  bool reacquire(unsigned Site, LockSet &State) const;
  /// The lifetime of a guard that unlocks (\p How) begins or ends.
  void applyInverse(const Acquisition &How, bool Begins, LockSet &State) const;
  /// \p Place is assigned to: what is reached through it is another object.
  void markRenamed(const AccessPath &Place, LockSet &State) const;
  void applyAssignment(const clang::Stmt *S, LockSet &State) const;

  /// \p Callee unlocks the guard that is its parameter number \p Index, and does not lock it again: `finish(lock)`.
  bool leavesReleased(const clang::FunctionDecl *Callee, unsigned Index) const;

  const LockSites &Sites;
  UnitModel &Unit;
  /// Sets of several calls that lock one mutex in one mode: if each path has another one of them, the mutex is held on
  /// all.
  std::vector<llvm::BitVector> SameLock;
  /// What each iteration of a loop does to the lock of an element.
  struct InLoop {
    llvm::SmallVector<unsigned, 1> Sites, Paths;
  };
  llvm::DenseMap<const clang::Stmt *, InLoop> InLoops;
};

} // namespace ward

#endif // WARD_FLOW_LOCKS_LOCKTRANSFER_H
