// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef WARD_THREAD_THREADBEFOREMEMBERSCHECK_H
#define WARD_THREAD_THREADBEFOREMEMBERSCHECK_H

#include "base/WardCheck.h"

namespace ward {

/// Finds threads that run before the members that they use are initialised, or after these are destroyed.
class ThreadBeforeMembersCheck : public WardCheck {
public:
  using WardCheck::WardCheck;
  void analyse(UnitFlow &Unit) override;
};

} // namespace ward

#endif // WARD_THREAD_THREADBEFOREMEMBERSCHECK_H
