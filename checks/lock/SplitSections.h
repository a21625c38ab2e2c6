// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Check-then-act across two critical sections of one lock.
#ifndef WARD_LOCK_SPLITSECTIONS_H
#define WARD_LOCK_SPLITSECTIONS_H

#include "flow/UnitFlow.h"

#include <vector>

namespace ward {

/// One such pair.
struct SplitSection {
  AccessPath Path;
  AccessPath Mutex;
  /// The read under the lock, and the later access under it, or call that acquires it, that relies on the read.
  const clang::Expr *Check, *Act;
  /// The act stores a value that depends on the read.
  bool WritesBack = false;
};

/// Those of \p Function, at most one for each act, in the order of the source.
std::vector<SplitSection> findSplitSections(const FunctionModel &Function, UnitFlow &Unit);

} // namespace ward

#endif // WARD_LOCK_SPLITSECTIONS_H
