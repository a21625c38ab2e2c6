// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef WARD_CAPTURE_ALIASEDEXCLUSIVECHECK_H
#define WARD_CAPTURE_ALIASEDEXCLUSIVECHECK_H

#include "base/WardCheck.h"
#include "capture/AliasedArguments.h"
#include "capture/CellBorrows.h"
#include "capture/Invalidation.h"

namespace ward {

/// Finds objects that are modified while an argument, reference or iterator that is used afterwards still refers to them.
class AliasedExclusiveCheck : public CxxCheck {
public:
  using CxxCheck::CxxCheck;
  void analyse(UnitFlow &Unit) override;

private:
  void report(const AliasedPair &Pair, const clang::SourceManager &Sources);
  void report(const Invalidation &Change, const clang::SourceManager &Sources);
  void report(const CellConflict &Conflict, const clang::SourceManager &Sources);
};

} // namespace ward

#endif // WARD_CAPTURE_ALIASEDEXCLUSIVECHECK_H
