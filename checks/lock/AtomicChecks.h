// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Check-then-act on atomics: the check that decides whether an operation runs.
#ifndef WARD_LOCK_ATOMICCHECKS_H
#define WARD_LOCK_ATOMICCHECKS_H

#include "lock/AtomicTrace.h"

namespace ward {

/// The load in the nearest check of the object of \p Act that decides whether \p Act runs. None if in between this thread updates the
/// object or waits for it, if the check is the condition of a loop or `switch`, if it asks whether the calling thread is the owner, which
/// no other thread changes, and if threads that pass it together do no harm.
std::optional<unsigned> checkBefore(const AtomicTrace &Trace, const TracedOperation &Act, UnitModel &Unit);

} // namespace ward

#endif // WARD_LOCK_ATOMICCHECKS_H
