// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Values that are moved into a thread together with all that refers to their insides: the region-based isolation of
/// Swift (SE-0414).
///
/// What counts its owners without atomics is not Send, but an object whose owners all move to one thread is used by
/// that thread alone.
#ifndef WARD_CAPTURE_MOVEDREGIONS_H
#define WARD_CAPTURE_MOVEDREGIONS_H

#include "flow/UnitFlow.h"

namespace ward {

/// \p Capture, whose type is not Send for \p Reason, a reference count, was created by the function that starts \p
/// Started, is moved into the thread, and leaves nothing behind: no copy, no pointer or reference to its inside. False
/// if that is not known.
bool movesWithRegion(const Spawn &Started, const Captured &Capture, const ThreadAnswer &Reason, UnitFlow &Unit);

} // namespace ward

#endif // WARD_CAPTURE_MOVEDREGIONS_H
