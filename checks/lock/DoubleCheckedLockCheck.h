// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef WARD_LOCK_DOUBLECHECKEDLOCKCHECK_H
#define WARD_LOCK_DOUBLECHECKEDLOCKCHECK_H

#include "base/WardCheck.h"

namespace ward {

/// Finds double-checked locking without the second check, or whose first check is not ordered after the writes that it relies on.
class DoubleCheckedLockCheck : public WardCheck {
public:
  using WardCheck::WardCheck;
  void analyse(UnitFlow &Unit) override;
};

} // namespace ward

#endif // WARD_LOCK_DOUBLECHECKEDLOCKCHECK_H
