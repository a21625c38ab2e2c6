// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef WARD_LOCK_SPLITCRITICALSECTIONCHECK_H
#define WARD_LOCK_SPLITCRITICALSECTIONCHECK_H

#include "base/WardCheck.h"

namespace ward {

/// Finds a check under a lock whose result is used in a later critical section of the same lock, when it may no longer hold.
class SplitCriticalSectionCheck : public WardCheck {
public:
  using WardCheck::WardCheck;
  void analyse(UnitFlow &Unit) override;
};

} // namespace ward

#endif // WARD_LOCK_SPLITCRITICALSECTIONCHECK_H
