// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "project/Manifest.h"

#include "llvm/ADT/STLExtras.h"

#include <iterator>

using namespace llvm;

namespace ward {

const llvm::StringLiteral UnusedNoLint = "ward-unused-nolint", UnusedBaseline = "ward-unused-baseline";

namespace {

Tier tier(StringRef Name) { return Name == "default" ? Tier::Default : Name == "strict" ? Tier::Strict : Tier::All; }

struct SeverityName {
  StringRef Name, Title;
};

const SeverityName Severities[] = {
    {"use-after-free", "Use after free"}, {"deadlock", "Deadlocks"},          {"data-race", "Data races"}, {"lost-wakeup", "Lost wakeups"},
    {"termination", "Program termination"}, {"contention", "Contention"}, {"style", "Style"},
};

Severity severity(StringRef Name) {
  for (size_t I = 0; I != std::size(Severities); ++I)
    if (Severities[I].Name == Name)
      return static_cast<Severity>(I);
  return Severity::Style;
}

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
#define WARD_CHECK_INFO(Name, TierName, SeverityName, Summary) {Name, tier(TierName), severity(SeverityName), Summary, pageOf(Name)},
#include "WardCheckInfos.inc"
#undef WARD_CHECK_INFO
};

const std::vector<ProfileOption> Options = {
#define WARD_PROFILE_OPTION(TierName, Name, Value) {tier(TierName), Name, Value},
#include "WardProfileOptions.inc"
#undef WARD_PROFILE_OPTION
};

const CheckInfo OwnRules[] = {
    {UnusedNoLint, Tier::Default, Severity::Style, "Finds NOLINT comments for Ward's checks that suppress no finding.", ""},
    {UnusedBaseline, Tier::Default, Severity::Style, "Finds entries of the baseline that match no finding.", ""},
};

} // namespace

StringRef nameOf(Severity S) { return Severities[static_cast<size_t>(S)].Name; }
StringRef titleOf(Severity S) { return Severities[static_cast<size_t>(S)].Title; }

ArrayRef<CheckInfo> allChecks() { return Checks; }
ArrayRef<CheckInfo> ownRules() { return OwnRules; }

const CheckInfo *checkNamed(StringRef Name) {
  for (ArrayRef<CheckInfo> List : {allChecks(), ownRules()})
    for (const CheckInfo &C : List)
      if (C.Name == Name)
        return &C;
  return nullptr;
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
