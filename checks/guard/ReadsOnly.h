// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Whether a critical section only reads.
#ifndef WARD_GUARD_READSONLY_H
#define WARD_GUARD_READSONLY_H

#include "flow/UnitFlow.h"

namespace ward {

/// What one critical section of a function does.
struct SectionEffects {
  /// It writes only variables of its own and its caller's results, calls nothing that may write anything else, and lets no
  /// reference, pointer or iterator out through which others could.
  bool OnlyReads = true;
  /// The first read of something that the lock may protect; null for none.
  const clang::Expr *Read = nullptr;
};

/// What \p Function does while the lock of \p Site may be held.
SectionEffects effectsUnder(const FunctionModel &Function, unsigned Site, UnitFlow &Unit);

} // namespace ward

#endif // WARD_GUARD_READSONLY_H
