// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Whether what is done under a lock only reads.
#ifndef WARD_GUARD_READSONLY_H
#define WARD_GUARD_READSONLY_H

#include "flow/UnitFlow.h"

namespace ward {

/// What a function does while a guard holds its lock.
struct UnderGuard {
  /// Nothing but the function's own variables is surely written, and nothing is called or given away that might write.
  bool OnlyReads = true;
  /// The first thing read that the lock may protect; null for none.
  const clang::Expr *Read = nullptr;
};

/// What \p Function does while the site \p Site may hold its lock.
UnderGuard doneUnder(const FunctionModel &Function, unsigned Site, UnitFlow &Unit);

} // namespace ward

#endif // WARD_GUARD_READSONLY_H
