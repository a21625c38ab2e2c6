// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// How far a run is, on stderr: a bar on a terminal, a line for each unit in a log.
#ifndef WARD_TOOLS_RUN_PROGRESS_H
#define WARD_TOOLS_RUN_PROGRESS_H

#include "llvm/ADT/StringRef.h"

#include <chrono>

namespace ward {

class Progress {
public:
  Progress(size_t Total, bool Quiet);
  ~Progress() { clear(); }

  /// \p Count units were done without work, as their results are known.
  void skipped(size_t Count);
  /// One more unit is done; \p Problem says why it was not checked, if it was not.
  void done(llvm::StringRef Unit, llvm::StringRef Problem = "");
  /// Takes the bar off the terminal, for another line to be written.
  void clear();

private:
  void draw(llvm::StringRef Unit);

  size_t Total, Done = 0;
  bool Quiet, Terminal;
  std::chrono::steady_clock::time_point Drawn;
};

} // namespace ward

#endif // WARD_TOOLS_RUN_PROGRESS_H
