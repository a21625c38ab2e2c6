// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The versions of Ward and of the LLVM that it runs with.
#ifndef WARD_TOOLS_DRIVER_VERSION_H
#define WARD_TOOLS_DRIVER_VERSION_H

#include "llvm/ADT/StringRef.h"

#include <string>

namespace ward {

/// Ward's version, for example 0.1.0.
llvm::StringRef version();

/// The versions of Ward and LLVM, for display.
std::string versionText();

/// Identifies this build of Ward and the LLVM that it runs with: part of every cache key. Reads the whole executable.
std::string buildIdentity();

/// Clang's resource directory (stddef.h and the like), for the Clang that this program runs with; empty if there is none.
std::string resourceDirectory();

} // namespace ward

#endif // WARD_TOOLS_DRIVER_VERSION_H
