// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Functions that wait for a signal from another thread.
#ifndef WARD_FLOW_THREADS_SIGNALS_H
#define WARD_FLOW_THREADS_SIGNALS_H

#include "model/AccessPath.h"
#include "model/UnitModel.h"

namespace ward {

/// \p Name is the name of a function that waits, by convention.
bool soundsLikeWaiting(llvm::StringRef Name);

/// A function of that name may return before it has seen what it waits for: wait_for(), try_acquire_until().
bool mayTimeOut(llvm::StringRef Name);

/// \p Function waits, itself or through functions of the unit that it calls, until another thread signals through a place that
/// \p IsSignal accepts: it spins until an atomic changes, or calls a function that blocks on it.
bool waitsFor(const FunctionModel &Function, llvm::function_ref<bool(const AccessPath &)> IsSignal, UnitModel &Unit, unsigned Depth = 4);

} // namespace ward

#endif // WARD_FLOW_THREADS_SIGNALS_H
