// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "capture/SharedNonSyncCheck.h"

namespace ward {

SharedNonSyncCheck::SharedNonSyncCheck(llvm::StringRef Name, clang::tidy::ClangTidyContext *Context)
    : CrossingCheck(Name, Context, Crossing::Shared) {}

} // namespace ward
