// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Runs the checks on one unit with clang-tidy's engine, in this process.
#ifndef WARD_TOOLS_RUN_UNITCHECK_H
#define WARD_TOOLS_RUN_UNITCHECK_H

#include "run/CheckOptions.h"
#include "project/CompileDatabase.h"
#include "run/FileTrace.h"
#include "findings/Finding.h"

namespace ward {

/// Checks \p U. Records in \p Trace the files that the result depends on. Changes the working directory of the process. Options that Clang
/// does not support are dropped.
UnitResult checkUnit(const Unit &U, const CheckSelection &Selection, FileTrace &Trace);

} // namespace ward

#endif // WARD_TOOLS_RUN_UNITCHECK_H
