// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Double-checked locking without the second check: a check without the lock, then the lock, and the act.
#ifndef WARD_LOCK_SINGLECHECKS_H
#define WARD_LOCK_SINGLECHECKS_H

#include "flow/UnitFlow.h"

#include <vector>

namespace ward {

/// One such place: each thread that passes the check acts.
struct SingleCheck {
  AccessPath Path;
  /// The read in the check, and the write under the lock.
  const clang::Expr *Check, *Act;
};

/// Those whose check is in \p Function, in the order of the source. The lock and the act may be in functions of the
/// unit that it calls. Not where the act is the same for each thread (`stopped = true;`, `queue.clear();`) or checks by
/// itself (`map.emplace(...)`), and not where the object is also changed without the lock: that guards something else.
std::vector<SingleCheck> findSingleChecks(const FunctionModel &Function, UnitFlow &Unit);

} // namespace ward

#endif // WARD_LOCK_SINGLECHECKS_H
