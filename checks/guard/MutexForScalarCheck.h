// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef WARD_GUARD_MUTEXFORSCALARCHECK_H
#define WARD_GUARD_MUTEXFORSCALARCHECK_H

#include "base/WardCheck.h"

namespace ward {

/// Finds mutexes that protect a single number, flag or pointer, for which an atomic is enough.
class MutexForScalarCheck : public CxxCheck {
public:
  using CxxCheck::CxxCheck;
  void analyse(UnitFlow &Unit) override;

private:
  void checkOwning(const clang::ValueDecl *Lock, UnitFlow &Unit);
};

} // namespace ward

#endif // WARD_GUARD_MUTEXFORSCALARCHECK_H
