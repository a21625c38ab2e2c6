// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef WARD_LOCK_RACYSTORAGECHECK_H
#define WARD_LOCK_RACYSTORAGECHECK_H

#include "base/WardCheck.h"

namespace ward {

/// Finds declarations that make accesses by several threads race: adjacent bit-fields, packed bools, volatile.
class RacyStorageCheck : public WardCheck {
public:
  using WardCheck::WardCheck;
  void analyse(UnitFlow &Unit) override;
};

} // namespace ward

#endif // WARD_LOCK_RACYSTORAGECHECK_H
