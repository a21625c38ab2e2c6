// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Threads as the callers of the functions that start them see them: `Counter counter(&total); counter.start();`.
#ifndef WARD_FLOW_THREADS_CALLEDSTARTS_H
#define WARD_FLOW_THREADS_CALLEDSTARTS_H

#include "flow/threads/ObjectAccesses.h"

namespace ward {

/// A thread that goes on when the function that starts it has returned, at a call of that function. What the caller gave to the
/// function, or to the object whose member function it is, the thread has.
struct CalledStart {
  /// Its site is the call.
  Spawn Started;
  /// How the thread's code names the objects of the caller.
  llvm::SmallVector<ObjectName, 4> Given;
};

} // namespace ward

#endif // WARD_FLOW_THREADS_CALLEDSTARTS_H
