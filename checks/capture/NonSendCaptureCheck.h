// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef WARD_CAPTURE_NONSENDCAPTURECHECK_H
#define WARD_CAPTURE_NONSENDCAPTURECHECK_H

#include "capture/CrossingCheck.h"

namespace ward {

/// Finds values passed to another thread whose type is not Send (must not move to another thread).
class NonSendCaptureCheck : public CrossingCheck {
public:
  NonSendCaptureCheck(llvm::StringRef Name, clang::tidy::ClangTidyContext *Context);
  void analyse(UnitFlow &Unit) override;

private:
  void reportThrown(UnitFlow &Unit);
};

} // namespace ward

#endif // WARD_CAPTURE_NONSENDCAPTURECHECK_H
