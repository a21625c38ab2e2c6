// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Data inside a mutex that owns it.
#ifndef WARD_FLOW_THREADS_OWNEDDATA_H
#define WARD_FLOW_THREADS_OWNEDDATA_H

#include "model/AccessPath.h"
#include "model/LockTypes.h"

namespace ward {

/// The mutex that owns what is at \p Place, or Place itself. Nothing but a member that needs the mutex for itself leads inside without a guard.
AccessPath owningMutex(AccessPath Place, LockTypes &Types);

} // namespace ward

#endif // WARD_FLOW_THREADS_OWNEDDATA_H
