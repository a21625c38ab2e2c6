// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Differences of two texts in the format of `diff -u`.
#ifndef WARD_TOOLS_REWRITING_UNIFIEDDIFF_H
#define WARD_TOOLS_REWRITING_UNIFIEDDIFF_H

#include "llvm/ADT/StringRef.h"

#include <string>

namespace ward {

/// What turns \p Before into \p After, for `patch -p1`; \p Name is the file's.
std::string unifiedDiff(llvm::StringRef Name, llvm::StringRef Before, llvm::StringRef After);

} // namespace ward

#endif // WARD_TOOLS_REWRITING_UNIFIEDDIFF_H
