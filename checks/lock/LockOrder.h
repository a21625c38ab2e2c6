// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// In which order a unit takes its locks.
#ifndef WARD_LOCK_LOCKORDER_H
#define WARD_LOCK_LOCKORDER_H

#include "flow/locks/AcquiredLocks.h"

namespace ward {

class UnitFlow;

/// A lock as an order knows it: a global or local mutex by itself, a member for all objects of its class, since which
/// object it is differs from call to call.
struct LockNode {
  /// The variable that the mutex is, or is a part of; null for a member of objects that are not known.
  const clang::VarDecl *Root = nullptr;
  llvm::SmallVector<const clang::FieldDecl *, 2> Fields;

  bool operator==(const LockNode &) const = default;
  bool operator<(const LockNode &Other) const;
  std::string print() const;
  /// The node of the lock at \p Path; none where it can't be told.
  static std::optional<LockNode> of(const AccessPath &Path);
};

/// One place where a lock is taken while another is held.
struct LockEdge {
  LockNode First, Second;
  LockRef Held;
  AcquiredLock Taken;
  const FunctionModel *In;
  /// Held on every path as well, callers included.
  std::vector<LockNode> Gates;
  /// The two are locks of one class, of different objects.
  bool IsSameClass = false;

  clang::SourceLocation location() const;
};

/// All of a unit, and the cycles among them.
class LockOrder {
public:
  explicit LockOrder(UnitFlow &Flow);

  /// In the order of the source.
  const std::vector<LockEdge> &edges() const { return Edges; }

  /// A deadlock: each edge takes what the next one holds, and nothing keeps them apart. Begins with the edge that comes first
  /// in the source.
  using Cycle = std::vector<const LockEdge *>;
  /// Each set of locks once. With \p SameClass also two locks of one class taken one within the other.
  std::vector<Cycle> cycles(bool SameClass) const;

private:
  void collect(const FunctionModel &Function);
  void add(const FunctionModel &Function, const clang::Stmt *At, const LockList &Held, const AcquiredLock &Taken);
  /// The shortest way from \p From to \p To, one edge a step; empty if there is none.
  std::vector<const LockEdge *> way(const LockNode &From, const LockNode &To) const;
  /// Edges between the same locks as those of \p Steps which no common lock keeps apart; empty if there are none.
  Cycle apart(const std::vector<const LockEdge *> &Steps) const;

  UnitFlow &Flow;
  std::vector<LockEdge> Edges;
};

} // namespace ward

#endif // WARD_LOCK_LOCKORDER_H
