// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which declarations get which annotations.
#ifndef WARD_TOOLS_REWRITING_ANNOTATIONPLAN_H
#define WARD_TOOLS_REWRITING_ANNOTATIONPLAN_H

#include "rewrite/RewritePlan.h"
#include "rewriting/AnalysedProgram.h"

namespace ward {

/// The project's own macros of annotations, from the header below \p Root that defines the most of them; else those of ward/annotations.h.
AnnotationMacros findMacros(llvm::StringRef Root);

/// The annotations of \p Program: GUARDED_BY and PT_GUARDED_BY of what is guarded, REQUIRES of a function that needs a lock which all its
/// callers hold, EXCLUDES of one that acquires a lock of its object or a global. Only of the class \p Class, unless it is empty.
void planAnnotations(AnalysedProgram &Program, llvm::StringRef Root, llvm::StringRef Class, RewritePlan &Plan);

} // namespace ward

#endif // WARD_TOOLS_REWRITING_ANNOTATIONPLAN_H
