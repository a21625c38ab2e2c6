// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef WARD_CAPTURE_MUTABLEGLOBALCHECK_H
#define WARD_CAPTURE_MUTABLEGLOBALCHECK_H

#include "base/WardCheck.h"

namespace ward {

/// Finds mutable globals, static members and static locals that threads access without a lock.
class MutableGlobalCheck : public WardCheck {
public:
  using WardCheck::WardCheck;
  void analyse(UnitFlow &Unit) override;
};

} // namespace ward

#endif // WARD_CAPTURE_MUTABLEGLOBALCHECK_H
