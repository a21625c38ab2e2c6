// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// In which order the whole program takes its locks: lock/LockOrder.h over facts.
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

/// One place where a lock is taken while another is held.
struct ProgramOrderEdge {
  unsigned First, Second; ///< nodes
  const ProgramGraph::Function *In;
  ProgramPlace At;
  ProgramGraph::Taken Taken;
  bool FirstShared, SecondShared;
  std::vector<unsigned> Gates; ///< nodes that are held around it
  bool InCycle = false;        ///< of locks that may come in any order
};

class ProgramOrder {
public:
  explicit ProgramOrder(const ProgramGraph &Graph);

  const std::vector<ProgramLockNode> &nodes() const { return Nodes; }
  /// In the order of the source.
  const std::vector<ProgramOrderEdge> &edges() const { return Edges; }
  std::string print(unsigned Node) const;

  /// Each edge takes what the next one holds, and nothing keeps them apart. Begins with the edge that comes first in the source.
  using Cycle = std::vector<const ProgramOrderEdge *>;
  /// Each set of locks once; with \p SameClass two locks of one class, too.
  std::vector<Cycle> cycles(bool SameClass) const;

private:
  std::optional<unsigned> node(Id Path);
  void add(const ProgramGraph::Function &In, const ProgramGraph::Taken &Taken);
  void joinOnlyInstances();
  void findComponents();
  std::vector<const ProgramOrderEdge *> way(unsigned From, unsigned To) const;
  Cycle apart(const std::vector<const ProgramOrderEdge *> &Steps) const;
  bool isBefore(unsigned NodeA, unsigned NodeB) const;

  const ProgramGraph &Graph;
  std::map<ProgramLockNode, unsigned> Numbers;
  std::vector<ProgramLockNode> Nodes;
  std::vector<ProgramOrderEdge> Edges;
  std::map<std::pair<unsigned, unsigned>, std::vector<unsigned>> Between;
  std::vector<std::vector<unsigned>> After; ///< by node, the first edge to each next node
  std::vector<unsigned> Component;
};

} // namespace ward

#endif // WARD_TOOLS_PROGRAM_PROGRAMORDER_H
