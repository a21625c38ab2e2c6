// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which code of the unit may run at the same time as a thread that the unit starts.
#ifndef WARD_FLOW_THREADS_PARALLELCODE_H
#define WARD_FLOW_THREADS_PARALLELCODE_H

#include "flow/UnitFlow.h"
#include "llvm/ADT/BitVector.h"

#include <vector>

namespace ward {

/// Threads are numbered in the order of Spawns::all(). Code that runs while its starter waits is no thread here, unless several
/// threads run it.
class ParallelCode {
public:
  explicit ParallelCode(UnitFlow &Flow);

  /// The thread that reaches \p First without acquiring a lock, or in any way if \p WithLocks, while any thread is at \p Where in
  /// \p Second; null if none does. With \p FirstWhere only while it is there in \p First.
  const Spawn *meeting(const FunctionModel &First, const FunctionModel &Second, const clang::Stmt *Where, bool WithLocks = false,
                       const clang::Stmt *FirstWhere = nullptr);
  /// Two threads may be at \p A in \p InA and at \p B in \p InB at the same time, locks and objects apart. Only one thread runs main()
  /// and what only it calls.
  bool mayMeet(const FunctionModel &InA, const clang::Stmt *A, const FunctionModel &InB, const clang::Stmt *B);
  /// The numbers of the threads that run \p Function.
  llvm::BitVector reaching(const FunctionModel &Function) { return slot(Reached, &Function); }
  /// Code outside the unit's threads runs \p Function.
  bool runsOutside(const FunctionModel &Function) const { return Outside.contains(&Function); }
  /// The statements of its starter that may be evaluated while the thread \p Thread runs; it may run on after the starter returns.
  const llvm::DenseSet<const clang::Stmt *> &during(unsigned Thread) const { return During[Thread]; }
  bool runsOn(unsigned Thread) const { return RunsOn.test(Thread); }
  /// The first thread that reaches \p Function without acquiring a lock; null if none does.
  const Spawn *gettingTo(const FunctionModel &Function) const {
    auto It = Unlocked.find(&Function);
    return It == Unlocked.end() || It->second.none() ? nullptr : &Threads[It->second.find_first()];
  }
  /// The same, if its executor does not serialise it with itself; null if none does.
  const Spawn *besideItself(const FunctionModel &Function) const;
  /// The threads \p First and \p Second, by number, may run at the same time; for one number, two threads of one start.
  bool mayOverlap(unsigned First, unsigned Second) const {
    return Overlap[First].test(Second) && !Flow.spawns().runSequentially(Threads[First], Threads[Second]);
  }
  /// Code outside the unit's threads runs \p Function, and calls none of the unit's do.
  bool isRoot(const FunctionModel &Function) const { return Outside.contains(&Function) && Into.lookup(&Function).empty(); }
  /// The numbers of the threads that may run when \p Function, a root, is entered.
  llvm::BitVector runningAtEntry(const FunctionModel &Function) { return slot(Entry, &Function); }
  /// The numbers of the threads that \p Function or its callees have started, and that may run at \p Where.
  llvm::BitVector startedBefore(const FunctionModel &Function, const clang::Stmt *Where) { return alive(Function, Where); }
  /// Thread number \p Thread is one of those that it says, and not code that runs while its starter waits.
  bool isThread(unsigned Thread) const { return IsThread.test(Thread); }
  /// \p Function is a closure that runs once, before any of its callers continues: that of std::call_once.
  bool runsOnce(const FunctionModel &Function) const { return Once.contains(&Function); }

private:
  struct Edge {
    const FunctionModel *Caller;
    const clang::Stmt *Site;
    const FunctionModel *Callee;
    bool Locked;
    /// Callee is called on a local object of Caller whose destruction joins its threads: its scope.
    const clang::Stmt *Scope = nullptr;
  };
  using Sets = llvm::DenseMap<const FunctionModel *, llvm::BitVector>;

  void collectEdges();
  /// The thread has been joined on every path to \p Where, by the member or global that owns it.
  bool isJoinedBefore(unsigned Thread, const FunctionModel &Function, const clang::Stmt *Where);
  const clang::Stmt *scopeOfOwner(const CallEdge &Call);
  bool isOtherSpawn(const Edge &Call, unsigned Thread) const;
  void followThreads();
  void findRoots();
  /// Adds to \p Functions what they call, and so on.
  void addCallees(llvm::DenseSet<const FunctionModel *> &Functions) const;
  void solveLeaks();
  void solveEntries();
  void solveOverlaps();
  bool mayRepeat(const FunctionModel &Function) const { return Repeats.contains(&Function); }
  /// The threads that may run at \p Where in \p Function when no thread of the unit runs \p Function.
  llvm::BitVector alive(const FunctionModel &Function, const clang::Stmt *Where);
  /// The threads that may still run while code outside the unit calls \p Function.
  llvm::BitVector runningBeside(const clang::FunctionDecl &Function) const;
  /// The statements of \p Function that may be evaluated after \p Site.
  const llvm::DenseSet<const clang::Stmt *> &after(const FunctionModel &Function, const clang::Stmt *Site);
  llvm::BitVector &slot(Sets &Which, const FunctionModel *Function) {
    return Which.try_emplace(Function, static_cast<unsigned>(Threads.size())).first->second;
  }

  UnitFlow &Flow;
  const std::vector<Spawn> &Threads;
  std::vector<Edge> Edges;
  llvm::DenseMap<const FunctionModel *, llvm::SmallVector<unsigned, 4>> OutOf, Into;
  std::vector<llvm::DenseSet<const clang::Stmt *>> During;
  llvm::BitVector IsThread, RunsOn;
  /// By thread: the member or global that owns it; null if none does.
  std::vector<const clang::ValueDecl *> Handles;
  std::vector<llvm::BitVector> Overlap;
  /// The threads that reach a function, without acquiring a lock and in any way; that still run when it returns; that run when it
  /// is entered from outside the unit's threads.
  Sets Unlocked, Reached, Leaks, Entry;
  /// Functions entered from outside the unit's threads, entered more than once, and run by std::call_once.
  llvm::DenseSet<const FunctionModel *> Outside, Repeats, Once;
  /// Those of Outside that other functions than main() lead to.
  llvm::DenseSet<const FunctionModel *> BesideMain;
  llvm::DenseMap<const clang::Stmt *, llvm::DenseSet<const clang::Stmt *>> After;
};

} // namespace ward

#endif // WARD_FLOW_THREADS_PARALLELCODE_H
