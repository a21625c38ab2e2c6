// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Double-checked locking: a check without the lock, the lock, the same check again, and then the action.
#ifndef WARD_LOCK_DOUBLECHECKS_H
#define WARD_LOCK_DOUBLECHECKS_H

#include "flow/UnitFlow.h"

#include <vector>

namespace ward {

/// One such place where the outer check orders nothing.
struct DoubleCheck {
  AccessPath Path;
  /// What is read: by the check without the lock, by the one with it; and what is then written.
  const clang::Expr *Outer, *Inner, *Write;
  /// The operations, if the object is an atomic; then one of them at least is relaxed.
  const AtomicOperation *Load = nullptr, *Store = nullptr;
  bool IsVolatile = false;
};

/// Those of \p Function, by the outer check, in the order of the source. The lock, the second check and the action may stand in
/// a function of the unit that it calls.
std::vector<DoubleCheck> findDoubleChecks(const FunctionModel &Function, UnitFlow &Unit);

} // namespace ward

#endif // WARD_LOCK_DOUBLECHECKS_H
