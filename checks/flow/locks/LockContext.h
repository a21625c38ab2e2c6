// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which locks are held at a point of a function, its callers' included.
#ifndef WARD_FLOW_LOCKS_LOCKCONTEXT_H
#define WARD_FLOW_LOCKS_LOCKCONTEXT_H

#include "flow/CallGraph.h"
#include "flow/locks/LockSets.h"

#include <unordered_map>

namespace ward {

using LockList = llvm::SmallVector<LockRef, 2>;

/// The lock of \p List at \p Mutex; null if it is not there.
const LockRef *lockIn(llvm::ArrayRef<LockRef> List, const AccessPath &Mutex);

/// For the functions of one unit. What the callers of a function hold is known where the unit shows all its calls (private
/// member functions, functions with internal linkage, closures run in place), or where an annotation says so.
class LockContext {
public:
  explicit LockContext(UnitFlow &Flow);

  /// The locks held on every path to \p S in \p Function. A lock whose place can't be told has no Mutex.
  LockList heldAt(const FunctionModel &Function, const clang::Stmt *S);
  /// The locks held on some path to \p S.
  LockList mayBeHeldAt(const FunctionModel &Function, const clang::Stmt *S);
  /// The locks that \p Function itself holds on some path to \p S, and those that its annotation says its callers hold.
  LockList acquiredAt(const FunctionModel &Function, const clang::Stmt *S);
  /// The locks that \p Function itself holds on every path to \p S, and those that its annotation says its callers hold.
  LockList ownAt(const FunctionModel &Function, const clang::Stmt *S);
  /// The locks of its callers that \p Function has given back on some path to \p S.
  llvm::ArrayRef<AccessPath> releasedAt(const FunctionModel &Function, const clang::Stmt *S);
  /// What every caller of \p Function holds; of some only the Member, where \p Function has no name for the object.
  const LockList &heldByCallers(const FunctionModel &Function);
  /// What \p Function says, by an annotation or by giving it back, that its callers hold.
  const LockList &requiredBy(const FunctionModel &Function) const;
  /// What the callers hold that the unit shows, or their callers, though others may call \p Function too.
  const LockList &heldByKnownCallers(const FunctionModel &Function);
  /// Nothing can be said of what is held when \p Function begins.
  bool isUnknown(const FunctionModel &Function);
  /// No path leads to \p S.
  bool isUnreachable(const FunctionModel &Function, const clang::Stmt *S);

private:
  /// What a function itself holds at one point, as far as it differs from point to point.
  struct Point {
    LockList Must, May;
    llvm::SmallVector<AccessPath, 1> Released;
  };
  struct Points {
    bool Flows = false;
    std::vector<Point> All;
    llvm::DenseMap<const clang::Stmt *, unsigned> At;
  };
  const Points &points(const FunctionModel &Function);
  const Point *pointAt(const FunctionModel &Function, const clang::Stmt *S);
  /// \p Own and what of \p OfCallers is not given back before \p At.
  static LockList with(LockList Own, const LockList &OfCallers, const Point *At);
  /// The locks held at a call, as the callee names them; \p AlsoSeen, also what is held by the callers seen of who calls.
  LockList heldAt(const CallEdge &Edge, bool AlsoSeen);
  bool needsFlow(const FunctionModel &Function);
  void solve();
  /// None while no call was looked at yet.
  std::optional<LockList> meetOfCallers(const FunctionModel &Function, bool AlsoSeen);

  UnitFlow &Flow;
  const CallGraph &Calls;
  std::unordered_map<const FunctionModel *, Points> Cache;
  std::unordered_map<const FunctionModel *, std::optional<LockList>> Entry;
  std::unordered_map<const FunctionModel *, LockList> Required, Seen;
};

} // namespace ward

#endif // WARD_FLOW_LOCKS_LOCKCONTEXT_H
