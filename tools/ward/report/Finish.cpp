// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "findings/NoLintComments.h"
#include "report/Report.h"

#include "llvm/ADT/StringSet.h"

using namespace llvm;

namespace ward {

void finish(Report &R, ThirdParty *Others) {
  hideCommented(R.Findings);
  rate(R.Findings);
  group(R.Findings, R.Root);
  identify(R.Findings, R.Root);
  StringSet<> Elsewhere;
  if (Others) {
    for (const Finding &F : R.Findings)
      if (StringRef Folder = Others->folderOf(F.Main.File); !Folder.empty() && F.Hidden == Suppression::None) {
        Elsewhere.insert(F.Group);
        R.ThirdPartyFolders.insert(Folder.str());
      }
    erase_if(R.Findings, [&](const Finding &F) { return !Others->folderOf(F.Main.File).empty(); });
    erase_if(R.NoLints, [&](const std::string &File) { return !Others->folderOf(File).empty(); });
    for (const Finding &F : R.Findings) // a defect that is also in the project's own code is reported there
      Elsewhere.erase(F.Group);
  }
  R.ThirdParty = Elsewhere.size();
  for (Finding &F : R.Findings)
    if (F.Hidden != Suppression::None)
      R.Hidden.push_back(F);
  erase_if(R.Findings, [](const Finding &F) { return F.Hidden != Suppression::None; });
}

} // namespace ward
