// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/Hash.h"
#include "findings/Rating.h"
#include "project/CompileDatabase.h"

#include "llvm/ADT/EquivalenceClasses.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Regex.h"

using namespace llvm;

namespace ward {
namespace {

/// A note that a chain of calls leads through, or ends in.
bool isOfChain(StringRef Text) {
  static const Regex Step("^(called here|acquired again here|.* (runs|calls) .* here(, which .*)?|.* destroys .*, which .*)$");
  return Step.match(Text);
}

bool isDeclaration(StringRef Text) { return Text.ends_with("is declared here") || Text.ends_with("according to its declaration"); }

std::string at(const Message &M) {
  return M.File + ":" + std::to_string(M.At.Line) + ":" + std::to_string(M.At.Column);
}

/// What findings of one defect have in common. Each key is of the check, so that no two checks share one.
class Keys {
public:
  explicit Keys(const Finding &F) : F(F) {
    std::set<std::pair<std::string, std::string>> Locks = lockPairsOf(F);
    bool IsCycle = !Locks.empty() && F.Worst == Severity::Deadlock;
    const Message *Cause = &F.Main;
    for (const Message &Note : F.Notes) {
      if (Note.File.empty() || !isOfChain(Note.Text))
        break;
      Cause = &Note;
    }
    if (IsCycle) {
      std::string Cycle;
      for (const auto &[Held, Acquired] : Locks)
        Cycle += Held + " < " + Acquired + "; ";
      add("cycle " + Cycle);
    }
    if (F.Main.File.empty() || IsCycle)
      return;
    // Two variables at one place are two defects; an operation or lock is one, wherever the call of it is.
    if (Cause != &F.Main)
      add("place " + at(*Cause));
    else if (F.Worst == Severity::Deadlock || F.Worst == Severity::Contention)
      add("place " + at(F.Main));
    if (F.Worst != Severity::DataRace && F.Worst != Severity::LostWakeup)
      return;
    std::string Subject = firstQuoted(F.Main.Text).str();
    for (const Message &Note : F.Notes)
      if (Note.File.empty())
        continue;
      else if (isDeclaration(Note.Text))
        add("declared " + at(Note));
      else if (!Subject.empty())
        add("of " + Subject + " " + at(Note));
  }

  ArrayRef<std::string> all() const { return All; }

private:
  void add(const std::string &Key) { All.push_back(F.Check + " " + Key); }

  const Finding &F;
  std::vector<std::string> All;
};

/// \p F without what differs between the places of one defect and between versions of the code: the text of its group is that of the first.
std::string identityOf(const Finding &F, StringRef Root) { return hashed("group " + F.fingerprint(shown(F.Main.File, Root))); }

} // namespace

std::set<std::pair<std::string, std::string>> lockPairsOf(const Finding &F) {
  static const Regex Pair("^'([^']*)' is held here[^']*'([^']*)'");
  auto Plain = [](StringRef Name) {
    // The unit knows types that the program does not, so one may write `->` where the other writes a dot.
    std::string Result;
    for (size_t At = 0; At != Name.size(); ++At)
      if (Name.substr(At).starts_with("->"))
        Result += '.', ++At;
      else
        Result += Name[At];
    return Result;
  };
  std::set<std::pair<std::string, std::string>> Result;
  SmallVector<StringRef, 3> Parts;
  for (const Message &Note : F.Notes)
    if (Pair.match(Note.Text, &Parts))
      Result.insert({Plain(Parts[1]), Plain(Parts[2])});
  return Result;
}

void group(std::vector<Finding> &Findings, StringRef Root) {
  EquivalenceClasses<size_t> Same;
  StringMap<size_t> First;
  for (size_t I = 0; I != Findings.size(); ++I) {
    const Finding &F = Findings[I];
    Same.insert(I);
    auto Join = [&](StringRef Key) {
      auto [Other, New] = First.try_emplace(Key, I);
      if (!New)
        Same.unionSets(Other->second, I);
    };
    Keys Own(F);
    for (const std::string &Key : Own.all())
      Join(Key);
    if (!F.Group.empty())
      Join(F.Check + " group " + F.Group);
  }
  std::vector<std::string> Names(Findings.size());
  StringSet<> Taken;
  for (size_t I = 0; I != Findings.size(); ++I) {
    std::string &Name = Names[Same.getLeaderValue(I)];
    if (Name.empty()) {
      Name = identityOf(Findings[I], Root);
      for (unsigned Again = 2; !Taken.insert(Name).second; ++Again)
        Name = hashed(identityOf(Findings[I], Root) + std::to_string(Again));
    }
  }
  for (size_t I = 0; I != Findings.size(); ++I)
    Findings[I].Group = Names[Same.getLeaderValue(I)];
}

} // namespace ward
