// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which calls block: wait for something outside of their thread.
#ifndef WARD_MODEL_BLOCKING_H
#define WARD_MODEL_BLOCKING_H

#include "model/UnitModel.h"

#include <optional>
#include <string>

namespace ward {

/// What one call waits for.
struct BlockingCall {
  BlockingKind Kind;
  /// The name of the function: "sleep_for".
  std::string Name;
  /// The locks or guards that it releases while it waits.
  llvm::SmallVector<const clang::Expr *, 1> Releases;
};

/// What \p E, a call or construction in \p Function, may wait for: by an annotation, by the catalog, or because it joins a thread or
/// waits for a condition variable. None if it does not block, or its arguments prevent that (a time-out of zero, flags).
std::optional<BlockingCall> blockingCall(const clang::Expr *E, const FunctionModel &Function, UnitModel &Unit);

/// What a call of this kind does, as a verb in the third person: "sleeps".
llvm::StringRef verbOf(BlockingKind Kind);

} // namespace ward

#endif // WARD_MODEL_BLOCKING_H
