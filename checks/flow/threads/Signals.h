// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Functions that come back only when somebody else has signalled.
#ifndef WARD_FLOW_THREADS_SIGNALS_H
#define WARD_FLOW_THREADS_SIGNALS_H

#include "model/AccessPath.h"
#include "model/UnitModel.h"

namespace ward {

/// \p Name is what a function is called that waits.
bool soundsLikeWaiting(llvm::StringRef Name);

/// \p Function waits, itself or through functions of the unit that it calls, until another thread has done something to a place for
/// which \p IsSignal says yes: it loops until an atomic has changed, or calls what blocks on it.
bool waitsFor(const FunctionModel &Function, llvm::function_ref<bool(const AccessPath &)> IsSignal, UnitModel &Unit, unsigned Depth = 4);

} // namespace ward

#endif // WARD_FLOW_THREADS_SIGNALS_H
