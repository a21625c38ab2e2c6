// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The sources as clang-tidy's engine reads them: without NOLINT comments, so that it reports what they suppress. What is suppressed is
/// decided afterwards, and is part of the report.
#ifndef WARD_TOOLS_RUN_UNCOMMENTEDFILES_H
#define WARD_TOOLS_RUN_UNCOMMENTEDFILES_H

#include "llvm/Support/VirtualFileSystem.h"

#include <set>

namespace ward {

/// \p Base with each NOLINT in a comment misspelled. Adds to \p WithNoLints, which must outlive it, the paths of the files that have a comment
/// for Ward's checks, as they were opened.
llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> withoutNoLints(llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> Base,
                                                               std::set<std::string> &WithNoLints);

} // namespace ward

#endif // WARD_TOOLS_RUN_UNCOMMENTEDFILES_H
