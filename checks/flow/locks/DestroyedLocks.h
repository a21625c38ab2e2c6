// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Locks whose lifetime ends while they are held.
#ifndef WARD_FLOW_LOCKS_DESTROYEDLOCKS_H
#define WARD_FLOW_LOCKS_DESTROYEDLOCKS_H

#include "flow/locks/LockSites.h"
#include "model/MutexPlaces.h"

namespace ward {

class UnitFlow;

/// Calls \p Visit for each statement of \p Function that destroys or moves a lock which \p Function may hold there, and for the
/// site that acquired it.
void forEachDestroyedWhileHeld(const FunctionModel &Function, UnitFlow &Flow,
                               llvm::function_ref<void(const LifetimeEnd &, const LockSite &, const AccessPath &Mutex)> Visit);

} // namespace ward

#endif // WARD_FLOW_LOCKS_DESTROYEDLOCKS_H
