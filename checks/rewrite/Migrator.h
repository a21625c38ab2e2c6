// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The migrations of a plan, as edits of the code that one unit sees.
#ifndef WARD_REWRITE_MIGRATOR_H
#define WARD_REWRITE_MIGRATOR_H

#include "flow/UnitFlow.h"
#include "rewrite/RewritePlan.h"
#include "rewrite/UnitEdits.h"

namespace ward {

/// The group of an edit is the USR of the mutex. What stands in the way of a migration becomes an obstacle of its group.
void migrateUnit(UnitFlow &Flow, const RewritePlan &Plan, UnitEdits &Edits);

} // namespace ward

#endif // WARD_REWRITE_MIGRATOR_H
