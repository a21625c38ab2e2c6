// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Path sensitivity of the lockset analysis: whether a try-lock succeeded, by the edge that is taken at a branch.
#ifndef WARD_FLOW_LOCKS_LOCKREFINEMENT_H
#define WARD_FLOW_LOCKS_LOCKREFINEMENT_H

#include "flow/locks/LockTransfer.h"

namespace ward {

/// \p State at the end of \p Block becomes the state on the edge to its successor of index \p Successor. If the
/// condition of the branch tests a try-lock, a status that a lock function returned, or a guard (`if
/// (!lock.owns_lock())`), directly or by a variable that is never reassigned, the lock is held on one edge and not on
/// the other. Any other condition changes nothing.
void refineOnEdge(const clang::CFGBlock &Block, unsigned Successor, const LockSites &Sites, LockSet &State);

} // namespace ward

#endif // WARD_FLOW_LOCKS_LOCKREFINEMENT_H
