// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef WARD_CAPTURE_NONSYNCSHARECHECK_H
#define WARD_CAPTURE_NONSYNCSHARECHECK_H

#include "capture/CrossingCheck.h"

namespace ward {

/// Finds references, pointers and views passed to another thread to objects that are not Sync (safe to use from several threads).
class NonSyncShareCheck : public CrossingCheck {
public:
  NonSyncShareCheck(llvm::StringRef Name, clang::tidy::ClangTidyContext *Context);
};

} // namespace ward

#endif // WARD_CAPTURE_NONSYNCSHARECHECK_H
