// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "model/AccessKinds.h"

#include "model/CallEffects.h"

using namespace clang;

namespace ward {

const FunctionAccesses &classifyAccesses(const FunctionModel &Function, UnitModel &Unit) {
  return CallEffects::of(Unit).accesses(Function.Function, Function.Body);
}

WrittenParameters writtenParameters(const FunctionDecl *Definition, UnitModel &Unit) {
  WrittenParameters Result;
  const CallEffects::Summary *Does = CallEffects::of(Unit).summary(Definition);
  if (!Does)
    return Result;
  for (unsigned I = 0; I != Does->size(); ++I) {
    const CallEffects::Parameter &Of = (*Does)[I];
    if (Of.Writes || Of.WritesTarget)
      Result.Surely.push_back(static_cast<int>(I) - 1);
    else
      Result.IfWrittenBy.append(Of.Guesses.begin(), Of.Guesses.end());
  }
  return Result;
}

} // namespace ward
