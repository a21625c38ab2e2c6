// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "rewriting/Rewrite.h"

#include "driver/Command.h"
#include "driver/Hash.h"
#include "findings/ThirdParty.h"
#include "rewriting/FileTransaction.h"
#include "rewriting/UnifiedDiff.h"
#include "run/ProjectRun.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace llvm;

namespace ward {

Expected<Project> projectToRewrite(const UnitOptions &Units) {
  Expected<Project> P = Units.project(/*Whole=*/true);
  if (!P)
    return P;
  Expected<bool> Undone = undoInterrupted(P->Root);
  if (!Undone)
    return Undone.takeError();
  if (*Undone)
    warning() << "a rewriting of this project was interrupted; its changes were undone\n";
  for (const std::string &Problem : P->Problems)
    warning() << Problem << "; entry ignored\n";
  return P;
}

bool Rewrite::collect(const Project &P, const RewritePlan &Plan, const UnitOptions &Units, Report &R) {
  CheckSelection Selection;
  Selection.FactsRoot = P.Root;
  Selection.OnlyFacts = true;
  Selection.Plan = &Plan;
  ResultCache None("");
  return ProjectRun(P, Selection, None, Units).work(R, [&](size_t, UnitResult *Result, StringRef) {
    Expected<json::Value> Line = json::parse(Result ? Result->Facts : "null");
    const json::Object *Unit = Line ? Line->getAsObject() : nullptr;
    if (const json::Object *Edits = Unit ? Unit->getObject("facts") : nullptr)
      add(*Edits);
    if (!Line)
      consumeError(Line.takeError());
  });
}

bool Rewrite::add(const json::Object &Unit) {
  const json::Array *Edits = Unit.getArray("edits"), *Read = Unit.getArray("digests"), *Found = Unit.getArray("obstacles");
  if (!Edits || !Read || !Found)
    return false;
  auto Text = [](const json::Array &Row, unsigned I) { return Row[I].getAsString().value_or("").str(); };
  for (const json::Value &Each : *Edits)
    if (const json::Array *Row = Each.getAsArray(); Row && Row->size() == 5)
      Files[Text(*Row, 1)][Change{(*Row)[2].getAsUINT64().value_or(0), (*Row)[3].getAsUINT64().value_or(0), Text(*Row, 4)}].insert(Text(*Row, 0));
  for (const json::Value &Each : *Read)
    if (const json::Array *Row = Each.getAsArray(); Row && Row->size() == 2) {
      auto [It, New] = Digests.try_emplace(Text(*Row, 0), Text(*Row, 1));
      if (!New && It->second != Text(*Row, 1))
        It->second = "changed"; // between two units
    }
  for (const json::Value &Each : *Found)
    if (const json::Array *Row = Each.getAsArray(); Row && Row->size() == 4)
      Obstacles.insert({Text(*Row, 0), Text(*Row, 1), (*Row)[2].getAsInteger().value_or(0), Text(*Row, 3)});
  if (const json::Array *Waits = Unit.getArray("waits"))
    for (const json::Value &Each : *Waits)
      if (const json::Array *Row = Each.getAsArray(); Row && Row->size() == 2)
        Condvars[Text(*Row, 0)].insert(Text(*Row, 1));
  return true;
}

std::string Rewrite::readFile(const std::string &File) const {
  ErrorOr<std::unique_ptr<MemoryBuffer>> Buffer = MemoryBuffer::getFile(File);
  return Buffer ? (*Buffer)->getBuffer().str() : "";
}

int64_t Rewrite::lineOf(const std::string &File, uint64_t Offset) const {
  std::string Text = readFile(File);
  return 1 + StringRef(Text).take_front(Offset).count('\n');
}

void Rewrite::drop(const std::string &Group, std::string File, uint64_t Offset, std::string Why) {
  int64_t Line = lineOf(File, Offset);
  Obstacles.insert({Group, std::move(File), Line, std::move(Why)});
}

void Rewrite::only(function_ref<bool(const std::string &)> Wanted) {
  for (auto File = Files.begin(); File != Files.end();) {
    for (auto It = File->second.begin(); It != File->second.end();) {
      std::erase_if(It->second, [&](const std::string &Group) { return !Wanted(Group); });
      It = It->second.empty() ? File->second.erase(It) : std::next(It);
    }
    File = File->second.empty() ? Files.erase(File) : std::next(File);
  }
}

void Rewrite::restrictTo(ArrayRef<std::string> Paths) {
  if (Paths.empty())
    return;
  auto IsWanted = [&](const std::string &File) { return any_of(Paths, [&](const std::string &Path) { return isWithin(File, realPath(Path)); }); };
  std::erase_if(Files, [&](const auto &File) { return !IsWanted(File.first); });
  std::erase_if(Obstacles, [&](const Obstacle &Each) { return !Each.File.empty() && !IsWanted(Each.File); });
}

void Rewrite::onlyWithin(ArrayRef<std::string> Paths) {
  std::set<std::string> Outside;
  for (const auto &[File, Changes] : Files)
    if (none_of(Paths, [&, &Name = File](const std::string &Path) { return isWithin(Name, realPath(Path)); }))
      for (const auto &[Edit, Groups] : Changes)
        for (const std::string &Group : Groups)
          if (Outside.insert(Group).second)
            drop(Group, File, Edit.Offset, "the file is not among those that the command line names");
  only([&](const std::string &Group) { return !Outside.count(Group); });
}

void Rewrite::settle() {
  ThirdParty Others(Root, {});
  for (const auto &[File, Changes] : Files) {
    bool IsOutside = !isWithin(File, Root) || !Others.folderOf(File).empty();
    for (const auto &[Edit, Groups] : Changes)
      if (IsOutside)
        for (const std::string &Group : Groups)
          drop(Group, File, Edit.Offset, "the file is not one of the project");
  }
  for (bool Again = true; Again;) {
    std::set<std::string> Stopped;
    for (const Obstacle &Each : Obstacles)
      Stopped.insert(Each.Group);
    only([&](const std::string &Group) { return !Stopped.count(Group); });
    Again = false;
    for (const auto &[File, Changes] : Files) {
      const std::pair<const Change, std::set<std::string>> *Last = nullptr;
      for (const auto &Each : Changes) {
        bool Overlaps = Last && (Each.first.Offset < Last->first.Offset + Last->first.Length ||
                                 (Each.first.Offset == Last->first.Offset && Each.first.Length && Last->first.Length));
        if (Overlaps) {
          const std::string &Loser = *Each.second.rbegin();
          bool IsSame = Last->second.count(Loser);
          drop(Loser, File, Each.first.Offset, IsSame ? "units differ in what is needed here" : "another rewriting changes the same code; run again");
          Again = true;
          break;
        }
        if (!Last || Each.first.Offset + Each.first.Length >= Last->first.Offset + Last->first.Length)
          Last = &Each;
      }
    }
  }
}

std::set<std::string> Rewrite::groups() const {
  std::set<std::string> Result;
  for (const auto &File : Files)
    for (const auto &Each : File.second)
      Result.insert(Each.second.begin(), Each.second.end());
  return Result;
}

std::map<std::string, std::string> Rewrite::contents() const {
  std::map<std::string, std::string> Result;
  for (const auto &[File, Changes] : Files) {
    std::string Before = readFile(File), After;
    uint64_t At = 0;
    for (const auto &Each : Changes) {
      const Change &Edit = Each.first;
      After += StringRef(Before).slice(At, Edit.Offset);
      After += Edit.Text;
      At = std::max(At, Edit.Offset + Edit.Length);
    }
    After += StringRef(Before).drop_front(std::min<uint64_t>(At, Before.size()));
    if (After != Before)
      Result[File] = std::move(After);
  }
  return Result;
}

std::string Rewrite::diff() const {
  std::string Result;
  for (const auto &[File, After] : contents())
    Result += unifiedDiff(shown(File, Root), readFile(File), After);
  return Result;
}

Error Rewrite::write() const {
  std::map<std::string, std::string> After = contents();
  for (const auto &[File, Content] : After) {
    auto Known = Digests.find(File);
    if (Known == Digests.end() || toHex(digestOf(readFile(File)), /*LowerCase=*/true) != Known->second)
      return createStringError(inconvertibleErrorCode(), "%s has changed since it was read; nothing was changed", shown(File, Root).c_str());
  }
  return After.empty() ? Error::success() : replaceTogether(After, Root);
}

} // namespace ward
