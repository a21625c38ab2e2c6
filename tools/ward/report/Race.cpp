// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "report/Race.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Regex.h"

using namespace llvm;

namespace ward {
namespace {

/// What a note is about: the place of the finding, the other access, or neither (a declaration, advice).
enum class Part { Own, Other, Aside };

Part partOf(StringRef Note) {
  static const Regex Aside("(according to its declaration|is declared here|without the lock|^(use|add|call|check|join|exchange)[ (])");
  static const Regex Own("(by this thread$|^this thread |^loaded here|^checked |^'[^']*' is (read|written) here$)");
  static const Regex Other("(at the same time|while holding|^(and )?(written|read|modified|accessed)( |$)|by that thread|^the thread is started here)");
  return Aside.match(Note) ? Part::Aside : Own.match(Note) ? Part::Own : Other.match(Note) ? Part::Other : Part::Aside;
}

/// Adds the locks that \p Text says are held or not.
void addLocks(StringRef Text, Race::Side &To) {
  static const Regex Holding("while holding '([^']*)'"), Shared("while '([^']*)' is held"), Lacking("without holding '([^']*)'");
  auto Add = [&](const Regex &Pattern, std::vector<std::string> &Locks) {
    SmallVector<StringRef, 2> Parts;
    if (Pattern.match(Text, &Parts) && !is_contained(Locks, Parts[1]))
      Locks.push_back(Parts[1].str());
  };
  Add(Holding, To.Holds);
  Add(Shared, To.Holds);
  Add(Lacking, To.Lacks);
}

} // namespace

std::optional<Race> raceOf(const Finding &F) {
  if (F.Worst != Severity::DataRace)
    return std::nullopt;
  Race Result;
  Result.A.HasMain = true;
  addLocks(F.Main.Text, Result.A);
  for (size_t I = 0; I != F.Notes.size(); ++I) {
    StringRef Text = F.Notes[I].Text;
    Part Of = F.Notes[I].File.empty() ? Part::Aside : partOf(Text);
    if (Of == Part::Aside)
      continue;
    Race::Side &Side = Of == Part::Own ? Result.A : Result.B;
    Side.Notes.push_back(I);
    addLocks(Text, Side);
  }
  return Result.B.Notes.empty() ? std::nullopt : std::optional(Result);
}

} // namespace ward
