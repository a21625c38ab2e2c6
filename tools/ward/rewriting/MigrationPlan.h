// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which mutexes become locks that own the fields that they guard.
#ifndef WARD_TOOLS_REWRITING_MIGRATIONPLAN_H
#define WARD_TOOLS_REWRITING_MIGRATIONPLAN_H

#include "rewrite/RewritePlan.h"
#include "rewriting/AnalysedProgram.h"

namespace ward {

/// Plans all mutexes that guard fields of their own class, or only those of the class \p Class. A field counts if an annotation names its
/// lock, or \p Program infers it with the confidence \p Least, or if all accesses hold it.
void planMigrations(AnalysedProgram &Program, llvm::StringRef Root, llvm::StringRef Class, Confidence Least, RewritePlan &Plan);

} // namespace ward

#endif // WARD_TOOLS_REWRITING_MIGRATIONPLAN_H
