// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "thread/UnsafeCallOnThreadsCheck.h"

using namespace clang;

namespace ward {

void UnsafeCallOnThreadsCheck::analyse(UnitFlow &Unit) {
  const SourceManager &Sources = Unit.model().context().getSourceManager();
  for (const std::unique_ptr<FunctionModel> &Function : Unit.model().functions())
    for (const GuardVariable &Guard : Function->Guards)
      if (SourceLocation Location = Guard.Variable->getLocation(); claim(Location, Sources))
        diag(Location, "%0 holds a lock until the end of its scope") << Guard.Variable;
}

} // namespace ward
