// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// A check in one critical section, and the act that relies on it in another of the same lock.
#ifndef WARD_LOCK_SPLITSECTIONS_H
#define WARD_LOCK_SPLITSECTIONS_H

#include "flow/UnitFlow.h"

#include <vector>

namespace ward {

/// One such pair.
struct SplitSection {
  AccessPath Path;
  AccessPath Mutex;
  /// The read under the lock, and the act under it that relies on the read: an access, or a call that locks inside.
  const clang::Expr *Check, *Act;
  /// The act stores what was made from the value read.
  bool WritesBack = false;
};

/// Those of \p Function, one an act, in the order of the source.
std::vector<SplitSection> findSplitSections(const FunctionModel &Function, UnitFlow &Unit);

} // namespace ward

#endif // WARD_LOCK_SPLITSECTIONS_H
