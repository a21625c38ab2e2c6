// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Numbers in texts.
#ifndef WARD_TOOLS_REPORT_WORDING_H
#define WARD_TOOLS_REPORT_WORDING_H

#include "llvm/ADT/StringRef.h"

#include <string>

namespace ward {

/// "1 finding", "1,234 findings".
std::string count(size_t Number, llvm::StringRef Noun);

} // namespace ward

#endif // WARD_TOOLS_REPORT_WORDING_H
