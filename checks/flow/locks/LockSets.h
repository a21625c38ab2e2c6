// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The locksets of a function: which locks it holds at each point.
///
/// A forward dataflow analysis over the function's CFG, with one bit per site that acquires a lock, both for "held on
/// some path" (may) and "held on every path" (must). It is intraprocedural: calls have the effects that LockSummaries
/// gives, and what the callers hold is added by LockContext. The parts: LockSites (what is tracked), LockTransfer
/// (lattice and transfer functions), LockRefinement (branches on try-locks); the solver and the queries are here.
#ifndef WARD_FLOW_LOCKS_LOCKSETS_H
#define WARD_FLOW_LOCKS_LOCKSETS_H

#include "flow/locks/LockTransfer.h"

namespace ward {

/// The analysis of one function, run by the constructor. A function without a CFG (a template's pattern that hides its
/// locks, code that Clang can't build one for) has known() false, and then every guard counts as held while it is in
/// scope.
class LockSets {
public:
  /// \p Graph is that of \p Function, null if it has none. \p Summaries gives the effects of the calls.
  LockSets(const FunctionModel &Function, const clang::CFG *Graph, UnitModel &Unit, LockSummaries &Summaries);
  LockSets(const LockSets &) = delete;
  LockSets &operator=(const LockSets &) = delete;

  bool known() const { return Graph != nullptr; }
  llvm::ArrayRef<LockSite> sites() const { return Sites.all(); }
  llvm::ArrayRef<AccessPath> releasedPaths() const { return Sites.releasedPaths(); }
  /// What is held when the function returns; none if it never does.
  std::optional<LockSet> atReturn() const;
  /// The index of \p Guard's site; sites().size() if it has none.
  unsigned siteOf(const GuardVariable &Guard) const { return Sites.ofVariable(Guard.Variable).value_or(Sites.size()); }

  /// Whether the lock of \p Guard may be held when \p Branch has evaluated its condition. True where that is unknown.
  bool mayBeHeldAfterCondition(const GuardVariable &Guard, const clang::Stmt *Branch) const;

  /// Calls \p Visit for each evaluated expression and declaration, in the order of evaluation within each block, with
  /// what is held just before it. Unreachable code is left out.
  void forEach(llvm::function_ref<void(const clang::Stmt *, const LockSet &)> Visit) const;
  /// The same for every element of the graph, implicit destructors included.
  void forEachElement(llvm::function_ref<void(const clang::CFGElement &, const LockSet &)> Visit) const;
  /// Calls \p Visit for each acquisition, with what is held before it.
  void forEachAcquisition(llvm::function_ref<void(const AcquisitionPoint &, const LockSet &)> Visit) const;
  /// Calls \p Visit for the locks that the function releases without having acquired them: its callers hold them.
  void forEachUnmatchedRelease(llvm::function_ref<void(const AccessPath &)> Visit) const;
  /// The solver reached its limit before a fixpoint: locks may be missing.
  bool hitLimit() const { return HitLimit; }

private:
  void solve();
  void collectRangeTemporaries();
  bool mayThrow(const clang::Stmt *S) const;
  /// The state where \p Block begins, and where it ends.
  LockSet entryOf(const clang::CFGBlock &Block) const;
  LockSet exitOf(const clang::CFGBlock &Block) const;

  UnitModel &Unit;
  const FunctionModel &Function;
  const clang::CFG *Graph;
  LockSites Sites;
  LockTransfer Transfer;
  bool HitLimit = false;
  /// By block id: the state on entry, whether the block is reachable, and the sites that are released on entry.
  std::vector<LockSet> Entries;
  std::vector<bool> Reached;
  llvm::DenseMap<unsigned, llvm::SmallVector<unsigned, 2>> ReleasedAtEntry;
};

} // namespace ward

#endif // WARD_FLOW_LOCKS_LOCKSETS_H
