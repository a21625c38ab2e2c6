// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "findings/ApplyFixes.h"

#include "project/CompileDatabase.h"
#include "driver/Hash.h"
#include "driver/WholeFile.h"

#include "clang/Tooling/Core/Replacement.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/MemoryBuffer.h"

#include <map>

using namespace clang::tooling;
using namespace llvm;

namespace ward {
namespace {

using FileChanges = std::map<std::string, Replacements>;

class Fixer {
public:
  explicit Fixer(StringRef Root) : Root(Root) {}

  /// Plans the fix of \p F; false if it cannot be applied.
  bool plan(const Finding &F) {
    for (size_t I = 0; I < F.Fix.size(); ++I)
      if (!isUnchanged(F.Fix[I].File, F.FixedFiles[I]))
        return false;
    FileChanges With = Changes;
    for (const Edit &E : F.Fix)
      if (Error Problem = With[E.File].add(Replacement(E.File, E.Offset, E.Length, E.Text))) {
        consumeError(std::move(Problem));
        Outcome.Problems.push_back(shown(F.Main.File, Root) + ":" + std::to_string(F.Main.At.Line) +
                                   ": not fixed, because the fix overlaps another one; run again to apply it");
        return false;
      }
    Changes = std::move(With);
    return true;
  }

  /// Writes the planned changes. Returns the files that could not be written.
  StringSet<> write() {
    StringSet<> Failed;
    for (const auto &[File, Change] : Changes) {
      Expected<std::string> After = applyAllReplacements(Contents[File], Change);
      Error Problem = After ? writeWhole(File, *After) : After.takeError();
      if (Problem) {
        Outcome.Problems.push_back(toString(std::move(Problem)));
        Outcome.Failed = true;
        Failed.insert(File);
      }
    }
    return Failed;
  }

  FixOutcome Outcome;

private:
  bool isUnchanged(const std::string &File, StringRef Digest) {
    auto [Place, New] = Contents.try_emplace(File);
    if (New)
      if (ErrorOr<std::unique_ptr<MemoryBuffer>> Buffer = MemoryBuffer::getFile(File))
        Place->second = (*Buffer)->getBuffer().str();
    if (toHex(digestOf(Place->second), /*LowerCase=*/true) == Digest)
      return true;
    if (Reported.insert(File).second)
      Outcome.Problems.push_back(shown(File, Root) + ": not fixed, because the file has changed since it was checked");
    return false;
  }

  StringRef Root;
  FileChanges Changes;
  std::map<std::string, std::string> Contents;
  StringSet<> Reported;
};

} // namespace

FixOutcome applyFixes(std::vector<Finding> Findings, StringRef Root) {
  Fixer Fix(Root);
  std::vector<bool> Planned;
  for (const Finding &F : Findings)
    Planned.push_back(!F.Fix.empty() && Fix.plan(F));
  StringSet<> Failed = Fix.write();
  for (size_t I = 0; I < Findings.size(); ++I) {
    if (Planned[I] && none_of(Findings[I].Fix, [&](const Edit &E) { return Failed.contains(E.File); }))
      ++Fix.Outcome.Fixed;
    else
      Fix.Outcome.Left.push_back(std::move(Findings[I]));
  }
  return std::move(Fix.Outcome);
}

} // namespace ward
