// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which guards and raw locks are held where in a function: a forward analysis over its CFG.
#ifndef WARD_FLOW_LOCKS_LOCKSETS_H
#define WARD_FLOW_LOCKS_LOCKSETS_H

#include "model/UnitModel.h"
#include "clang/Analysis/CFG.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLFunctionalExtras.h"

#include <optional>
#include <vector>

namespace ward {

class LockSummaries;

/// One place in a function where a lock is taken.
struct LockSite {
  /// Exactly one of these: a guard variable, a temporary guard, a raw lock() call.
  const GuardVariable *Guard = nullptr;
  const clang::CXXBindTemporaryExpr *Temporary = nullptr;
  const clang::CallExpr *Call = nullptr;
  llvm::SmallVector<LockRef, 1> Locked;
  /// Of a temporary or a call: it may come back without the lock.
  bool Tries = false;
  /// Of a call: it takes nothing, and says that the lock is held.
  bool Asserts = false;

  clang::SourceLocation location() const;
};

/// For each of a function's sites, whether its lock is held on some path and on every path to a point.
struct LockSet {
  llvm::BitVector May, Must;
  /// Held, but what its path is rooted in names another object by now (`node = node->next`).
  llvm::BitVector Renamed;
  /// Guards whose lock was given back by hand: locked by hand again, it is theirs again.
  llvm::BitVector Suspended;
  /// Which of releasedPaths() were given back on some path though nothing here had taken them: the caller had.
  llvm::BitVector Released;
};

/// The analysis of one function, run when made. A function without a CFG (a template's pattern that hides its locks, code that
/// Clang can't build one for) has known() false, and then every guard counts as held where it is in scope.
class LockSets {
public:
  /// \p Graph is that of \p Function, null if it has none.
  LockSets(const FunctionModel &Function, const clang::CFG *Graph, UnitModel &Unit, LockSummaries &Calls);

  bool known() const { return Graph != nullptr; }
  llvm::ArrayRef<LockSite> sites() const { return Sites; }
  llvm::ArrayRef<AccessPath> releasedPaths() const { return ReleasedPaths; }
  /// What is held when the function returns; none if it never does.
  std::optional<LockSet> atReturn() const;
  /// The index of \p Guard's site; sites().size() if it has none.
  unsigned siteOf(const GuardVariable &Guard) const;

  /// Whether the lock of \p Guard may be held when \p Branch has evaluated its condition. True where that is unknown.
  bool mayBeHeldAfterCondition(const GuardVariable &Guard, const clang::Stmt *Branch) const;

  /// Calls \p Visit for each evaluated expression and declaration, in the order of evaluation within each block, with
  /// what is held just before it.
  void forEach(llvm::function_ref<void(const clang::Stmt *, const LockSet &)> Visit) const;
  /// One statement that takes the locks of a site.
  struct Taking {
    const clang::Stmt *Where;
    unsigned Site;
    /// It may come back without, and so never waits for good.
    bool Tries;
  };
  /// Calls \p Visit for each of them, with what is held before it.
  void forEachAcquisition(llvm::function_ref<void(const Taking &, const LockSet &)> Visit) const;
  /// Calls \p Visit for the locks that the function gives back though it has not taken them: its callers hold them.
  void forEachForeignRelease(llvm::function_ref<void(const AccessPath &)> Visit) const;
  /// The analysis was cut short: what it says of held locks may be too little.
  bool hitLimit() const { return CutShort; }
  /// The same for every element of the graph: the ends of variables and temporaries too.
  void forEachElement(llvm::function_ref<void(const clang::CFGElement &, const LockSet &)> Visit) const;

private:
  void collectSites();
  /// \p Temporary becomes a variable, or leaves the function: it is not held as a temporary.
  bool isHandedOn(const clang::CXXBindTemporaryExpr *Temporary, const Acquisition &How) const;
  void collectCall(const clang::CallExpr *Call);
  bool collectTry(const clang::CallExpr *Call);
  void collectEffect(const clang::CallExpr *Call, const std::optional<LockEffect> &Effect);
  /// What \p Call makes a guard variable hold from then on: `lock = std::unique_lock(m)`, `optional.emplace(m)`; none for others.
  std::optional<Acquisition> renewal(const clang::CallExpr *Call, unsigned &Site) const;
  void noteRelease(const clang::CallExpr *Call, std::optional<AccessPath> Path);
  void noteSameLocks();
  void solve();
  bool mayThrow(const clang::Stmt *S) const;
  /// \p State where \p Condition turned out to be \p Taken: a try that worked, or did not.
  void refine(const clang::Expr *Condition, bool Taken, LockSet &State) const;
  /// The lock that may have been taken at \p Site was, or was not.
  void settle(unsigned Site, bool Succeeded, LockSet &State) const;
  void refineCall(const clang::CallExpr *Call, bool Succeeded, LockSet &State) const;
  void leave(const clang::CXXTryStmt &Try, LockSet &State) const;
  LockSet onEdge(const clang::CFGBlock &Block, unsigned Successor, LockSet State) const;
  LockSet atEnd(const clang::CFGBlock &Block) const;
  /// \p State after \p Element.
  void apply(const clang::CFGElement &Element, LockSet &State) const;
  void applyStmt(const clang::Stmt *S, LockSet &State) const;
  void applyCall(const clang::CallExpr *Call, LockSet &State) const;
  void acquire(unsigned Site, bool Surely, LockSet &State) const;
  void release(unsigned Site, LockSet &State) const;
  void releaseVariable(const clang::VarDecl *Variable, LockSet &State) const;
  void releasePath(unsigned Path, LockSet &State) const;
  /// Gives the lock of \p Site, which a call takes by hand, back to who had it before: a guard, or the caller. False if nobody had.
  bool resume(unsigned Site, LockSet &State) const;
  void invert(const Acquisition &How, bool Begins, LockSet &State) const;
  void rebind(const AccessPath &Place, LockSet &State) const;
  void applyRebinding(const clang::Stmt *S, LockSet &State) const;
  const LockSite *guardSite(const clang::Expr *E, unsigned &Index) const;
  LockSet entryOf(const clang::CFGBlock &Block) const;
  /// \p Into becomes what holds where it and \p State meet.
  void meet(LockSet &Into, const LockSet &State) const;

  UnitModel &Unit;
  const FunctionModel &Function;
  const clang::CFG *Graph;
  LockSummaries &Calls;
  bool CutShort = false;
  std::vector<LockSite> Sites;
  /// Calls that lock one mutex in one mode, where there are several: whichever was the last, the mutex is held.
  std::vector<llvm::BitVector> SameLock;
  std::vector<AccessPath> ReleasedPaths;
  /// By call: what it gives back, as indices of ReleasedPaths.
  llvm::DenseMap<const clang::Stmt *, llvm::SmallVector<unsigned, 1>> Releases;
  llvm::DenseMap<const clang::ValueDecl *, unsigned> ByVariable;
  llvm::DenseMap<const clang::Stmt *, unsigned> ByStmt;
  /// By call: what it makes of a guard variable.
  llvm::DenseMap<const clang::CallExpr *, Acquisition> Renewals;
  /// The temporaries that die in this function, by its graph.
  llvm::DenseSet<const clang::CXXBindTemporaryExpr *> Destroyed;
  /// By block id: the state where it begins, and the sites that end on the way into it.
  std::vector<LockSet> Entries;
  std::vector<bool> Reached;
  llvm::DenseMap<unsigned, llvm::SmallVector<unsigned, 2>> ReleasedAtEntry;
};

} // namespace ward

#endif // WARD_FLOW_LOCKS_LOCKSETS_H
