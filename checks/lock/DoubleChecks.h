// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Double-checked locking: a check without the lock, then the lock, the same check again, and the write.
#ifndef WARD_LOCK_DOUBLECHECKS_H
#define WARD_LOCK_DOUBLECHECKS_H

#include "flow/UnitFlow.h"

#include <vector>

namespace ward {

/// One such place whose outer check is not ordered after the write.
struct DoubleCheck {
  AccessPath Path;
  /// The read in the check without the lock, the read in the check with it, and the write.
  const clang::Expr *Outer, *Inner, *Write;
  /// The operations if the object is an atomic; at least one of them is relaxed.
  const AtomicOperation *Load = nullptr, *Store = nullptr;
  bool IsVolatile = false;
};

/// Those whose outer check is in \p Function, in the order of the source. The lock, the second check and the write may be in a function
/// of the unit that it calls.
std::vector<DoubleCheck> findDoubleChecks(const FunctionModel &Function, UnitFlow &Unit);

} // namespace ward

#endif // WARD_LOCK_DOUBLECHECKS_H
