// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The order in which the whole program acquires its locks: lock/LockOrder.h over facts.
#ifndef WARD_TOOLS_PROGRAM_PROGRAMORDER_H
#define WARD_TOOLS_PROGRAM_PROGRAMORDER_H

#include "program/ProgramGraph.h"

#include <map>

namespace ward {

/// A global or local mutex by itself, or a member for all objects of its class.
struct ProgramLockNode {
  Id Root = None;
  std::vector<Id> Fields;
  auto operator<=>(const ProgramLockNode &) const = default;
};

/// One place where a lock is acquired while another is held.
struct ProgramOrderEdge {
  unsigned First, Second; ///< nodes
  const ProgramGraph::Function *In;
  ProgramPlace At;
  ProgramGraph::AcquiredLock Acquired;
  bool FirstShared, SecondShared;
  std::vector<unsigned> Gates; ///< nodes of the other locks that are held there on every path
  bool InCycle = false;        ///< lies on a cycle of two or more locks
};

class ProgramOrder {
public:
  explicit ProgramOrder(const ProgramGraph &Graph);

  const std::vector<ProgramLockNode> &nodes() const { return Nodes; }
  /// In the order of the source.
  const std::vector<ProgramOrderEdge> &edges() const { return Edges; }
  std::string print(unsigned Node) const;

  /// A possible deadlock: each edge acquires the lock that the next one holds. Begins with the edge that comes first in the source.
  using Cycle = std::vector<const ProgramOrderEdge *>;
  /// Each set of locks once. With \p SameClass also pairs of locks of one class, one acquired while holding the other.
  std::vector<Cycle> cycles(bool SameClass) const;

private:
  std::optional<unsigned> node(Id Path);
  void add(const ProgramGraph::Function &In, const ProgramGraph::AcquiredLock &Acquired);
  void joinOnlyInstances();
  void markCycles();
  bool isBefore(unsigned NodeA, unsigned NodeB) const;

  const ProgramGraph &Graph;
  std::map<ProgramLockNode, unsigned> Numbers;
  std::vector<ProgramLockNode> Nodes;
  std::vector<ProgramOrderEdge> Edges;
};

} // namespace ward

#endif // WARD_TOOLS_PROGRAM_PROGRAMORDER_H
