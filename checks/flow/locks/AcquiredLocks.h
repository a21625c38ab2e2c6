// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which locks a function takes while it runs, by itself and through what it calls.
#ifndef WARD_FLOW_LOCKS_ACQUIREDLOCKS_H
#define WARD_FLOW_LOCKS_ACQUIREDLOCKS_H

#include "flow/locks/LockContext.h"

#include <unordered_map>

namespace ward {

class UnitFlow;

/// One lock that is taken at some time during a call.
struct AcquiredLock {
  /// In the words of the function.
  LockRef Lock;
  /// The statement of the function that takes it or leads to that.
  const clang::Stmt *Where;
  /// The call that leads there; null if the function takes the lock itself.
  const CallEdge *Through = nullptr;
  /// It may come back without, and so never waits for good.
  bool Tries = false;
  /// The function gave the lock back before, though its caller had taken it.
  bool AfterRelease = false;
  /// Whether it is taken depends on a parameter.
  bool DependsOnParameter = false;
};

/// For the functions of one unit.
class AcquiredLocks {
public:
  explicit AcquiredLocks(UnitFlow &Flow);

  llvm::ArrayRef<AcquiredLock> by(const FunctionModel &Function) const {
    auto It = Taken.find(&Function);
    return It == Taken.end() ? llvm::ArrayRef<AcquiredLock>() : llvm::ArrayRef<AcquiredLock>(It->second);
  }
  /// Calls \p Visit for each place where \p Function itself takes a lock, the same lock as often as it is taken.
  void forEachOwn(const FunctionModel &Function, llvm::function_ref<void(AcquiredLock)> Visit) const;
  /// What the callee of \p Edge takes, in the words of the caller; none where the caller has none for it.
  std::optional<AcquiredLock> atCaller(const AcquiredLock &Lock, const CallEdge &Edge) const;
  /// The statements that lead from \p Lock, of \p In, to the taking itself.
  llvm::SmallVector<std::pair<const FunctionModel *, const clang::Stmt *>, 4> chain(const AcquiredLock &Lock,
                                                                                     const FunctionModel &In) const;

private:
  bool add(const FunctionModel &Function, AcquiredLock Lock);
  /// At \p S, which takes \p Mutex or leads to that, \p Function has given it back, or a guard that it was given.
  bool isReleasedAt(const FunctionModel &Function, const clang::Stmt *S, const AccessPath &Mutex) const;

  UnitFlow &Flow;
  std::unordered_map<const FunctionModel *, std::vector<AcquiredLock>> Taken;
};

/// \p S stands under a condition that asks about a parameter of \p Function.
bool dependsOnParameter(const FunctionModel &Function, const clang::Stmt *S);

} // namespace ward

#endif // WARD_FLOW_LOCKS_ACQUIREDLOCKS_H
