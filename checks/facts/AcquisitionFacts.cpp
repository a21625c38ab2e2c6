// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The facts about the locks that functions acquire.
#include "facts/UnitFacts.h"

#include "model/StmtParents.h"

using namespace clang;

namespace ward {

llvm::json::Array UnitFacts::acquisitions(const FunctionModel &Function) {
  // The same acquisition for different values of the function's flags is one.
  std::vector<AcquiredLock> Found;
  Flow.acquired().forEachOwn(Function, [&](AcquiredLock Acquired) {
    if (!isReported(startOf(Acquired.Where)))
      return;
    auto Known = llvm::find_if(Found, [&](const AcquiredLock &Other) {
      return Other.Where == Acquired.Where && Other.Lock.Mutex == Acquired.Lock.Mutex && Other.Lock.Mode == Acquired.Lock.Mode;
    });
    if (Known == Found.end()) {
      Found.push_back(std::move(Acquired));
      return;
    }
    Known->When |= Acquired.When;
    Known->AfterRelease |= Acquired.AfterRelease;
    Known->Tries |= Acquired.Tries;
    for (const AccessPath &Path : Acquired.Released)
      if (!llvm::is_contained(Known->Released, Path))
        Known->Released.push_back(Path);
  });
  llvm::json::Array Result;
  for (const AcquiredLock &Acquired : Found) {
    llvm::json::Object One{{"at", Symbols.place(startOf(Acquired.Where))}, {"lock", lock(Acquired.Lock)}};
    auto Set = [&](llvm::StringRef Key, bool Value) {
      if (Value)
        One[Key] = true;
    };
    FlagStates Possible = Flow.lockSets(Function).flags().atEntry();
    Set("sure", Acquired.Lock.Type && !Acquired.Lock.Type->MayBeReentrant && !Acquired.Lock.Type->IsGuess);
    Set("tries", Acquired.Tries);
    Set("after", Acquired.AfterRelease);
    Set("asks", Acquired.DependsOnParameter || (Possible & ~Acquired.When));
    if (!Acquired.Released.empty())
      One["rel"] = paths(Acquired.Released);
    setHeld(One, Function, Acquired.Where, nullptr);
    Result.push_back(std::move(One));
  }
  return Result;
}

} // namespace ward
