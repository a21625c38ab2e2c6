// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Where threads have surely been joined, by the flow of control: on every path, through functions of the unit.
#ifndef WARD_FLOW_THREADS_JOINS_H
#define WARD_FLOW_THREADS_JOINS_H

#include "model/AccessPath.h"
#include "model/UnitModel.h"

#include <memory>
#include <optional>

namespace clang {
class CFGBlock;
}

namespace ward {

class UnitFlow;

/// Accepts the handles that matter; a handle without a known place is std::nullopt.
using IsHandleFn = llvm::function_ref<bool(const std::optional<AccessPath> &)>;

/// \p Start, in \p Function, is under the same condition as \p Now, and that does not change: `if (on) start(); ... if (on) join();`.
bool isUnderSameCondition(const FunctionModel &Function, const clang::Stmt *Start, const clang::IfStmt *Now, UnitModel &Unit);

/// For the functions of one unit.
class Joins {
public:
  explicit Joins(UnitFlow &Flow) : Flow(Flow) {}

  /// When \p Function returns, it has joined a thread whose handle \p IsHandle accepts, or found that there is none to join.
  bool joins(const FunctionModel &Function, IsHandleFn IsHandle, unsigned Depth = MaxCallDepth);
  /// The same for \p Call in its caller's terms: a call of a function of the unit.
  bool joinsByCall(const clang::CallExpr *Call, IsHandleFn IsHandle, unsigned Depth = MaxCallDepth);
  /// The same for any handle.
  bool joinsSomething(const FunctionModel &Function);
  /// Every path to \p S in \p Function has joined the threads that the members of its object own; if its class starts none, some
  /// thread.
  bool isAfter(const FunctionModel &Function, const clang::Stmt *S);
  /// Every path to \p S in \p Function has joined the thread whose handle is \p Handle: a member of its object or a global, or a
  /// part of one.
  bool isAfterJoinOf(const FunctionModel &Function, const clang::Stmt *S, const clang::ValueDecl *Handle);

private:
  bool solve(const FunctionModel &Function, IsHandleFn IsHandle, unsigned Depth, llvm::function_ref<void(const clang::Stmt *)> Visit);
  bool isJoin(const clang::Stmt *S, IsHandleFn IsHandle, unsigned Depth);
  bool containsJoin(const clang::Stmt *S, IsHandleFn IsHandle, bool OfElements);
  /// Control leaves \p Block by its successor number \p Index only if there is no thread to join.
  bool findsNone(const FunctionModel &Function, const clang::CFGBlock &Block, unsigned Index, IsHandleFn IsHandle);
  /// All starts in \p Function of a thread whose handle \p IsHandle accepts are under the same condition as \p Now, which does not change.
  bool isStartedUnder(const FunctionModel &Function, const clang::IfStmt *Now, IsHandleFn IsHandle);
  /// Null for any handle.
  const llvm::DenseSet<const clang::Stmt *> &after(const FunctionModel &Function, const clang::ValueDecl *Handle);
  /// The handle, which joins by itself, that \p E drops: `thread = {}`, `workers.clear()`; null if there is none.
  const clang::Expr *dropsJoining(const clang::Expr *E);
  /// \p Function contains a join, or calls a function of the unit that does.
  bool mayJoin(const FunctionModel &Function);
  void findJoins();

  UnitFlow &Flow;
  std::optional<llvm::DenseSet<const FunctionModel *>> MayJoin;
  llvm::DenseMap<const FunctionModel *, bool> Something;
  /// The question is about any handle, whatever its name: the answer for a callee does not depend on the caller.
  bool OfAnyHandle = false;
  /// The callees that are being looked into.
  llvm::SmallVector<const FunctionModel *, 8> Active;
  using Key = std::pair<const FunctionModel *, const clang::ValueDecl *>;
  llvm::DenseMap<Key, std::unique_ptr<llvm::DenseSet<const clang::Stmt *>>> After;
};

} // namespace ward

#endif // WARD_FLOW_THREADS_JOINS_H
