// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Code that runs while no other thread can access what it uses: thread-confined code.
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

  /// \p Function is a constructor or destructor, or is only called by them or on objects that their callers have just made, and \p S runs
  /// before the object is published to another thread.
  bool isConstructionOrDestruction(const FunctionModel &Function, const clang::Stmt *S);
  /// \p S runs before \p Function starts its threads, or after it has joined them.
  bool isBeforeStartOrAfterJoin(const FunctionModel &Function, const clang::Stmt *S);
  /// \p Object, in \p Function, is rooted in a variable that no other thread can access at \p S.
  bool isOwn(const AccessPath &Object, const FunctionModel &Function, const clang::Stmt *S);

private:
  const std::optional<llvm::DenseSet<const clang::Stmt *>> &during(const FunctionModel &Function);
  void solve();
  /// \p Variable, a pointer in \p Function, points to memory that the function allocates, and to nothing else.
  bool isNewMemory(const clang::VarDecl *Variable, const FunctionModel &Function);

  UnitFlow &Flow;
  llvm::DenseMap<const clang::VarDecl *, bool> NewMemory;
  llvm::DenseSet<const FunctionModel *> Life, Confined;
  llvm::DenseMap<const FunctionModel *, std::unique_ptr<std::optional<llvm::DenseSet<const clang::Stmt *>>>> During;
};

} // namespace ward

#endif // WARD_FLOW_THREADS_CONFINEDCODE_H
