// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "capture/NonSendCaptureCheck.h"

namespace ward {

NonSendCaptureCheck::NonSendCaptureCheck(llvm::StringRef Name, clang::tidy::ClangTidyContext *Context)
    : CrossingCheck(Name, Context, Crossing::Value) {}

} // namespace ward
