// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Atomic replacement of files.
#ifndef WARD_TOOLS_DRIVER_WHOLEFILE_H
#define WARD_TOOLS_DRIVER_WHOLEFILE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace ward {

/// Writes \p Content to \p Path atomically, through a temporary file that is renamed: a reader sees the old content or all of the new, even
/// if this process is killed. Files that are not regular (a terminal, a pipe, /dev/null) are written in place; "-" is stdout. An existing
/// file keeps its permissions; of a symbolic link the target is replaced.
llvm::Error writeWhole(llvm::StringRef Path, llvm::StringRef Content);

} // namespace ward

#endif // WARD_TOOLS_DRIVER_WHOLEFILE_H
