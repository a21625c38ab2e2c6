// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "model/SystemHeaders.h"

using namespace clang;

namespace ward {

bool isInSystemHeader(SourceLocation Location, const SourceManager &Sources) {
  if (Location.isInvalid())
    return false;
  Location = Sources.getExpansionLoc(Location);
  return Sources.isInSystemHeader(Location) || Sources.getFilename(Location).starts_with("/usr/include/");
}

bool isInSystemMacro(SourceLocation Location, const SourceManager &Sources) {
  if (!Location.isMacroID())
    return false;
  // A token pasted from others has no location in a file: it belongs to the macro that pastes it.
  SourceLocation Spelled = Sources.getSpellingLoc(Location);
  if (Sources.isWrittenInScratchSpace(Spelled) || Sources.isWrittenInBuiltinFile(Spelled))
    return isInSystemHeader(Sources.getSpellingLoc(Sources.getImmediateMacroCallerLoc(Location)), Sources) || Sources.isInSystemMacro(Location);
  return isInSystemHeader(Spelled, Sources);
}

} // namespace ward
