// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef WARD_CAPTURE_SHAREDNONSYNCCHECK_H
#define WARD_CAPTURE_SHAREDNONSYNCCHECK_H

#include "capture/CrossingCheck.h"

namespace ward {

/// Finds shared pointers passed to another thread to objects that are not both Send and Sync (safe to share between threads).
class SharedNonSyncCheck : public CrossingCheck {
public:
  SharedNonSyncCheck(llvm::StringRef Name, clang::tidy::ClangTidyContext *Context);
  void analyse(UnitFlow &Unit) override;

private:
  /// One pointer object that one thread modifies while another uses it.
  void reportPointers(UnitFlow &Unit);
  /// Pointers with an alias, a deleter or an object of a derived class that their type does not name.
  void reportKept(UnitFlow &Unit);
};

} // namespace ward

#endif // WARD_CAPTURE_SHAREDNONSYNCCHECK_H
