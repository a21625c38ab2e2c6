// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// A subcommand of `ward`: `ward check`, and those beside it.
///
/// A subcommand is a file of its own, which defines its options with `cl::sub(...)` and one Command. Nothing else names it.
#ifndef WARD_TOOLS_DRIVER_COMMAND_H
#define WARD_TOOLS_DRIVER_COMMAND_H

#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/WithColor.h"

namespace ward {

/// What `ward` ends with, whatever the subcommand.
enum ExitStatus : int {
  Clean = 0,         ///< Everything was looked at, and nothing is to be said.
  HasFindings = 1,   ///< Everything was looked at, and there are findings.
  NotChecked = 2,    ///< Something was not looked at, or could not be written: what is said may be incomplete.
  Interrupted = 130, ///< Ctrl-C, or a signal that asks to end.
};

class Command {
public:
  /// \p Run is called when \p Options is the subcommand on the command line; it returns the exit status.
  Command(llvm::cl::SubCommand &Options, int (*Run)()) : Options(Options), Run(Run), Next(First) { First = this; }

  /// Runs the subcommand that the command line names, if it names one.
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

/// Begins a line `error: ...` or `warning: ...` on stderr.
inline llvm::raw_ostream &error() { return llvm::WithColor::error(); }
inline llvm::raw_ostream &warning() { return llvm::WithColor::warning(); }

/// Says what \p Problem is; the status to end with.
inline int failed(llvm::Error Problem) {
  error() << llvm::toString(std::move(Problem)) << '\n';
  return NotChecked;
}

} // namespace ward

#endif // WARD_TOOLS_DRIVER_COMMAND_H
