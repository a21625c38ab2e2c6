// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "findings/Rating.h"

#include "project/CompileDatabase.h"

#include "llvm/ADT/StringMap.h"

#include <map>

using namespace llvm;

namespace ward {
namespace {

struct Term {
  StringRef Text;
  Severity Means;
};

/// Terms at the beginning of a message, after "possible". test/tools/ward/severity.test compares them with the messages.
const Term Beginnings[] = {
    {"use-after-free: ", Severity::UseAfterFree},        {"use-after-invalidation: ", Severity::UseAfterFree},
    {"iterator invalidation: ", Severity::UseAfterFree}, {"deadlock: ", Severity::Deadlock},
    {"data race: ", Severity::DataRace},                 {"atomicity violation: ", Severity::DataRace},
    {"check-then-act race: ", Severity::DataRace},       {"lost wakeup: ", Severity::LostWakeup},
};

/// Parts of messages that are milder than the rest of their check.
const Term Parts[] = {
    {"is locked and unlocked manually; use a guard", Severity::Style},
    {"a detached thread cannot be joined", Severity::Style},
    {"nothing runs concurrently", Severity::Contention},
    {"this loop busy-waits", Severity::Contention},
};

auto placeOf(const Finding &F) { return std::tie(F.Main.File, F.Main.At.Line, F.Main.At.Column, F.Check, F.Main.Text); }

} // namespace

Severity severityOf(StringRef Check, StringRef Text) {
  StringRef Rest = Text;
  Rest.consume_front("possible ");
  for (const Term &T : Beginnings)
    if (Rest.starts_with(T.Text))
      return T.Means;
  for (const Term &T : Parts)
    if (Text.contains(T.Text))
      return T.Means;
  const CheckInfo *Info = checkNamed(Check);
  return Info ? Info->Worst : Severity::Style;
}

void rate(std::vector<Finding> &Findings) {
  for (Finding &F : Findings) {
    F.Worst = severityOf(F.Check, F.Main.Text);
    if (F.Level == Confidence::None)
      F.Level = StringRef(F.Main.Text).starts_with("possible ") || StringRef(F.Main.Text).contains(" may ") ? Confidence::Likely : Confidence::Sure;
  }
}

StringRef firstQuoted(StringRef Text) { return Text.split('\'').second.split('\'').first; }

void identify(std::vector<Finding> &Findings, StringRef Root) {
  StringMap<unsigned> Seen;
  for (Finding &F : Findings) {
    F.Print = F.fingerprint(shown(F.Main.File, Root));
    F.Print += ":" + std::to_string(++Seen[F.Print]);
  }
}

void sortBy(Order By, std::vector<Finding> &Findings) {
  auto Rank = [&](const Finding &F) {
    bool Worst = By == Order::Severity;
    return std::tuple(Worst ? static_cast<int>(F.Worst) : 0, Worst ? -static_cast<int>(F.Level) : 0,
                      By == Order::Check ? StringRef(F.Check) : StringRef());
  };
  auto IsBefore = [&](const Finding &A, const Finding &B) {
    return std::tuple_cat(Rank(A), placeOf(A)) < std::tuple_cat(Rank(B), placeOf(B));
  };
  llvm::sort(Findings, IsBefore);
  std::map<StringRef, const Finding *> First;
  for (const Finding &F : Findings)
    if (!F.Group.empty())
      First.try_emplace(F.Group, &F);
  std::vector<std::pair<size_t, size_t>> Numbers; // of the first finding of its defect, and its own
  for (size_t I = 0; I != Findings.size(); ++I) {
    const Finding &F = Findings[I];
    Numbers.emplace_back(F.Group.empty() ? I : First[F.Group] - Findings.data(), I);
  }
  llvm::sort(Numbers);
  std::vector<Finding> Sorted;
  for (const auto &[Of, Own] : Numbers)
    Sorted.push_back(std::move(Findings[Own]));
  Findings = std::move(Sorted);
}

} // namespace ward
