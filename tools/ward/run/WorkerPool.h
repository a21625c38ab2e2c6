// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Work on many units at once, each in a process of its own: what one does to itself does not touch the others.
#ifndef WARD_TOOLS_RUN_WORKERPOOL_H
#define WARD_TOOLS_RUN_WORKERPOOL_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"

#include <chrono>
#include <string>

namespace ward {

/// What became of one piece of work.
struct WorkResult {
  std::string Output;  ///< what the work returned; empty if there is a Problem
  std::string Problem; ///< why there is no result: a crash, with what the process said last, or the time that is over
  std::string Said;    ///< what the process wrote on stderr
};

/// Calls \p Work(I) for each I below \p Count, each in a forked process, at most \p Jobs at a time, and \p Done(I, Result) here
/// as each ends, in any order. A process that takes longer than \p Timeout is killed. They die with this one, however it ends.
///
/// Returns false if a signal asked to end (see interruptible()): then all are killed, and \p Done is not called for the rest.
/// There must be no other thread.
bool workInProcesses(size_t Count, unsigned Jobs, std::chrono::seconds Timeout, llvm::function_ref<std::string(size_t)> Work,
                     llvm::function_ref<void(size_t, WorkResult)> Done);

/// From here on SIGINT, SIGTERM and SIGHUP do not end the process: what is being written is finished, and interrupted() tells.
/// A second one of the kind ends it. Writing that cannot go on fails, rather than ending the process by a signal.
void interruptible();
bool interrupted();

} // namespace ward

#endif // WARD_TOOLS_RUN_WORKERPOOL_H
