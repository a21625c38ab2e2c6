// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The facts about the locks that functions acquire.
#include "facts/UnitFacts.h"

#include "facts/JsonMembers.h"

#include "model/Names.h"
#include "model/StmtParents.h"

using namespace clang;

namespace ward {
namespace {

/// The class of the mutex that \p Path leads to.
const TagDecl *classOfLock(const AccessPath &Path) {
  const ValueDecl *Decl = Path.lastField();
  if (!Decl && Path.steps().empty())
    Decl = Path.root();
  return Decl ? classOf(withoutPointers(Decl->getType())) : nullptr;
}

} // namespace

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
    FlagStates Possible = Flow.lockSets(Function).flags().atEntry();
    setIf(One, "sure", Acquired.Lock.Type && !Acquired.Lock.Type->MayBeReentrant && !Acquired.Lock.Type->IsGuess);
    setIf(One, "tries", Acquired.Tries);
    setIf(One, "reacquires", Acquired.AfterRelease);
    setIf(One, "conditional", Acquired.DependsOnParameter || (Possible & ~Acquired.When));
    if (const TagDecl *Class = One.get("sure") ? nullptr : classOfLock(*Acquired.Lock.Mutex))
      One["class"] = Symbols.lockClass(Class);
    setHeld(One, Function, Acquired.Where, nullptr);
    set(One, "released", paths(Acquired.Released));
    Result.push_back(std::move(One));
  }
  return Result;
}

} // namespace ward
