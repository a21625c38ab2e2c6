// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which code of the unit may run at the same time as a thread that the unit starts.
#ifndef WARD_FLOW_THREADS_PARALLELCODE_H
#define WARD_FLOW_THREADS_PARALLELCODE_H

#include "flow/UnitFlow.h"
#include "llvm/ADT/BitVector.h"

#include <vector>

namespace ward {

/// The threads are numbered as Spawns::all() has them. What runs while its starter waits is no thread of its own here, unless
/// it runs on several at once.
class ParallelCode {
public:
  explicit ParallelCode(UnitFlow &Flow);

  /// The thread that gets to \p First without a lock on the way while \p Second is at \p Where, in any thread; null if none does.
  const Spawn *meeting(const FunctionModel &First, const FunctionModel &Second, const clang::Stmt *Where);
  /// The first thread that gets to \p Function without a lock on the way; null if none does.
  const Spawn *gettingTo(const FunctionModel &Function) const {
    auto It = Unlocked.find(&Function);
    return It == Unlocked.end() || It->second.none() ? nullptr : &Threads[It->second.find_first()];
  }
  /// The same, but no executor keeps that thread from running it beside another one; null if none does.
  const Spawn *besideItself(const FunctionModel &Function) const;
  /// \p Function is a closure that runs once, before anybody who asked for that goes on.
  bool runsOnce(const FunctionModel &Function) const { return Once.contains(&Function); }

private:
  struct Edge {
    const FunctionModel *Caller;
    const clang::Stmt *Site;
    const FunctionModel *Callee;
    bool Locked;
  };
  using Sets = llvm::DenseMap<const FunctionModel *, llvm::BitVector>;

  void collectEdges();
  void followThreads();
  void findRoots();
  void solveLeaks();
  void solveEntries();
  void solveOverlaps();
  bool mayRepeat(const FunctionModel &Function) const { return Repeats.contains(&Function); }
  /// The threads that may run at \p Where in \p Function, if no thread of the unit runs that.
  llvm::BitVector alive(const FunctionModel &Function, const clang::Stmt *Where);
  llvm::BitVector runningBeside(const clang::FunctionDecl &Function) const;
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
  std::vector<llvm::BitVector> Overlap;
  /// The threads that get to a function, without a lock and anyhow; that run on when it is left; that run when it is entered
  /// from no thread of the unit.
  Sets Unlocked, Reached, Leaks, Entry;
  /// Entered from no thread of the unit; entered more than once.
  llvm::DenseSet<const FunctionModel *> Outside, Repeats, Once;
  llvm::DenseMap<const clang::Stmt *, llvm::DenseSet<const clang::Stmt *>> After;
};

} // namespace ward

#endif // WARD_FLOW_THREADS_PARALLELCODE_H
