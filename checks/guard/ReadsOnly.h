// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Whether what is done under a lock only reads.
#ifndef WARD_GUARD_READSONLY_H
#define WARD_GUARD_READSONLY_H

#include "flow/UnitFlow.h"

namespace ward {

/// What a function does in a critical section.
struct UnderGuard {
  /// It writes nothing but variables of its own and what its caller gave for results, calls nothing that might write anything
  /// else, and gives no reference, pointer or iterator away through which others might.
  bool OnlyReads = true;
  /// The first thing read that the lock may protect; null if there is none.
  const clang::Expr *Read = nullptr;
};

/// What \p Function does where the lock acquired at its site number \p Site may be held.
UnderGuard doneUnder(const FunctionModel &Function, unsigned Site, UnitFlow &Unit);

} // namespace ward

#endif // WARD_GUARD_READSONLY_H
