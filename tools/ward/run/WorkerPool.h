// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Processes many units in parallel, each in its own process, so that a crash of one does not affect the others.
#ifndef WARD_TOOLS_RUN_WORKERPOOL_H
#define WARD_TOOLS_RUN_WORKERPOOL_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"

#include <chrono>
#include <string>

namespace ward {

/// The result of one work item.
struct WorkResult {
  std::string Output;  ///< the return value of the work; empty if there is a Problem
  std::string Problem; ///< why there is no result: a crash, with its message, or a timeout
  std::string Stderr;  ///< the output of the process on stderr
};

/// Calls \p Work(I) for each I below \p Count in a forked process, at most \p Jobs at a time, and \p Done(I, Result) in this process as
/// each finishes, in any order. A process that takes longer than \p Timeout is killed. All workers are killed when this process ends.
///
/// Returns false if interrupted by a signal (see interruptible()): then all workers are killed, and \p Done is not called for the rest.
/// The calling process must be single-threaded.
bool workInProcesses(size_t Count, unsigned Jobs, std::chrono::seconds Timeout, llvm::function_ref<std::string(size_t)> Work,
                     llvm::function_ref<void(size_t, WorkResult)> Done);

/// Installs signal handlers: the first SIGINT, SIGTERM or SIGHUP only sets interrupted(), so that writing can be completed; a second one of
/// the kind terminates the process. SIGPIPE and SIGXFSZ are ignored, so that writing fails with an error instead.
void interruptible();
bool interrupted();

} // namespace ward

#endif // WARD_TOOLS_RUN_WORKERPOOL_H
