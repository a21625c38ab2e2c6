// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which functions of the unit run on threads that the unit starts.
#ifndef WARD_FLOW_THREADS_THREADCODE_H
#define WARD_FLOW_THREADS_THREADCODE_H

#include "flow/UnitFlow.h"

#include <optional>
#include <vector>

namespace ward {

/// The code that threads of the unit reach without acquiring a lock.
class ThreadCode {
public:
  struct Piece {
    const FunctionModel *Function;
    const Spawn *Started;
  };

  explicit ThreadCode(UnitFlow &Unit);

  /// Each function once, in the order of discovery.
  const std::vector<Piece> &pieces() const { return Pieces; }
  bool contains(const FunctionModel &Function) const { return Seen.contains(&Function); }

  /// The expressions of \p Function during which a thread that it starts may run; none if it starts no thread, or if it runs on
  /// one itself, where all of it may run in parallel.
  std::optional<llvm::DenseSet<const clang::Stmt *>> runningIn(const FunctionModel &Function) const;

private:
  void add(const FunctionModel *Function, const Spawn &Started);

  UnitFlow &Unit;
  std::vector<Piece> Pieces;
  llvm::DenseSet<const FunctionModel *> Seen;
};

} // namespace ward

#endif // WARD_FLOW_THREADS_THREADCODE_H
