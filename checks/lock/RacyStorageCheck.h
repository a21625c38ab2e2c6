// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef WARD_LOCK_RACYSTORAGECHECK_H
#define WARD_LOCK_RACYSTORAGECHECK_H

#include "base/WardCheck.h"

namespace ward {

/// Finds memory that several threads use though its declaration makes them collide: bit-fields, packed bools, volatile.
class RacyStorageCheck : public WardCheck {
public:
  using WardCheck::WardCheck;
  void analyse(UnitFlow &Unit) override;
};

} // namespace ward

#endif // WARD_LOCK_RACYSTORAGECHECK_H
