// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Runs the checks on one unit with clang-tidy's engine, in this process.
#ifndef WARD_TOOLS_RUN_UNITCHECK_H
#define WARD_TOOLS_RUN_UNITCHECK_H

#include "run/CheckOptions.h"
#include "project/CompileDatabase.h"
#include "run/FileTrace.h"
#include "run/TidyRun.h"
#include "findings/Finding.h"

namespace ward {

/// \p U adapted for Clang: with its resource directory, and without -Werror, because its warnings may differ from those of the compiler.
Unit forClang(Unit U);

/// Checks \p U, parsed as \p Parse says. Records in \p Trace the files that the result depends on. Changes the working directory of the process. Options that Clang
/// does not support are dropped.
UnitResult checkUnit(const Unit &U, const CheckSelection &Selection, const ParseMode &Parse, FileTrace &Trace);

} // namespace ward

#endif // WARD_TOOLS_RUN_UNITCHECK_H
