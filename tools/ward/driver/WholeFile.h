// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Writing a file wholly or not at all.
#ifndef WARD_TOOLS_DRIVER_WHOLEFILE_H
#define WARD_TOOLS_DRIVER_WHOLEFILE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace ward {

/// Writes \p Content to \p Path. Whoever reads \p Path, also after this process was killed at any moment, finds what was there
/// before or all of \p Content: it is written beside and then renamed. What is no regular file (a terminal, a pipe, /dev/null)
/// is written in place; "-" is stdout. Permissions of a file that exists are kept, and a link's target is what is replaced.
llvm::Error writeWhole(llvm::StringRef Path, llvm::StringRef Content);

} // namespace ward

#endif // WARD_TOOLS_DRIVER_WHOLEFILE_H
