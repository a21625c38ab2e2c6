// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which Ward this is, and with which LLVM.
#ifndef WARD_TOOLS_DRIVER_VERSION_H
#define WARD_TOOLS_DRIVER_VERSION_H

#include "llvm/ADT/StringRef.h"

#include <string>

namespace ward {

/// Ward's own version, as 0.1.0.
llvm::StringRef version();

/// For people: Ward's version and LLVM's.
std::string versionText();

/// What tells this build of Ward, with the LLVM that it runs with, from any other: part of the key of everything cached.
/// Reads the whole program once.
std::string buildIdentity();

/// The folder of Clang's own headers (stddef.h and the like) for the Clang that this program runs with; empty if there is none.
std::string resourceDirectory();

} // namespace ward

#endif // WARD_TOOLS_DRIVER_VERSION_H
