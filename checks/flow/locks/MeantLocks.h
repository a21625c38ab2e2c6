// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The locks that code was meant to hold: of guards that are discarded, or never lock. ward-discarded-guard reports
/// those.
#ifndef WARD_FLOW_LOCKS_MEANTLOCKS_H
#define WARD_FLOW_LOCKS_MEANTLOCKS_H

#include "flow/locks/LockContext.h"

namespace ward {

/// The locks of the guards that \p Function discards before \p S in the same block, or whose locking it defers and
/// never does.
LockList meantToHoldAt(const FunctionModel &Function, const clang::Stmt *S, UnitModel &Unit);

} // namespace ward

#endif // WARD_FLOW_LOCKS_MEANTLOCKS_H
