// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The page that `ward report` writes.
#ifndef WARD_TOOLS_REPORT_HTMLREPORT_H
#define WARD_TOOLS_REPORT_HTMLREPORT_H

#include "report/Report.h"

namespace ward {

/// One HTML file that needs nothing else: the page of report/, and as JSON in it what jsonOf() and tablesOf() say, with the lines of
/// source around each place that these name. The same for the same report.
std::string htmlOf(const Report &R, llvm::StringRef Tables);

} // namespace ward

#endif // WARD_TOOLS_REPORT_HTMLREPORT_H
