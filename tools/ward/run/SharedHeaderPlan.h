// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which units share which precompiled headers of the standard library. Most of a unit's time goes into those headers, and with the same flags
/// they are the same in every unit.
///
/// A unit gets shared headers only if that can't change its meaning: it includes all of them anyway; no file of its own defines or undefines a
/// macro whose name occurs in them, or includes one of them inside braces, or has a pragma that changes how code is parsed. If it does not
/// compile with them, it is compiled again without.
#ifndef WARD_TOOLS_RUN_SHAREDHEADERPLAN_H
#define WARD_TOOLS_RUN_SHAREDHEADERPLAN_H

#include "project/UnitOptions.h"
#include "run/ResultCache.h"
#include "run/TidyRun.h"

#include <memory>
#include <unordered_map>

namespace ward {

class SharedHeaderPlan {
public:
  /// For the units of \p P numbered \p Units, which are about to be analysed. Keeps in \p Cache what it compiles. Without effect if fewer units than
  /// pay for it have the same flags.
  SharedHeaderPlan(const Project &P, llvm::ArrayRef<size_t> Units, ResultCache &Cache, const UnitOptions &Options);

  /// The headers for unit \p Number; null if it gets none.
  const SharedHeaders *of(size_t Number) const {
    auto Found = ByUnit.find(Number);
    return Found == ByUnit.end() ? nullptr : Found->second;
  }

private:
  std::vector<std::unique_ptr<SharedHeaders>> All;
  std::unordered_map<size_t, const SharedHeaders *> ByUnit;
};

} // namespace ward

#endif // WARD_TOOLS_RUN_SHAREDHEADERPLAN_H
