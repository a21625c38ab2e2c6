// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The progress of a run on stderr: a bar on a terminal, otherwise a line for each unit.
#ifndef WARD_TOOLS_RUN_PROGRESS_H
#define WARD_TOOLS_RUN_PROGRESS_H

#include "llvm/ADT/StringRef.h"

#include <chrono>

namespace ward {

class Progress {
public:
  Progress(size_t Total, bool Quiet);
  ~Progress() { clear(); }

  /// \p Count units needed no work, because their results are cached.
  void skipped(size_t Count);
  /// One more unit is done; \p Problem is why it was not checked, or empty.
  void done(llvm::StringRef Unit, llvm::StringRef Problem = "");
  /// Removes the bar from the terminal, so that another line can be written.
  void clear();

private:
  void draw(llvm::StringRef Unit);

  size_t Total, Done = 0;
  bool Quiet, Terminal;
  std::chrono::steady_clock::time_point Drawn;
};

} // namespace ward

#endif // WARD_TOOLS_RUN_PROGRESS_H
