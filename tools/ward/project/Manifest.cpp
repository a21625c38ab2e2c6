// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "project/Manifest.h"

#include "llvm/ADT/STLExtras.h"

#include <iterator>

using namespace llvm;

namespace ward {
namespace {

Tier tier(StringRef Name) { return Name == "default" ? Tier::Default : Name == "strict" ? Tier::Strict : Tier::All; }

struct Page {
  StringRef Name, Text;
};

const Page Pages[] = {
#include "CheckPages.inc"
};

StringRef pageOf(StringRef Check) {
  for (const Page &P : Pages)
    if (StringRef Name = P.Name; Name.consume_back(".md") && Name == Check)
      return P.Text;
  return {};
}

const CheckInfo Checks[] = {
#define WARD_CHECK_INFO(Name, TierName, Summary) {Name, tier(TierName), Summary, pageOf(Name)},
#include "WardCheckInfos.inc"
#undef WARD_CHECK_INFO
};

const std::vector<ProfileOption> Options = {
#define WARD_PROFILE_OPTION(TierName, Name, Value) {tier(TierName), Name, Value},
#include "WardProfileOptions.inc"
#undef WARD_PROFILE_OPTION
};

} // namespace

ArrayRef<CheckInfo> allChecks() { return Checks; }

const CheckInfo *checkNamed(StringRef Name) {
  const CheckInfo *Found = find_if(Checks, [&](const CheckInfo &C) { return C.Name == Name; });
  return Found == std::end(Checks) ? nullptr : Found;
}

std::string profile(Tier Last) {
  std::string Result = "-*";
  for (const CheckInfo &C : Checks)
    if (C.In <= Last)
      Result += "," + C.Name.str();
  return Result;
}

std::vector<ProfileOption> profileOptions(Tier Of) {
  std::vector<ProfileOption> Result;
  copy_if(Options, std::back_inserter(Result), [&](const ProfileOption &O) { return O.Of == Of; });
  return Result;
}

} // namespace ward
