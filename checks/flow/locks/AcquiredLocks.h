// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which locks a function may acquire while it runs, itself and by its callees.
///
/// Function summaries: sets of locks, propagated over the call graph from callees to callers until nothing changes. A
/// lock that the caller can't name is left out, and so is what overrides and the functions of other units acquire.
#ifndef WARD_FLOW_LOCKS_ACQUIREDLOCKS_H
#define WARD_FLOW_LOCKS_ACQUIREDLOCKS_H

#include "flow/locks/LockContext.h"

#include <deque>
#include <unordered_map>

namespace ward {

class UnitFlow;

/// A lock that a function may acquire.
struct AcquiredLock {
  /// As the function names it.
  LockRef Lock;
  /// The statement of the function that acquires it, or the call that leads there.
  const clang::Stmt *Where;
  /// That call; null if the function acquires the lock itself.
  const CallEdge *Through = nullptr;
  /// A try-lock: it never blocks.
  bool Tries = false;
  /// The function has released this lock of its caller's before: the caller does not hold it here.
  bool AfterRelease = false;
  /// A parameter decides whether it is acquired.
  bool DependsOnParameter = false;
  /// At a call: its arguments do not decide whether the callee acquires it.
  bool IsUndecided = false;
  /// The values of the function's flags (LockFlags) with which it is acquired.
  FlagStates When = ~0U;
  /// The locks of its callers that the function has released before.
  llvm::SmallVector<AccessPath, 1> Released = {};
};

/// The summaries of one unit's functions.
class AcquiredLocks {
public:
  explicit AcquiredLocks(UnitFlow &Flow);

  /// The summary of \p Function: each lock once.
  llvm::ArrayRef<AcquiredLock> by(const FunctionModel &Function) const {
    auto It = Summaries.find(&Function);
    return It == Summaries.end() ? llvm::ArrayRef<AcquiredLock>() : llvm::ArrayRef<AcquiredLock>(It->second);
  }
  /// Calls \p Visit for each acquisition in the body of \p Function, the same lock as often as it is acquired.
  void forEachOwn(const FunctionModel &Function, llvm::function_ref<void(AcquiredLock)> Visit) const;
  /// Calls \p Visit for each call in \p Function of a function that is known, and, as calls of the destructors, where it destroys
  /// objects whose destructors acquire locks: `owner.reset()`, `delete p`.
  void forEachCall(const FunctionModel &Function, llvm::function_ref<void(const CallEdge &)> Visit) const;
  /// \p Lock of the callee of \p Edge as the caller names it; none if it can't, or if the arguments exclude it.
  std::optional<AcquiredLock> atCaller(const AcquiredLock &Lock, const CallEdge &Edge) const;
  /// The statements that lead from \p Lock, of \p In, to the acquisition itself.
  llvm::SmallVector<std::pair<const FunctionModel *, const clang::Stmt *>, 4> chain(const AcquiredLock &Lock,
                                                                                    const FunctionModel &In) const;

private:
  bool add(const FunctionModel &Function, AcquiredLock Lock);
  /// Adds what \p Edge's callee acquires to its caller's summary; false if that is known.
  bool addThrough(const CallEdge &Edge);
  void propagate(std::deque<const FunctionModel *> Work);
  void collectDestructions();
  /// The values of the callee's flags with which \p Edge may begin, if the caller's are \p State.
  FlagStates startedBy(const CallEdge &Edge, unsigned State) const;
  void addOwn(const FunctionModel &Function, FlagStates When, llvm::function_ref<void(AcquiredLock)> Visit) const;
  /// At \p S, which acquires \p Mutex or leads to that, \p Function has released it, or a guard that it has as a
  /// parameter.
  bool isReleasedAt(const FunctionModel &Function, const clang::Stmt *S, const AccessPath &Mutex) const;

  UnitFlow &Flow;
  std::unordered_map<const FunctionModel *, std::vector<AcquiredLock>> Summaries;
  std::deque<CallEdge> Destructions;
  using ByFunction = llvm::DenseMap<const FunctionModel *, llvm::SmallVector<const CallEdge *, 1>>;
  ByFunction DestructionsIn, DestructionsBy;
};

/// \p S is in an arm of a branch whose condition names a parameter of \p Function, and that \p Flags do not decide.
bool dependsOnParameter(const FunctionModel &Function, const clang::Stmt *S, const LockFlags *Flags = nullptr);

} // namespace ward

#endif // WARD_FLOW_LOCKS_ACQUIREDLOCKS_H
