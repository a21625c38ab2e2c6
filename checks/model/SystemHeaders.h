// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which code belongs to system headers, and is therefore not checked.
#ifndef WARD_MODEL_SYSTEMHEADERS_H
#define WARD_MODEL_SYSTEMHEADERS_H

#include "clang/Basic/SourceManager.h"

namespace ward {

/// \p Location expands to a location in a system header: one that the compiler treats as such, or one that a system package has
/// installed, since build systems pass its folder with -I too.
bool isInSystemHeader(clang::SourceLocation Location, const clang::SourceManager &Sources);

/// The code at \p Location comes from a macro that a system header defines.
bool isInSystemMacro(clang::SourceLocation Location, const clang::SourceManager &Sources);

} // namespace ward

#endif // WARD_MODEL_SYSTEMHEADERS_H
