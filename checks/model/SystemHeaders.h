// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which code is not the user's, so that nothing is said of it.
#ifndef WARD_MODEL_SYSTEMHEADERS_H
#define WARD_MODEL_SYSTEMHEADERS_H

#include "clang/Basic/SourceManager.h"

namespace ward {

/// \p Location expands to a place in a system header: one that the compiler found as such, or that the system's packages have
/// installed, as build systems also name their folders with -I.
bool isInSystemHeader(clang::SourceLocation Location, const clang::SourceManager &Sources);

/// What stands at \p Location was written by a macro that a system header defines.
bool isInSystemMacro(clang::SourceLocation Location, const clang::SourceManager &Sources);

} // namespace ward

#endif // WARD_MODEL_SYSTEMHEADERS_H
