// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The order in which a unit acquires its locks.
#ifndef WARD_LOCK_LOCKORDER_H
#define WARD_LOCK_LOCKORDER_H

#include "flow/locks/AcquiredLocks.h"

#include <map>

namespace ward {

class UnitFlow;

/// A lock in the lock order: a global or local mutex by itself; a member for all objects of its class, since different calls see
/// different objects.
struct LockNode {
  /// The variable that the mutex is or is a part of; null for a member of unknown objects.
  const clang::VarDecl *Root = nullptr;
  llvm::SmallVector<const clang::FieldDecl *, 2> Fields;

  bool operator==(const LockNode &) const = default;
  bool operator<(const LockNode &Other) const;
  std::string print() const;
  /// The node of the lock at \p Path; none if the path does not identify it.
  static std::optional<LockNode> of(const AccessPath &Path);
};

/// One place where a lock is acquired while another is held.
struct LockEdge {
  /// Numbers of nodes; equal for the locks of two objects of one class.
  unsigned First, Second;
  LockRef Held;
  AcquiredLock Acquired;
  const FunctionModel *In;
  /// The other locks that are held there on every path, callers included.
  std::vector<unsigned> Gates;
  /// Of two objects of one class: two calls that pass them in opposite orders, whose threads may run at the same time. Null if there
  /// are none.
  const clang::Expr *OneOrder = nullptr, *OtherOrder = nullptr;

  clang::SourceLocation location() const;
};

/// The lock order of one unit.
class LockOrder {
public:
  explicit LockOrder(UnitFlow &Flow);

  /// In the order of the source.
  const std::vector<LockEdge> &edges() const { return Edges; }
  std::string print(unsigned Node) const { return Nodes[Node].print(); }

  /// A possible deadlock: each edge acquires the lock that the next one holds. Begins with the edge that comes first in the source.
  using Cycle = std::vector<const LockEdge *>;
  /// Each set of locks once. Two locks of one class count if the unit calls a function that acquires both with the objects in both
  /// orders; with \p SameClass also other pairs of locks of one class, one acquired while holding the other.
  std::vector<Cycle> cycles(bool SameClass) const;

private:
  std::optional<unsigned> node(const std::optional<AccessPath> &Path);
  void collect(const FunctionModel &Function);
  /// Fills in OneOrder and OtherOrder of \p Edge.
  void findOrders(LockEdge &Edge);
  void add(const FunctionModel &Function, const clang::Stmt *At, const LockList &Held, const AcquiredLock &Acquired);

  UnitFlow &Flow;
  std::map<LockNode, unsigned> Numbers;
  std::vector<LockNode> Nodes;
  std::vector<LockEdge> Edges;
};

} // namespace ward

#endif // WARD_LOCK_LOCKORDER_H
