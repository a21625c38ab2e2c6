// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The row of the table of guards that a data race is about.
#ifndef WARD_TOOLS_REPORT_GUARDROW_H
#define WARD_TOOLS_REPORT_GUARDROW_H

#include "findings/Finding.h"

#include "llvm/Support/JSON.h"

#include <optional>

namespace ward {

/// True if \p Access, an object with the place of tablesOf(), is at the place of \p M. \p Root is that of the report.
bool isAt(const llvm::json::Object &Access, const Message &M, llvm::StringRef Root);

/// The number of the row in "guarded_by" of \p Tables, the result of tablesOf(), with an access at the place of \p F, a data race, or of its
/// notes; none if there is none, or F is no data race.
std::optional<size_t> guardRowOf(const Finding &F, const llvm::json::Object &Tables, llvm::StringRef Root);

} // namespace ward

#endif // WARD_TOOLS_REPORT_GUARDROW_H
