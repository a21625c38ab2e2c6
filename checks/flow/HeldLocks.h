// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which guards and raw locks are held where in a function: a forward analysis over its CFG.
#ifndef WARD_FLOW_HELDLOCKS_H
#define WARD_FLOW_HELDLOCKS_H

#include "model/UnitModel.h"
#include "clang/Analysis/CFG.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLFunctionalExtras.h"

#include <vector>

namespace ward {

/// One place in a function where a lock is taken.
struct LockSite {
  /// Exactly one of these: a guard variable, a temporary guard, a raw lock() call.
  const GuardVariable *Guard = nullptr;
  const clang::CXXBindTemporaryExpr *Temporary = nullptr;
  const clang::CallExpr *Call = nullptr;
  llvm::SmallVector<LockRef, 1> Locked;
};

/// For each of a function's sites, whether its lock is held on some path and on every path to a point.
struct HeldState {
  llvm::BitVector May, Must;
};

/// The analysis of one function, run when made. A function without a CFG (a template's pattern, code that Clang can't
/// build one for) has known() false, and then every guard counts as held where it is in scope.
class HeldLocks {
public:
  /// \p Graph is that of \p Function, null if it has none.
  HeldLocks(const FunctionModel &Function, const clang::CFG *Graph, UnitModel &Unit);

  bool known() const { return Graph != nullptr; }
  llvm::ArrayRef<LockSite> sites() const { return Sites; }
  /// The index of \p Guard's site; sites().size() if it has none.
  unsigned siteOf(const GuardVariable &Guard) const;

  /// Whether the lock of \p Guard may be held when \p Branch has evaluated its condition. True where that is unknown.
  bool mayBeHeldAfterCondition(const GuardVariable &Guard, const clang::Stmt *Branch) const;

  /// Calls \p Visit for each evaluated expression and declaration, in the order of evaluation within each block, with
  /// what is held just before it.
  void forEach(llvm::function_ref<void(const clang::Stmt *, const HeldState &)> Visit) const;

private:
  void collectSites(const FunctionModel &Function, UnitModel &Unit);
  void solve();
  /// \p State after \p Element.
  void apply(const clang::CFGElement &Element, HeldState &State) const;
  void applyStmt(const clang::Stmt *S, HeldState &State) const;
  void applyCall(const clang::CallExpr *Call, HeldState &State) const;
  void acquire(unsigned Site, bool Surely, HeldState &State) const;
  void release(unsigned Site, HeldState &State) const;
  void releaseVariable(const clang::VarDecl *Variable, HeldState &State) const;
  void releasePath(const clang::Expr *Mutex, HeldState &State) const;
  const LockSite *guardSite(const clang::Expr *E, unsigned &Index) const;
  HeldState entryOf(const clang::CFGBlock &Block) const;

  UnitModel &Unit;
  const FunctionModel &Function;
  const clang::CFG *Graph;
  std::vector<LockSite> Sites;
  llvm::DenseMap<const clang::ValueDecl *, unsigned> ByVariable;
  llvm::DenseMap<const clang::Stmt *, unsigned> ByStmt;
  /// By block id: the state where it begins, and the sites that end on the way into it.
  std::vector<HeldState> Entries;
  std::vector<bool> Reached;
  llvm::DenseMap<unsigned, llvm::SmallVector<unsigned, 2>> ReleasedAtEntry;
};

} // namespace ward

#endif // WARD_FLOW_HELDLOCKS_H
