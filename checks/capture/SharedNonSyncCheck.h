// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef WARD_CAPTURE_SHAREDNONSYNCCHECK_H
#define WARD_CAPTURE_SHAREDNONSYNCCHECK_H

#include "capture/CrossingCheck.h"

namespace ward {

/// Finds shared pointers given to another thread to objects that two threads must not use at once.
class SharedNonSyncCheck : public CrossingCheck {
public:
  SharedNonSyncCheck(llvm::StringRef Name, clang::tidy::ClangTidyContext *Context);
  void analyse(UnitFlow &Unit) override;

private:
  /// The same pointer object, changed by one thread and used by another.
  void reportPointers(UnitFlow &Unit);
};

} // namespace ward

#endif // WARD_CAPTURE_SHAREDNONSYNCCHECK_H
