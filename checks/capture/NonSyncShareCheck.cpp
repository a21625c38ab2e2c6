// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "capture/NonSyncShareCheck.h"

namespace ward {

NonSyncShareCheck::NonSyncShareCheck(llvm::StringRef Name, clang::tidy::ClangTidyContext *Context)
    : CrossingCheck(Name, Context, Crossing::Borrow) {}

} // namespace ward
