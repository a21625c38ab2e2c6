// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "program/ProgramFacts.h"

#include "llvm/ADT/Hashing.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace ward {

ArrayRef<StringRef> wholeProgramChecks() {
  static const StringRef Checks[] = {"ward-missing-lock", "ward-lock-order", "ward-relock", "ward-discarded-guard", "ward-lost-wakeup"};
  return Checks;
}

std::string ProgramSymbol::qualifiedName() const {
  StringRef Class = StringRef(Scope).rsplit("::").second;
  Class = Class.empty() ? StringRef(Scope) : Class;
  return What != Field || Class.empty() || Class.starts_with("(") ? Name : (Class + "::" + Name).str();
}

std::string ProgramFacts::print(Id Root, ArrayRef<Id> Steps) const {
  std::string Result = Root == None || Root == Somewhere ? "" : symbol(Root).Name;
  bool IsPointer = false;
  for (Id Step : Steps) {
    if (Step == None) {
      Result += "[...]";
      IsPointer = false;
      continue;
    }
    const ProgramSymbol &Field = symbol(Step);
    // The inside of a library's class: a reserved name, declared outside of the project.
    bool IsInternal = StringRef(Field.Name).starts_with("_") && Field.At.File != None && sys::path::is_absolute(files()[Field.At.File]);
    if (IsInternal)
      continue;
    if (!Result.empty())
      Result += IsPointer ? "->" : ".";
    Result += Field.Name;
    IsPointer = Field.IsPointer;
  }
  return Result;
}

size_t ProgramFacts::PathHash::operator()(const ProgramPath &Path) const {
  return hash_combine(Path.Root, hash_combine_range(Path.Steps.begin(), Path.Steps.end()));
}

Id ProgramFacts::intern(ProgramPath Path) {
  auto [It, New] = PathIds.try_emplace(std::move(Path), Paths.size());
  if (New)
    Paths.push_back(&It->first); // the map's nodes do not move
  return It->second;
}

Id ProgramFacts::parameter(Id Function, uint32_t Index) const {
  auto It = Parameters.find(uint64_t(Function) << 32 | Index);
  return It == Parameters.end() ? None : It->second;
}

} // namespace ward
