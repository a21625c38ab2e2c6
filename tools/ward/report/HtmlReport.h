// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The HTML page that `ward report` writes.
#ifndef WARD_TOOLS_REPORT_HTMLREPORT_H
#define WARD_TOOLS_REPORT_HTMLREPORT_H

#include "report/Report.h"

namespace ward {

/// A self-contained HTML file: the page in report/, with the data of jsonOf() and tablesOf() embedded as JSON, and the source lines around
/// each place in them. Deterministic.
std::string htmlOf(const Report &R, llvm::StringRef Tables);

} // namespace ward

#endif // WARD_TOOLS_REPORT_HTMLREPORT_H
