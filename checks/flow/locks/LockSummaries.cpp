// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/locks/LockSummaries.h"

#include "flow/UnitFlow.h"
#include "model/Annotations.h"

using namespace clang;

namespace ward {
namespace {

/// \p Path is rooted in what the caller can name too.
bool isVisibleToCaller(const AccessPath &Path, const FunctionDecl *Function) {
  const VarDecl *Root = Path.root();
  if (!Root || Root->hasGlobalStorage())
    return true;
  const auto *Parameter = dyn_cast<ParmVarDecl>(Root);
  return Parameter && cast<Decl>(Parameter->getDeclContext())->getCanonicalDecl() == Function->getCanonicalDecl();
}

bool isNamedAssertion(const FunctionDecl *Function) {
  if (!Function->getDeclName().isIdentifier())
    return false;
  llvm::StringRef Name = Function->getName();
  return Name.starts_with_insensitive("assert") && Name.contains_insensitive("held") && !Name.contains_insensitive("not");
}

/// `mutex.AssertHeld()`, a convention of wrappers in large projects, with several spellings and no annotation.
bool assertsHeld(const FunctionDecl *Function, LockTypes &Types) {
  const auto *Method = dyn_cast<CXXMethodDecl>(Function);
  return isNamedAssertion(Function) && Method && !Method->isStatic() && Method->getNumParams() == 0 &&
         Types.mutex(Method->getFunctionObjectParameterType());
}

/// `AssertLockHeld(mutex)`: the parameter that is a lock; null if there is none, or several.
const ParmVarDecl *assertsParameterHeld(const FunctionDecl *Function, LockTypes &Types) {
  const auto *Method = dyn_cast<CXXMethodDecl>(Function);
  if (!isNamedAssertion(Function) || (Method && !Method->isStatic()))
    return nullptr;
  const ParmVarDecl *Found = nullptr;
  for (const ParmVarDecl *Parameter : Function->parameters())
    if ((Parameter->getType()->isReferenceType() || Parameter->getType()->isPointerType()) &&
        Types.mutex(Parameter->getType())) {
      if (Found)
        return nullptr;
      Found = Parameter;
    }
  return Found;
}

} // namespace

bool LockSummaries::mayHaveEffect(const FunctionModel &Function) {
  if (!ByHand) {
    // From the functions that lock or unlock by hand to their callers.
    ByHand.emplace();
    llvm::DenseMap<const FunctionModel *, llvm::SmallVector<const FunctionModel *, 2>> Callers;
    llvm::SmallVector<const FunctionModel *> Work;
    for (const auto &Caller : Flow.model().functions()) {
      if (Caller->CallsLocks && ByHand->insert(Caller.get()).second)
        Work.push_back(Caller.get());
      for (const CallExpr *Call : Caller->Calls)
        if (const FunctionModel *Callee = Flow.model().function(Call->getDirectCallee()))
          Callers[Callee].push_back(Caller.get());
    }
    while (!Work.empty())
      for (const FunctionModel *Caller : Callers.lookup(Work.pop_back_val()))
        if (ByHand->insert(Caller).second)
          Work.push_back(Caller);
  }
  return ByHand->contains(&Function);
}

std::unique_ptr<LockSummary> LockSummaries::annotated(const FunctionDecl *Function) {
  LockTypes &Types = Flow.model().types();
  auto Result = std::make_unique<LockSummary>();
  for (const AnnotatedLock &Lock : acquiredLocks(Function, Types.names()))
    if (Lock.Path)
      Result->Acquired.push_back(lockAt(Lock.Path, Lock.Mode, Types));
  if (Result->Acquired.empty()) {
    for (const AnnotatedLock &Lock : assertedLocks(Function, Types.names()))
      if (Lock.Path)
        Result->Acquired.push_back(lockAt(Lock.Path, Lock.Mode, Types));
    if (Result->Acquired.empty() && assertsHeld(Function, Types))
      Result->Acquired.push_back(lockAt(AccessPath::ofThis(), LockMode::Exclusive, Types));
    if (Result->Acquired.empty())
      if (const ParmVarDecl *Parameter = assertsParameterHeld(Function, Types))
        Result->Acquired.push_back(lockAt(AccessPath::ofVariable(Parameter), LockMode::Exclusive, Types));
    Result->Asserts = !Result->Acquired.empty();
  }
  for (const AnnotatedLock &Lock : releasedLocks(Function, Types.names()))
    if (LockRef Ref = lockAt(Lock.Path, Lock.Mode, Types); Ref.Mutex)
      Result->Released.push_back(*Ref.Mutex);
  return Result->Acquired.empty() && Result->Released.empty() ? nullptr : std::move(Result);
}

std::unique_ptr<LockSummary> LockSummaries::byBody(const FunctionModel &Function, FlagStates Only) {
  const LockSets &Locks = Flow.lockSets(Function);
  std::optional<LockSet> End = Locks.atReturn(Only);
  if (!End)
    return nullptr;
  auto Result = std::make_unique<LockSummary>();
  bool Acquires = llvm::any_of(End->Must.set_bits(), [&](unsigned Site) {
    return Locks.sites()[Site].Call && !Locks.sites()[Site].Asserts && !End->Renamed.test(Site);
  });
  // A function whose body asserts that a lock is held does so for its caller.
  Result->Asserts = !Acquires && End->Must.any();
  for (unsigned Site : End->Must.set_bits())
    if (!End->Renamed.test(Site) && Locks.sites()[Site].Call && Locks.sites()[Site].Asserts == Result->Asserts)
      for (const LockRef &Ref : Locks.sites()[Site].Locked)
        if (Ref.Mutex && isVisibleToCaller(*Ref.Mutex, Function.Function) &&
            llvm::none_of(Result->Acquired, [&](const LockRef &Other) { return Other.Mutex == Ref.Mutex; }))
          Result->Acquired.push_back(Ref);
  for (unsigned Path : End->Released.set_bits())
    if (isVisibleToCaller(Locks.releasedPaths()[Path], Function.Function))
      Result->Released.push_back(Locks.releasedPaths()[Path]);
  // A lock that it requires is held at the return too, whatever the body does.
  LockTypes &Types = Flow.model().types();
  for (const AnnotatedLock &Required : requiredLocks(Function.Function, Types.names()))
    if (LockRef Kept = lockAt(Required.Path, Required.Mode, Types); Kept.Mutex) {
      llvm::erase_if(Result->Acquired, [&](const LockRef &Ref) { return Ref.Mutex == Kept.Mutex; });
      llvm::erase(Result->Released, *Kept.Mutex);
    }
  return Result->Acquired.empty() && Result->Released.empty() ? nullptr : std::move(Result);
}

const LockSummary *LockSummaries::of(const FunctionDecl *Function) {
  if (!Function)
    return nullptr;
  Function = Function->getCanonicalDecl();
  auto [It, New] = Known.try_emplace(Function); // null while it is computed: a recursive call has no effect
  if (!New)
    return It->second.get();
  std::unique_ptr<LockSummary> Answer = annotated(Function);
  if (!Answer)
    if (const FunctionModel *Body = Flow.model().function(Function); Body && Body->hasKnownLocks() && mayHaveEffect(*Body))
      Answer = byBody(*Body, ~0U);
  std::unique_ptr<LockSummary> &Slot = Known[Function];
  Slot = std::move(Answer);
  return Slot.get();
}

const LockSummary *LockSummaries::of(const CallExpr *Call) {
  const FunctionDecl *Callee = Call->getDirectCallee();
  const LockSummary *Whole = of(Callee);
  const FunctionModel *Body = Callee ? Flow.model().function(Callee) : nullptr;
  // Only a function that is known already: a recursive call has no effect.
  if (!Body || !Body->hasKnownLocks() || !Body->touchesLocks() || !mayHaveEffect(*Body) || !Flow.isAnalysed(*Body) ||
      annotated(Callee->getCanonicalDecl()))
    return Whole;
  const LockFlags &Flags = Flow.lockSets(*Body).flags();
  if (!Flags.anyParameter())
    return Whole;
  FlagStates Only = Flags.startedBy(CallSite::of(Call), Flags, 0, /*OnlyConstants=*/true);
  if (Only == Flags.all())
    return Whole;
  auto [It, New] = KnownFor.try_emplace({Body, Only});
  if (New)
    It->second = byBody(*Body, Only);
  return It->second.get();
}

} // namespace ward
