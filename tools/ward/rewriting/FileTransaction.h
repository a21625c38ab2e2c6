// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Replaces several files together: all of them, or none.
#ifndef WARD_TOOLS_REWRITING_FILETRANSACTION_H
#define WARD_TOOLS_REWRITING_FILETRANSACTION_H

#include "llvm/Support/Error.h"

#include <map>
#include <string>

namespace ward {

/// Replaces the content of each file, by its real path. They keep their permissions.
///
/// All contents are written and flushed first, to unnamed files where the file system has them, so that a full disk or a killed process
/// leaves nothing behind. Then a process of its own session renames them into place, which takes microseconds; a journal in \p Root lets
/// the next run undo that, should even this process be killed, or the machine fail.
llvm::Error replaceTogether(const std::map<std::string, std::string> &Contents, llvm::StringRef Root);

/// Undoes what a transaction in \p Root has begun and not completed. Returns whether there was one.
llvm::Expected<bool> undoInterrupted(llvm::StringRef Root);

} // namespace ward

#endif // WARD_TOOLS_REWRITING_FILETRANSACTION_H
