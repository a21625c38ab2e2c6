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

#include "flow/locks/LockFlags.h"
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
  /// Where the state is \p State, the function may have released \p Mutex, which it or its caller had acquired.
  bool wasReleased(const AccessPath &Mutex, const LockSet &State) const;
  const LockFlags &flags() const { return Flags; }
  /// What is held when the function returns, for the values \p Only of its flags; none if it never does.
  std::optional<LockSet> atReturn(FlagStates Only = ~0U) const;
  /// The index of \p Guard's site; sites().size() if it has none.
  unsigned siteOf(const GuardVariable &Guard) const { return Sites.ofVariable(Guard.Variable).value_or(Sites.size()); }

  /// Whether the lock of \p Guard may be held when \p Branch has evaluated its condition. True where that is unknown.
  bool mayBeHeldAfterCondition(const GuardVariable &Guard, const clang::Stmt *Branch) const;

  /// Calls \p Visit for each evaluated expression and declaration, in the order of evaluation within each block, with
  /// what is held just before it, joined over the values \p Only of the flags. Unreachable code is left out.
  void forEach(llvm::function_ref<void(const clang::Stmt *, const LockSet &)> Visit, FlagStates Only = ~0U) const;
  /// The same for every element of the graph, implicit destructors included.
  void forEachElement(llvm::function_ref<void(const clang::CFGElement &, const LockSet &)> Visit,
                      FlagStates Only = ~0U) const;
  /// Calls \p Visit for each acquisition, with what is held before it.
  void forEachAcquisition(llvm::function_ref<void(const AcquisitionPoint &, const LockSet &)> Visit,
                          FlagStates Only = ~0U) const;
  /// Calls \p Visit for the locks that the function releases without having acquired them: its callers hold them.
  void forEachUnmatchedRelease(llvm::function_ref<void(const AccessPath &)> Visit) const;
  /// The solver reached its limit before a fixpoint: locks may be missing.
  bool hitLimit() const { return HitLimit; }

private:
  void solve();
  void collectRangeTemporaries();
  bool mayThrow(const clang::Stmt *S) const;
  /// The locks for each value of the flags; none for one that does not occur.
  using States = llvm::SmallVector<std::optional<LockSet>, 1>;
  static bool isReached(const States &Of) { return llvm::any_of(Of, [](const auto &State) { return State.has_value(); }); }
  LockSet joined(const States &Of) const;
  /// The state where \p Block begins.
  States entryOf(const clang::CFGBlock &Block, FlagStates Only) const;
  void apply(const clang::CFGElement &Element, States &To) const;
  /// What \p Out, the state where \p Block ends, is on its edge to successor \p Number.
  States onEdge(const clang::CFGBlock &Block, unsigned Number, const States &Out) const;
  void joinInto(States &Into, const States &From) const;

  UnitModel &Unit;
  const FunctionModel &Function;
  const clang::CFG *Graph;
  LockSites Sites;
  LockTransfer Transfer;
  LockFlags Flags;
  bool HitLimit = false;
  /// By block id: the state on entry, and the sites that are released on entry.
  std::vector<States> Entries;
  llvm::DenseMap<unsigned, llvm::SmallVector<unsigned, 2>> ReleasedAtEntry;
};

} // namespace ward

#endif // WARD_FLOW_LOCKS_LOCKSETS_H
