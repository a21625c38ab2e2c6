// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Where the function that starts a thread waits for it.
#ifndef WARD_FLOW_THREADS_THREADWAITS_H
#define WARD_FLOW_THREADS_THREADWAITS_H

#include "flow/UnitFlow.h"
#include "llvm/ADT/SmallPtrSet.h"

#include <optional>

namespace ward {

/// The handles of one thread, as far as they are known, and the code that shows by them that the thread has ended.
class ThreadWaits {
public:
  /// \p Taken is all that the thread takes along: what it shares with its starter can signal its end.
  ThreadWaits(const Spawn &Started, llvm::ArrayRef<Captured> Taken, UnitModel &Unit);

  void addHandle(AccessPath Handle) { Handles.push_back(std::move(Handle)); }
  /// The object that runs the thread's task, which can be asked to wait for it.
  void setPool(AccessPath Owner);
  bool isHandle(const clang::Expr *E) const;
  bool isHandle(const AccessPath &Path) const;
  /// \p S names a handle.
  bool mentionsHandle(const clang::Stmt *S) const;

  /// Somewhere in \p S a thread is joined.
  bool containsJoin(const clang::Stmt *S) const;
  /// \p Call goes to a function of the unit that joins.
  bool joinsWhatItIsGiven(const clang::CallExpr *Call) const;
  /// After \p Call the thread has ended; \p DeathJoins if it does when its handle is destroyed.
  bool endsByCall(const clang::CallExpr *Call, bool DeathJoins) const;
  /// \p Body, code that runs here, waits for a signal of the thread's; \p Made is the object that it belongs to, null for none.
  bool endsInside(const FunctionModel &Body, const clang::Expr *Made) const;
  /// After \p Loop the thread has ended: it joins every element of a container of handles, or spins until the thread has
  /// set a flag.
  bool endsByLoop(const clang::Stmt *Loop) const;
  /// On the way out of \p Block by its successor number \p Index the thread is known not to run: `if (t.joinable())` failed.
  bool knowsEnded(const clang::CFGBlock &Block, unsigned Index) const;
  /// Remembers a variable to which \p S assigns the code that the start returns instead of a handle.
  void noteStartCode(const clang::Stmt *S);

private:
  bool containsSignal(const clang::Stmt *S) const;
  void noteLent(const clang::Expr *Made);
  bool isLent(const clang::Expr *E) const;
  /// \p E names a variable that was moved or copied into the thread, whose partner the starter kept: a promise, a task.
  bool isGiven(const clang::Expr *E) const;
  bool waitsForSignal(const clang::CXXMemberCallExpr *Call) const;
  bool readsLentAtomic(const clang::Stmt *S) const;
  bool isStartCode(const clang::Expr *E) const;
  bool failedToStart(const clang::Expr *Condition, unsigned Index) const;

  const Spawn &Started;
  UnitModel &Unit;
  CatalogIndex &Names;
  /// What the starter and the thread both refer to.
  llvm::SmallVector<const clang::VarDecl *, 4> Lent;
  /// What was moved or copied into the captures of the thread.
  llvm::SmallVector<const clang::ValueDecl *, 4> Moved;
  llvm::SmallVector<AccessPath, 2> Handles;
  std::optional<AccessPath> Pool;
  /// Variables that say whether the thread was started at all.
  llvm::SmallPtrSet<const clang::VarDecl *, 2> Codes;
};

} // namespace ward

#endif // WARD_FLOW_THREADS_THREADWAITS_H
