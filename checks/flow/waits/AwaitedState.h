// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The state for which a wait waits: what other threads can change.
#ifndef WARD_FLOW_WAITS_AWAITEDSTATE_H
#define WARD_FLOW_WAITS_AWAITEDSTATE_H

#include "flow/UnitFlow.h"
#include "llvm/ADT/SmallPtrSet.h"

namespace ward {

/// Decides which expressions near the waits of one function read such state.
class AwaitedState {
public:
  AwaitedState(const FunctionModel &Function, UnitFlow &Flow) : Function(Function), Unit(Flow.model()) {}

  /// The value of \p E depends on what other threads can change. \p Wait itself does not count. A local counts if one of \p Assignments
  /// sets it from such state.
  bool isReadBy(const clang::Expr *E, const clang::CallExpr *Wait, llvm::ArrayRef<const clang::Stmt *> Assignments = {});

private:
  bool reads(const clang::Stmt *S);
  bool isState(const clang::VarDecl *Variable);
  bool assignsState(const clang::Stmt *S, const clang::VarDecl *Variable);
  bool isEscaping(const clang::VarDecl *Variable) const;

  const FunctionModel &Function;
  UnitModel &Unit;
  /// The current question, and the locals that it is being answered for.
  const clang::CallExpr *Wait = nullptr;
  llvm::ArrayRef<const clang::Stmt *> Assignments;
  llvm::SmallPtrSet<const clang::VarDecl *, 4> Asking;
};

/// \p Function is neither of a library nor a builtin.
bool isUserCode(const clang::FunctionDecl *Function);

} // namespace ward

#endif // WARD_FLOW_WAITS_AWAITEDSTATE_H
