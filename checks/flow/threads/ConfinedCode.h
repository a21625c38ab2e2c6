// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Code that runs while no other thread can get at what it touches.
#ifndef WARD_FLOW_THREADS_CONFINEDCODE_H
#define WARD_FLOW_THREADS_CONFINEDCODE_H

#include "flow/CallGraph.h"

#include <optional>

namespace ward {

class UnitFlow;

/// For the functions of one unit.
class ConfinedCode {
public:
  explicit ConfinedCode(UnitFlow &Flow);

  /// \p Function makes or destroys its object, or is only called by what does, and \p S runs before a thread is given that
  /// object.
  bool isConstructionOrDestruction(const FunctionModel &Function, const clang::Stmt *S);
  /// At \p S the threads that \p Function starts are not there yet, or were joined.
  bool isBeforeStartOrAfterJoin(const FunctionModel &Function, const clang::Stmt *S);
  /// \p Object, in \p Function, is rooted in a variable that no other thread knows at \p S.
  bool isOwn(const AccessPath &Object, const FunctionModel &Function, const clang::Stmt *S);

private:
  const std::optional<llvm::DenseSet<const clang::Stmt *>> &during(const FunctionModel &Function);
  bool isAfterJoin(const FunctionModel &Function, const clang::Stmt *S);
  void solve();

  UnitFlow &Flow;
  llvm::DenseSet<const FunctionModel *> Life, Confined;
  llvm::DenseMap<const FunctionModel *, std::unique_ptr<std::optional<llvm::DenseSet<const clang::Stmt *>>>> During;
};

} // namespace ward

#endif // WARD_FLOW_THREADS_CONFINEDCODE_H
