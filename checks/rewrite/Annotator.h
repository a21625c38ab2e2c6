// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The annotations of a plan, as edits of the declarations that one unit sees.
#ifndef WARD_REWRITE_ANNOTATOR_H
#define WARD_REWRITE_ANNOTATOR_H

#include "flow/UnitFlow.h"
#include "rewrite/RewritePlan.h"
#include "rewrite/UnitEdits.h"

namespace ward {

/// The group of an edit is the USR of the annotated declaration. A declaration that cannot be annotated becomes an obstacle of its group.
void annotateUnit(UnitFlow &Flow, const RewritePlan &Plan, const std::function<std::string(llvm::StringRef)> &NameFile, UnitEdits &Edits);

/// The USR of \p D, or of what it is instantiated from.
std::string usrOf(const clang::Decl *D);

} // namespace ward

#endif // WARD_REWRITE_ANNOTATOR_H
