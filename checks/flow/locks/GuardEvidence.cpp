// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/locks/GuardEvidence.h"

#include <algorithm>

namespace ward {
namespace {

constexpr int LikelyFrom = 3, SureFrom = 7;
constexpr llvm::StringLiteral Names[] = {"none", "hint", "likely", "sure"};

unsigned percentHolding(const GuardEvidence &E) { return 100 * E.Holding / std::max(E.Holding + E.Lacking, 1U); }

/// Two accesses or more, and two thirds of all, hold the lock.
bool mostHold(const GuardEvidence &E) { return E.Holding >= 2 && 3 * E.Holding >= 2 * (E.Holding + E.Lacking); }

// One entry a term. docs/evidence.md has the same table, and a test compares them.
constexpr EvidenceTerm Terms[] = {
    {"the lock is held for nothing else", 3, [](const GuardEvidence &E) { return E.OnlyReason >= 1; }},
    {"in two functions", 1, [](const GuardEvidence &E) { return E.OnlyReason >= 2; }},
    {"every write holds the lock", 2, [](const GuardEvidence &E) { return E.HoldingWrites && !E.LackingWrites; }},
    {"the lock belongs to the same object", 1, [](const GuardEvidence &E) { return E.IsTogether; }},
    {"the class has no other lock", 1, [](const GuardEvidence &E) { return E.IsTogether && E.IsOnlyLock; }},
    {"an assertion that the lock is held", 2, [](const GuardEvidence &E) { return E.IsAsserted; }},
    {"a wait on the lock depends on it", 3, [](const GuardEvidence &E) { return E.IsAwaited; }},
    {"always used beside data that the lock guards", 1, [](const GuardEvidence &E) { return E.IsBesideGuarded && !E.OnlyReason; }},
    {"a thread of the object's own", 1, [](const GuardEvidence &E) { return E.IsShared; }},
    {"three functions hold the lock", 1, [](const GuardEvidence &E) { return E.HoldingFunctions >= 3; }},
    {"two thirds of the accesses hold the lock", 2, [](const GuardEvidence &E) { return mostHold(E); }},
    {"at least 90 % of them", 1, [](const GuardEvidence &E) { return E.Holding >= 3 && percentHolding(E) >= 90; }},
    {"less than a third holds it", -1, [](const GuardEvidence &E) { return percentHolding(E) < 33 && percentHolding(E) >= 15; }},
    {"less than one in seven holds it", -3, [](const GuardEvidence &E) { return percentHolding(E) < 15; }},
    {"other data explains the lock", -1, [](const GuardEvidence &E) { return !E.OnlyReason && !E.IsAwaited; }},
    {"half of the writes do without it", -2, [](const GuardEvidence &E) { return !E.OnlyReason && !mostHold(E) && E.LackingWrites >= E.HoldingWrites && E.LackingWrites; }},
    {"the lock belongs to another object", -3, [](const GuardEvidence &E) { return E.IsOfSomebodyElse; }},
    {"callers in other files may hold it", -3, [](const GuardEvidence &E) { return E.IsOfCallers && E.HoldingFunctions < 2; }},
    {"a class of more than 12 fields", -1, [](const GuardEvidence &E) { return E.Fields > 12 && !E.OnlyReason; }},
    {"eight places read without it, in a class of more than 30 fields", -8, [](const GuardEvidence &E) { return E.Fields > 30 && E.Lacking >= 8 && !E.LackingWrites; }},
};

} // namespace

std::optional<Confidence> confidenceNamed(llvm::StringRef Name) {
  for (Confidence Level : {Confidence::Hint, Confidence::Likely, Confidence::Sure})
    if (Name == nameOf(Level))
      return Level;
  return std::nullopt;
}

llvm::StringRef nameOf(Confidence Level) { return Names[static_cast<size_t>(Level)]; }

llvm::ArrayRef<EvidenceTerm> evidenceTerms() { return Terms; }

llvm::SmallVector<const EvidenceTerm *, 8> termsOf(const GuardEvidence &Evidence) {
  llvm::SmallVector<const EvidenceTerm *, 8> Result;
  for (const EvidenceTerm &Term : Terms)
    if (Term.Applies(Evidence))
      Result.push_back(&Term);
  return Result;
}

Confidence weigh(const GuardEvidence &Evidence) {
  if (!Evidence.Holding || !(Evidence.HoldingWrites + Evidence.LackingWrites))
    return Confidence::None;
  int Sum = 0;
  for (const EvidenceTerm *Term : termsOf(Evidence))
    Sum += Term->Weight;
  return Sum >= SureFrom ? Confidence::Sure : Sum >= LikelyFrom ? Confidence::Likely : Confidence::Hint;
}

} // namespace ward
