// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which calls wait for something outside of their thread.
#ifndef WARD_MODEL_BLOCKING_H
#define WARD_MODEL_BLOCKING_H

#include "model/UnitModel.h"

#include <optional>
#include <string>

namespace ward {

/// What one call waits for.
struct BlockingCall {
  BlockingKind Kind;
  /// As the text calls it: "sleep_for".
  std::string Name;
  /// The locks or guards that are given up while it waits.
  llvm::SmallVector<const clang::Expr *, 1> Releases;
};

/// Whether \p E, a call or construction in \p Function, may wait: by an annotation, by the catalog, or since it joins a
/// thread or waits for a condition variable. None for a call that says it will not wait (a time-out of zero, flags).
std::optional<BlockingCall> blockingCall(const clang::Expr *E, const FunctionModel &Function, UnitModel &Unit);

/// What a call of this kind does, as a verb in the third person: "sleeps".
llvm::StringRef verbOf(BlockingKind Kind);

} // namespace ward

#endif // WARD_MODEL_BLOCKING_H
