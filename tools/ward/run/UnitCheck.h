// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The checks over one unit, by clang-tidy's engine, in this process.
#ifndef WARD_TOOLS_RUN_UNITCHECK_H
#define WARD_TOOLS_RUN_UNITCHECK_H

#include "run/CheckOptions.h"
#include "project/CompileDatabase.h"
#include "run/FileTrace.h"
#include "findings/Finding.h"

namespace ward {

/// Checks \p U. All that the result depends on, beside \p U, \p Selection and this program, is recorded in \p Trace.
/// Changes the working directory of the process. Options that only GCC knows are left out.
UnitResult checkUnit(const Unit &U, const CheckSelection &Selection, FileTrace &Trace);

} // namespace ward

#endif // WARD_TOOLS_RUN_UNITCHECK_H
