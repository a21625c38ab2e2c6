// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Function summaries of net lock effects: which locks a function has acquired or released when it returns.
///
/// Bottom-up: by annotation, or from the function's LockSets, which ask for the summaries of its callees. A function
/// that only locks and unlocks again has none. In a recursion, the inner call has none.
#ifndef WARD_FLOW_LOCKS_LOCKSUMMARIES_H
#define WARD_FLOW_LOCKS_LOCKSUMMARIES_H

#include "flow/locks/LockFlags.h"
#include "model/Acquisition.h"
#include "model/UnitModel.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

#include <memory>
#include <optional>

namespace ward {

class UnitFlow;

/// As the function names them: paths that are rooted in its object, its parameters or a global.
struct LockSummary {
  /// Acquired by a call, and held on every path at the return.
  llvm::SmallVector<LockRef, 1> Acquired;
  /// Released on some path, though the function had not acquired it.
  llvm::SmallVector<AccessPath, 1> Released;
  /// It acquires nothing: it asserts that Acquired is held.
  bool Asserts = false;
};

/// The summaries of one unit's functions, each computed when first asked for.
class LockSummaries {
public:
  explicit LockSummaries(UnitFlow &Flow) : Flow(Flow) {}

  /// Null for a function without a net effect, and for one whose effect is unknown.
  const LockSummary *of(const clang::FunctionDecl *Function);
  /// The same for \p Call, whose constant arguments may decide the flags of its callee.
  const LockSummary *of(const clang::CallExpr *Call);

private:
  std::unique_ptr<LockSummary> annotated(const clang::FunctionDecl *Function);
  std::unique_ptr<LockSummary> byBody(const FunctionModel &Function, FlagStates Only);
  /// \p Function, or one that it calls, locks or unlocks by hand: only these can have a net effect.
  bool mayHaveEffect(const FunctionModel &Function);

  UnitFlow &Flow;
  llvm::DenseMap<const clang::FunctionDecl *, std::unique_ptr<LockSummary>> Known;
  /// For some values of the flags only.
  llvm::DenseMap<std::pair<const FunctionModel *, FlagStates>, std::unique_ptr<LockSummary>> KnownFor;
  /// The functions of mayHaveEffect(), once they are collected.
  std::optional<llvm::DenseSet<const FunctionModel *>> ByHand;
};

} // namespace ward

#endif // WARD_FLOW_LOCKS_LOCKSUMMARIES_H
