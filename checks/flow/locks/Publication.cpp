// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/locks/Publication.h"

#include "flow/UnitFlow.h"
#include "model/Callables.h"

#include "clang/Basic/SourceManager.h"

using namespace clang;

namespace ward {
namespace {

/// The writes of \p Group after construction.
llvm::SmallVector<const SharedAccess *, 4> writesOf(const SharedAccesses::Group &Group) {
  llvm::SmallVector<const SharedAccess *, 4> Result;
  for (const SharedAccess &Access : Group.Accesses)
    if (Access.IsWrite && !Access.IsOwn && !Access.IsIndirect)
      Result.push_back(&Access);
  return Result;
}

const FunctionEntry *onceEntry(const CallExpr *Call, CatalogIndex &Names) {
  const FunctionEntry *Entry = Call && Call->getDirectCallee() ? Names.function(Call->getDirectCallee()) : nullptr;
  return Entry && Entry->Effect == FunctionEffect::Once ? Entry : nullptr;
}

} // namespace

bool Publication::isPublished(const SharedAccess &Access, const SharedAccesses::Group &Group) {
  if (Access.IsWrite)
    return runsOnce(*Access.In);
  Writes All = writesOf(Group);
  return !All.empty() && (isAfterOnce(Access, All) || isAfterFlag(Access, All) || isOfFirstComer(Access, All));
}

bool Publication::isBefore(const Stmt *A, const Stmt *B) const {
  return Flow.model().context().getSourceManager().isBeforeInTranslationUnit(A->getBeginLoc(), B->getBeginLoc());
}

/// It is a closure of std::call_once, or only such closures call it.
bool Publication::runsOnce(const FunctionModel &Function) {
  auto [It, New] = Once.try_emplace(&Function, false); // in a recursion: no
  if (!New)
    return It->second;
  const CallGraph &Calls = Flow.calls();
  // (In C, few functions are declared static; one that is only named to be called once is not called elsewhere either.)
  bool IsNamed = llvm::any_of(Calls.into(Function), [&](unsigned I) { return Calls.edges()[I].IsClosureArgument && !isClosure(Function.Function); });
  bool Result = (Calls.callers(Function) == Callers::Known || IsNamed) && !Calls.into(Function).empty();
  for (unsigned I : Calls.into(Function)) {
    const CallEdge &Edge = Calls.edges()[I];
    Result = Result && ((Edge.IsClosureArgument && onceEntry(dyn_cast<CallExpr>(Edge.Site), Flow.model().names())) || runsOnce(*Edge.Caller));
  }
  return Once[&Function] = Result;
}

bool Publication::isAfterOnce(const SharedAccess &Access, const Writes &All) {
  bool Called = llvm::any_of(Access.In->Calls, [&](const CallExpr *Call) {
    return onceEntry(Call, Flow.model().names()) && isBefore(Call, Access.Where);
  });
  return Called && llvm::all_of(All, [&](const SharedAccess *Write) { return runsOnce(*Write->In); });
}

/// Each write is between a look at an atomic flag and its store, and the access is behind a look at the same flag.
bool Publication::isAfterFlag(const SharedAccess &Access, const Writes &All) {
  AtomicOperations &Atomics = Flow.atomics();
  auto Looks = [&](const AtomicOperation &Operation, const Stmt *At) {
    return Operation.Action == AtomicAction::Load && isBefore(Operation.Where, At);
  };
  for (const AtomicOperation &Seen : Atomics.in(*Access.In)) {
    if (!Looks(Seen, Access.Where) || Seen.Relaxed)
      continue;
    bool IsFlag = llvm::all_of(All, [&](const SharedAccess *Write) {
      const std::vector<AtomicOperation> &There = Atomics.in(*Write->In);
      auto IsSame = [&](const AtomicOperation &Other) { return Other.Path.lastField() && Other.Path.lastField() == Seen.Path.lastField(); };
      return llvm::any_of(There, [&](const AtomicOperation &Look) { return IsSame(Look) && Looks(Look, Write->Where); }) &&
             llvm::any_of(There, [&](const AtomicOperation &Store) {
               return IsSame(Store) && Store.Action == AtomicAction::Store && !Store.Relaxed && isBefore(Write->Where, Store.Where);
             });
    });
    if (IsFlag)
      return true;
  }
  return false;
}

/// The same function has written it before, and what it looks at under the lock before that, to let only the first thread pass, is
/// written by this function alone.
bool Publication::isOfFirstComer(const SharedAccess &Access, const Writes &All) {
  if (llvm::any_of(All, [&](const SharedAccess *Write) {
        return Write->In != Access.In || Write->Held.empty() || !isBefore(Write->Where, Access.Where);
      }))
    return false;
  return llvm::any_of(Groups, [&](const SharedAccesses::Group &Flag) {
    if (Flag.Subject == Access.Subject || !Flag.Subject->getType()->isScalarType())
      return false;
    Writes Sets = writesOf(Flag);
    bool IsRead = llvm::any_of(Flag.Accesses, [&](const SharedAccess &Look) {
      return Look.In == Access.In && !Look.IsWrite && !Look.Held.empty() && isBefore(Look.Where, All.front()->Where);
    });
    return IsRead && !Sets.empty() && llvm::all_of(Sets, [&](const SharedAccess *Set) { return Set->In == Access.In && !Set->Held.empty(); });
  });
}

} // namespace ward
