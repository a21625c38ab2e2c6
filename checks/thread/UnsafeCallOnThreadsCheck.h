// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef WARD_THREAD_UNSAFECALLONTHREADSCHECK_H
#define WARD_THREAD_UNSAFECALLONTHREADSCHECK_H

#include "base/WardCheck.h"

namespace ward {

/// Finds calls of functions with a static result or hidden state that two threads can make at the same time.
class UnsafeCallOnThreadsCheck : public WardCheck {
public:
  using WardCheck::WardCheck;
  void analyse(UnitFlow &Unit) override;
};

} // namespace ward

#endif // WARD_THREAD_UNSAFECALLONTHREADSCHECK_H
