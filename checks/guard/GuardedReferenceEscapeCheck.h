// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef WARD_GUARD_GUARDEDREFERENCEESCAPECHECK_H
#define WARD_GUARD_GUARDEDREFERENCEESCAPECHECK_H

#include "base/WardCheck.h"

namespace ward {

/// Finds pointers, references, iterators and views to guarded data that are used after the lock is released.
class GuardedReferenceEscapeCheck : public WardCheck {
public:
  using WardCheck::WardCheck;
  void analyse(UnitFlow &Unit) override;

private:
  void checkFunction(const FunctionModel &Function, UnitFlow &Unit);
  void checkSite(const FunctionModel &Function, unsigned Site, UnitFlow &Unit);
  /// A lambda that a data-owning lock runs while it is held.
  void checkRunLocked(const FunctionModel &Lambda, const clang::CallExpr *Call, UnitFlow &Unit);
  struct Escape;
  void report(const Escape &Found, UnitFlow &Unit);
};

} // namespace ward

#endif // WARD_GUARD_GUARDEDREFERENCEESCAPECHECK_H
