// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which locks are held at a point of a function, those of its callers included: the interprocedural part of the
/// lockset analysis.
///
/// Top-down over the call graph. The lockset at a function's entry is the intersection of the locksets at its calls,
/// iterated to a fixpoint from "all locks", in the names of the callee. It is that of the annotation where one says
/// which locks a function requires; else it is empty for a function that other units may call (Callers::Any), and
/// unknown for one whose callers are.
#ifndef WARD_FLOW_LOCKS_LOCKCONTEXT_H
#define WARD_FLOW_LOCKS_LOCKCONTEXT_H

#include "flow/CallGraph.h"
#include "flow/locks/LockSets.h"

#include <unordered_map>

namespace ward {

using LockList = llvm::SmallVector<LockRef, 2>;

/// The lock of \p List whose mutex is \p Mutex; null if there is none.
const LockRef *lockIn(llvm::ArrayRef<LockRef> List, const AccessPath &Mutex);
/// Some lock is in both lists, and one of them has it in exclusive mode: two threads do not hold them at once.
bool excludeEachOther(llvm::ArrayRef<LockRef> First, llvm::ArrayRef<LockRef> Second);

/// The contexts of one unit's functions. Calls in constructors and destructors of the object, in unreachable code and
/// in functions whose own context is unknown do not count: they are no evidence for other callers.
class LockContext {
public:
  explicit LockContext(UnitFlow &Flow);

  /// The locks held on every path to \p S in \p Function, those of all callers included. An unknown lock has no Mutex.
  LockList heldAt(const FunctionModel &Function, const clang::Stmt *S);
  /// The locks held on some path to \p S, those of all callers included.
  LockList mayBeHeldAt(const FunctionModel &Function, const clang::Stmt *S);
  /// The locks that \p Function itself has acquired or requires: held on some path to \p S, and on every path.
  LockList acquiredAt(const FunctionModel &Function, const clang::Stmt *S);
  LockList ownAt(const FunctionModel &Function, const clang::Stmt *S);
  /// The same for the order of locks: without what \p Function requires if it contradicts that.
  LockList orderedBefore(const FunctionModel &Function, const clang::Stmt *S);
  /// \p Function is annotated to require a lock that it acquires itself: one of the two is a mistake, so the annotation shows nothing
  /// about what callers hold.
  bool contradictsRequirement(const FunctionModel &Function);
  /// requiredBy(); empty if \p Function contradicts it.
  const LockList &crediblyRequiredBy(const FunctionModel &Function);
  /// What is acquired on some path to the call \p Edge, by the caller or by the function that runs the callee for it, as the caller names it.
  LockList acquiredAt(const CallEdge &Edge);
  /// The locks of its callers that \p Function has released on some path to \p S.
  llvm::ArrayRef<AccessPath> releasedAt(const FunctionModel &Function, const clang::Stmt *S);
  /// The locks held at the call \p Edge, as the callee names them.
  LockList heldAt(const CallEdge &Edge) { return heldAt(Edge, /*WithKnown=*/false); }
  /// The locks that every caller of \p Function holds. Where \p Function can't name the object, they have a Member and
  /// no Mutex.
  const LockList &heldByCallers(const FunctionModel &Function);
  /// The locks that \p Function requires: by annotation, or because it releases them without having acquired them.
  const LockList &requiredBy(const FunctionModel &Function) const;
  /// All calls of \p Function are known, and some of them hold a lock.
  bool isCalledLocked(const FunctionModel &Function);
  /// The locks that all callers in this unit hold, or their callers, though other units may call \p Function too.
  const LockList &heldByKnownCallers(const FunctionModel &Function);
  /// The locks that the callers of \p Function hold at \p S with those values of its parameters for which it does not acquire them
  /// itself: `if (!locked) m.lock();`. Sets \p MayHold if no caller shows it.
  LockList assumedAt(const FunctionModel &Function, const clang::Stmt *S, bool &MayHold);
  /// The locks held at the entry of \p Function are unknown.
  bool isUnknown(const FunctionModel &Function);
  /// No path of \p Function leads to \p S.
  bool isUnreachable(const FunctionModel &Function, const clang::Stmt *S);

private:
  /// What a function itself holds at a point, without its callers' locks.
  struct Point {
    LockList Must, May;
    llvm::SmallVector<AccessPath, 1> Released;
  };
  /// The points of one function: successive statements with the same locks share one.
  struct Points {
    /// The function has a lockset analysis: a statement without a point is unreachable.
    bool IsKnown = false;
    std::vector<Point> All;
    llvm::DenseMap<const clang::Stmt *, unsigned> At;
  };
  const Points &points(const FunctionModel &Function);
  struct Contract;
  const Contract &contractOf(const FunctionModel &Function);
  const Point *pointAt(const FunctionModel &Function, const clang::Stmt *S);
  /// \p Own, and those \p OfCallers that are not released before \p At.
  static LockList withCallers(LockList Own, const LockList &OfCallers, const Point *At);
  /// The locks held at a call, as the callee names them; with heldByKnownCallers() of the caller if
  /// \p WithKnown.
  LockList heldAt(const CallEdge &Edge, bool WithKnown);
  void solve();
  /// The intersection over the calls of \p Function; none if no call counts so far.
  std::optional<LockList> intersectCallers(const FunctionModel &Function, bool WithKnown);

  UnitFlow &Flow;
  const CallGraph &Calls;
  std::unordered_map<const FunctionModel *, Points> Cache;
  std::unordered_map<const FunctionModel *, std::shared_ptr<Contract>> Contracts; // shared_ptr: it is incomplete here
  /// The locks at the entry of a function whose callers are known; none stands for all locks, before a caller was
  /// visited.
  std::unordered_map<const FunctionModel *, std::optional<LockList>> Entry;
  std::unordered_map<const FunctionModel *, LockList> Required, ByKnownCallers;
  llvm::DenseMap<const FunctionModel *, bool> Contradicted;
};

} // namespace ward

#endif // WARD_FLOW_LOCKS_LOCKCONTEXT_H
