// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The subcommands of `ward`, such as `ward check`.
///
/// Each subcommand is a source file that defines its options with `cl::sub(...)` and one Command, which registers it.
#ifndef WARD_TOOLS_DRIVER_COMMAND_H
#define WARD_TOOLS_DRIVER_COMMAND_H

#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/WithColor.h"

namespace ward {

/// The exit status of `ward`, for every subcommand.
enum ExitStatus : int {
  Clean = 0,         ///< Everything was checked, and there are no findings.
  HasFindings = 1,   ///< Everything was checked, and there are findings.
  NotChecked = 2,    ///< Something could not be checked or written, so the findings may be incomplete.
  Interrupted = 130, ///< Ctrl-C or another signal to terminate.
};

class Command {
public:
  /// \p Run is called when \p Options is the subcommand on the command line; it returns the exit status.
  Command(llvm::cl::SubCommand &Options, int (*Run)()) : Options(Options), Run(Run), Next(First) { First = this; }

  /// Runs the subcommand that the command line names, if any.
  static std::optional<int> runChosen() {
    for (Command *C = First; C; C = C->Next)
      if (C->Options)
        return C->Run();
    return std::nullopt;
  }

private:
  llvm::cl::SubCommand &Options;
  int (*Run)();
  Command *Next;
  static Command *First;
};

/// Starts a line `error: ...` or `warning: ...` on stderr.
inline llvm::raw_ostream &error() { return llvm::WithColor::error(); }
inline llvm::raw_ostream &warning() { return llvm::WithColor::warning(); }

/// Prints \p Problem and returns the exit status.
inline int failed(llvm::Error Problem) {
  error() << llvm::toString(std::move(Problem)) << '\n';
  return NotChecked;
}

} // namespace ward

#endif // WARD_TOOLS_DRIVER_COMMAND_H
