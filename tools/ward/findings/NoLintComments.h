// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// NOLINT comments that name Ward's checks, and which of them suppress nothing.
#ifndef WARD_TOOLS_FINDINGS_NOLINTCOMMENTS_H
#define WARD_TOOLS_FINDINGS_NOLINTCOMMENTS_H

#include "findings/Finding.h"

#include "llvm/ADT/STLFunctionalExtras.h"

namespace ward {

/// Marks the \p Findings that a comment in the current sources suppresses as Hidden. A comment counts at the place of a finding and in the
/// macros that define the code there.
void hideCommented(std::vector<Finding> &Findings);

/// \p Text, the content of a source file, with each NOLINT in a comment misspelled, so that clang-tidy's engine reports all findings. Offsets stay.
/// None if there is no such comment.
std::optional<std::string> withoutNoLint(llvm::StringRef Text);

/// Whether \p Text has a NOLINT comment that names a check of Ward's.
bool namesWardInNoLint(llvm::StringRef Text);

/// A finding for each name of Ward's checks in a NOLINT comment of \p Files that suppresses none of \p Findings. \p IsOn tells whether a check
/// was run on a file: comments for other checks are not judged.
std::vector<Finding> unusedNoLints(llvm::ArrayRef<std::string> Files, llvm::ArrayRef<Finding> Findings,
                                   llvm::function_ref<bool(llvm::StringRef File, llvm::StringRef Check)> IsOn);

} // namespace ward

#endif // WARD_TOOLS_FINDINGS_NOLINTCOMMENTS_H
