// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Where the function that starts a thread waits for it.
#ifndef WARD_FLOW_THREADS_THREADWAITS_H
#define WARD_FLOW_THREADS_THREADWAITS_H

#include "flow/UnitFlow.h"
#include "model/CountedLoop.h"
#include "llvm/ADT/SmallPtrSet.h"

#include <optional>

namespace ward {

/// The known handles of one thread, and the code that proves with them that the thread has ended.
class ThreadWaits {
public:
  /// \p Captures is all that the thread takes along: what it shares with its starter can signal its end.
  ThreadWaits(const Spawn &Started, llvm::ArrayRef<Captured> Captures, UnitFlow &Flow);

  void addHandle(AccessPath Handle) { Handles.push_back(std::move(Handle)); }
  /// The object that runs the thread's task and can wait for it.
  void setPool(AccessPath Owner);
  /// The question is what the thread still uses, even after it has signalled: the condition variable that it notifies.
  void judgeLifetime() { ForLifetime = true; }
  /// A signal from the thread does not count as its end: it may go on.
  void ignoreSignals() { Signals = false; }
  bool isHandle(const clang::Expr *E) const;
  bool isHandle(const AccessPath &Path) const;
  /// \p S names a handle.
  bool mentionsHandle(const clang::Stmt *S) const;

  /// \p S joins a thread.
  bool containsJoin(const clang::Stmt *S) const;
  /// \p Call goes to a function of the unit that joins.
  bool calleeJoins(const clang::CallExpr *Call) const;
  /// After \p Call the thread has ended.
  bool endsByCall(const clang::CallExpr *Call) const;
  /// \p E destroys a handle that joins by itself.
  bool endsByDrop(const clang::Expr *E) const;
  /// \p Body, code that runs in the starting function, waits for a signal from the thread; \p Object is the object that it is a
  /// member of, null for none.
  bool endsInside(const FunctionModel &Body, const clang::Expr *Object) const;
  /// After \p Loop the thread has ended: it joins every element of a container of handles, or spins until the thread has
  /// set a flag.
  bool endsByLoop(const clang::Stmt *Loop) const;
  /// Control leaves \p Block by its successor number \p Index only if the thread does not run: `if (t.joinable())` failed.
  bool hasEndedAfter(const clang::CFGBlock &Block, unsigned Index) const;
  /// Remembers the variable to which \p S assigns the status code of the start, where that returns no handle.
  void noteStartCode(const clang::Stmt *S);

private:
  /// Each iteration waits for a signal from the thread: `for (...) barrier.wait();`.
  bool containsSignal(const clang::Stmt *S) const;
  /// Adds the locals that \p Object, a function object made at the start, is initialised with: it may refer to them.
  void addShared(const clang::Expr *Object);
  bool isShared(const clang::Expr *E) const;
  std::optional<int64_t> indexIn(const clang::Expr *E) const;
  /// \p Element is one of those that a loop with constant bounds runs over, and the handle of one of the threads is not among these.
  bool isOfOthers(const clang::Expr *Element) const;
  bool joinsOnlyOthers(const clang::Stmt *Loop) const;
  /// The thread notifies \p Condvar when it has released the lock.
  bool notifiesLate(const clang::Expr *Condvar) const;
  /// \p E names a variable that was moved or copied into the thread while the starter keeps its counterpart: a promise, a task.
  bool isMovedIn(const clang::Expr *E) const;
  bool waitsForSignal(const clang::CXXMemberCallExpr *Call) const;
  /// \p E, a wait with a time limit or a comparison of its result, is true (or false) only if the thread has given its signal; none if
  /// it says nothing of that.
  std::optional<bool> signalledIf(const clang::Expr *E, unsigned Depth = 3) const;
  /// \p Call, of a member function of the pool, waits until the pool's threads say that they are done.
  bool waitsForPool(const clang::CXXMemberCallExpr *Call) const;
  bool readsSharedAtomic(const clang::Stmt *S) const;
  bool isStartCode(const clang::Expr *E) const;
  bool failedToStart(const clang::Expr *Condition, unsigned Index) const;

  bool ForLifetime = false, Signals = true;
  const Spawn &Started;
  UnitFlow &Flow;
  UnitModel &Unit;
  CatalogIndex &Names;
  /// The constant index of the element that has the handle: `all[0] = std::thread(f)`; none if it is no such element.
  std::optional<int64_t> Index;
  /// The loop in which the thread is started, if its variable is the index of the handle.
  std::optional<CountedLoop> Turns;
  /// The variables that the starter and the thread both refer to.
  llvm::SmallVector<const clang::VarDecl *, 4> Shared;
  /// The variables that were moved or copied into the thread's captures.
  llvm::SmallVector<const clang::ValueDecl *, 4> Moved;
  llvm::SmallVector<AccessPath, 2> Handles;
  std::optional<AccessPath> Pool;
  /// Variables that hold the status code of the start.
  llvm::SmallPtrSet<const clang::VarDecl *, 2> Codes;
};

} // namespace ward

#endif // WARD_FLOW_THREADS_THREADWAITS_H
