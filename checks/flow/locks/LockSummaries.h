// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which locks a function of the unit leaves taken or given back when it returns.
#ifndef WARD_FLOW_LOCKS_LOCKSUMMARIES_H
#define WARD_FLOW_LOCKS_LOCKSUMMARIES_H

#include "model/Acquisition.h"
#include "model/UnitModel.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

#include <memory>

namespace ward {

class UnitFlow;

/// In the words of the function: paths that begin at its object, its parameters or a global.
struct LockSummary {
  llvm::SmallVector<LockRef, 1> Acquired;
  llvm::SmallVector<AccessPath, 1> Released;
  /// Acquired is what it says is held: it takes nothing.
  bool Asserts = false;
};

/// The net effects of a unit's functions, by annotation or by body, each worked out when first asked for. A function that is
/// reached again while its own answer is sought has none.
class LockSummaries {
public:
  explicit LockSummaries(UnitFlow &Flow) : Flow(Flow) {}

  /// Null for a function that leaves all locks as it found them, or of which that can't be told.
  const LockSummary *of(const clang::FunctionDecl *Function);

private:
  std::unique_ptr<LockSummary> annotated(const clang::FunctionDecl *Function);
  std::unique_ptr<LockSummary> byBody(const FunctionModel &Function);
  /// The functions whose body, or the body of one that they call, works a lock by hand.
  bool mayLeaveLocks(const FunctionModel &Function);

  UnitFlow &Flow;
  llvm::DenseMap<const clang::FunctionDecl *, std::unique_ptr<LockSummary>> Known;
  llvm::DenseSet<const FunctionModel *> ByHand;
  bool Spread = false;
};

} // namespace ward

#endif // WARD_FLOW_LOCKS_LOCKSUMMARIES_H
