// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/locks/LockContext.h"

#include "flow/UnitFlow.h"
#include "model/Annotations.h"

#include <deque>

using namespace clang;

namespace ward {
namespace {

const LockList NoLocks;

/// The field that is the mutex of \p Ref, whatever its object.
const FieldDecl *memberOf(const LockRef &Ref) { return Ref.Mutex ? Ref.Mutex->lastField() : Ref.Member; }

/// \p Ref without its object; none if its mutex is no field.
std::optional<LockRef> ofSomeObject(const LockRef &Ref) {
  const FieldDecl *Member = memberOf(Ref);
  if (!Member)
    return std::nullopt;
  return LockRef{std::nullopt, std::nullopt, Ref.Mode, Ref.Type, Member};
}

const LockRef *memberIn(const LockList &List, const FieldDecl *Member) {
  const LockRef *Found = llvm::find_if(List, [&](const LockRef &Ref) { return memberOf(Ref) == Member; });
  return Found == List.end() ? nullptr : Found;
}

/// The locks of \p A that are in \p B too: by path, or else by the mutex's field, without its object. Shared mode if
/// one of them is.
LockList intersect(const LockList &A, const LockList &B) {
  LockList Result;
  for (const LockRef &Ref : A) {
    const LockRef *Other = Ref.Mutex ? lockIn(B, *Ref.Mutex) : nullptr;
    std::optional<LockRef> Common = Other ? std::optional(Ref) : ofSomeObject(Ref);
    if (!Other && Common)
      Other = memberIn(B, Common->Member);
    if (!Other || (!Common->Mutex && memberIn(Result, Common->Member)))
      continue;
    if (Other->Mode == LockMode::Shared)
      Common->Mode = LockMode::Shared;
    Result.push_back(std::move(*Common));
  }
  return Result;
}

bool isSame(const LockList &A, const LockList &B) {
  return A.size() == B.size() && llvm::all_of(A, [&](const LockRef &Ref) {
           const LockRef *Other = Ref.Mutex ? lockIn(B, *Ref.Mutex) : Ref.Member ? memberIn(B, Ref.Member) : nullptr;
           return Other && Other->Mode == Ref.Mode && Other->Mutex.has_value() == Ref.Mutex.has_value();
         });
}

void append(LockList &To, const LockSite &Site, bool Renamed) {
  if (Renamed || Site.Locked.empty()) {
    To.push_back({});
    return;
  }
  To.append(Site.Locked.begin(), Site.Locked.end());
}

} // namespace

bool excludeEachOther(llvm::ArrayRef<LockRef> First, llvm::ArrayRef<LockRef> Second) {
  return llvm::any_of(First, [&](const LockRef &Mine) {
    return llvm::any_of(Second, [&](const LockRef &Theirs) {
      return Mine.Mutex == Theirs.Mutex && (Mine.Mode == LockMode::Exclusive || Theirs.Mode == LockMode::Exclusive);
    });
  });
}

const LockRef *lockIn(llvm::ArrayRef<LockRef> List, const AccessPath &Mutex) {
  const LockRef *Found = nullptr;
  for (const LockRef &Ref : List)
    if (Ref.Mutex && *Ref.Mutex == Mutex && (!Found || Ref.Mode == LockMode::Exclusive))
      Found = &Ref;
  return Found;
}

LockContext::LockContext(UnitFlow &Flow) : Flow(Flow), Calls(Flow.calls()) { solve(); }

const LockContext::Points &LockContext::points(const FunctionModel &Function) {
  auto [It, New] = Cache.try_emplace(&Function);
  Points &Result = It->second;
  if (!New || !Flow.acquiresOrReleases(Function))
    return Result;
  const LockSets &Locks = Flow.lockSets(Function);
  Result.IsKnown = Locks.known();
  const LockSet *Last = nullptr;
  LockSet Copy;
  Locks.forEach([&](const Stmt *S, const LockSet &State) {
    if (!Last || Copy.May != State.May || Copy.Must != State.Must || Copy.Renamed != State.Renamed ||
        Copy.Released != State.Released) {
      Copy = State;
      Last = &Copy;
      Point Next;
      for (unsigned Site : State.May.set_bits()) {
        // What only asks whether a lock is held says nothing where the answer was no.
        if (Locks.sites()[Site].Asserts && !State.Must.test(Site))
          continue;
        append(Next.May, Locks.sites()[Site], State.Renamed.test(Site));
        if (State.Must.test(Site))
          append(Next.Must, Locks.sites()[Site], State.Renamed.test(Site));
      }
      for (unsigned Path : State.Released.set_bits())
        Next.Released.push_back(Locks.releasedPaths()[Path]);
      Result.All.push_back(std::move(Next));
    }
    Result.At.try_emplace(S, Result.All.size() - 1);
  });
  return Result;
}

const LockContext::Point *LockContext::pointAt(const FunctionModel &Function, const Stmt *S) {
  const Points &Known = points(Function);
  auto It = Known.At.find(S);
  return It == Known.At.end() ? nullptr : &Known.All[It->second];
}

bool LockContext::isUnreachable(const FunctionModel &Function, const Stmt *S) {
  return points(Function).IsKnown && !pointAt(Function, S);
}

LockList LockContext::withCallers(LockList Own, const LockList &OfCallers, const Point *At) {
  for (const LockRef &Ref : OfCallers)
    if ((Ref.Mutex || !Ref.Member) &&
        (!At || llvm::none_of(At->Released, [&](const AccessPath &Path) { return Ref.Mutex == Path; })))
      Own.push_back(Ref);
  return Own;
}

LockList LockContext::heldAt(const FunctionModel &Function, const Stmt *S) {
  const Point *At = pointAt(Function, S);
  return withCallers(At ? At->Must : LockList(), heldByCallers(Function), At);
}

LockList LockContext::mayBeHeldAt(const FunctionModel &Function, const Stmt *S) {
  const Point *At = pointAt(Function, S);
  return withCallers(At ? At->May : LockList(), heldByCallers(Function), At);
}

const LockList &LockContext::crediblyRequiredBy(const FunctionModel &Function) {
  const LockList &All = requiredBy(Function);
  return All.empty() || !contradictsRequirement(Function) ? All : NoLocks;
}

bool LockContext::contradictsRequirement(const FunctionModel &Function) {
  auto It = Required.find(&Function);
  if (It == Required.end() || !Flow.acquiresOrReleases(Function))
    return false;
  auto [Known, New] = Contradicted.try_emplace(&Function, false);
  if (!New)
    return Known->second;
  const LockSets &Locks = Flow.lockSets(Function);
  bool Result = llvm::any_of(Locks.sites(), [&](const LockSite &Site) {
    bool Acquires = Site.Guard ? Site.Guard->How.Kind == Acquisition::Locks : !Site.Tries && !Site.Asserts;
    return Acquires && llvm::any_of(Site.Locked, [&](const LockRef &Ref) {
             return Ref.Mutex && !Flow.model().mayBeReentrant(Ref) && lockIn(It->second, *Ref.Mutex) &&
                    !llvm::is_contained(Locks.releasedPaths(), *Ref.Mutex);
           });
  });
  return Contradicted[&Function] = Result;
}

LockList LockContext::orderedBefore(const FunctionModel &Function, const Stmt *S) {
  if (!contradictsRequirement(Function))
    return acquiredAt(Function, S);
  const Point *At = pointAt(Function, S);
  return At ? At->May : LockList();
}

LockList LockContext::acquiredAt(const FunctionModel &Function, const Stmt *S) {
  const Point *At = pointAt(Function, S);
  LockList Result = At ? At->May : LockList();
  return Required.contains(&Function) ? withCallers(std::move(Result), heldByCallers(Function), At) : Result;
}

LockList LockContext::acquiredAt(const CallEdge &Edge) {
  LockList Result = acquiredAt(*Edge.Caller, Edge.Site);
  if (Edge.RunBy && Edge.RunAt)
    for (const LockRef &Ref : acquiredAt(*Edge.RunBy, Edge.RunAt))
      if (std::optional<AccessPath> Path = Ref.Mutex ? atCall(*Ref.Mutex, Edge.How, Flow.model().names()) : std::nullopt)
        Result.push_back(lockAt(std::move(Path), Ref.Mode, Flow.model().types()));
  return Result;
}

LockList LockContext::ownAt(const FunctionModel &Function, const Stmt *S) {
  const Point *At = pointAt(Function, S);
  LockList Result = At ? At->Must : LockList();
  return Required.contains(&Function) && !contradictsRequirement(Function) ? withCallers(std::move(Result), heldByCallers(Function), At) : Result;
}

llvm::ArrayRef<AccessPath> LockContext::releasedAt(const FunctionModel &Function, const Stmt *S) {
  const Point *At = pointAt(Function, S);
  return At ? llvm::ArrayRef<AccessPath>(At->Released) : llvm::ArrayRef<AccessPath>();
}

LockList LockContext::heldAt(const CallEdge &Edge, bool WithKnown) {
  LockTypes &Types = Flow.model().types();
  LockList Result, Here = heldAt(*Edge.Caller, Edge.Site);
  if (WithKnown)
    Here = withCallers(std::move(Here), heldByKnownCallers(*Edge.Caller), pointAt(*Edge.Caller, Edge.Site));
  for (const LockRef &Ref : Here)
    if (std::optional<AccessPath> Path =
            Ref.Mutex ? CallGraph::toCallee(*Ref.Mutex, Edge, Types.names()) : std::nullopt)
      Result.push_back(lockAt(std::move(Path), Ref.Mode, Types));
    else if (std::optional<LockRef> Some = ofSomeObject(Ref))
      Result.push_back(std::move(*Some)); // the callee may reach that object by another path
  llvm::copy_if(heldByCallers(*Edge.Caller), std::back_inserter(Result),
                [](const LockRef &Ref) { return !Ref.Mutex && Ref.Member; });
  // A closure that is passed to a function also runs under the locks that this function holds where it calls the
  // closure.
  if (Edge.RunBy && Edge.RunAt)
    for (const LockRef &Ref : heldAt(*Edge.RunBy, Edge.RunAt))
      if (std::optional<AccessPath> Path = Ref.Mutex ? atCall(*Ref.Mutex, Edge.How, Types.names()) : std::nullopt)
        Result.push_back(lockAt(std::move(Path), Ref.Mode, Types));
  return Result;
}

std::optional<LockList> LockContext::intersectCallers(const FunctionModel &Function, bool WithKnown) {
  std::optional<LockList> Result;
  for (unsigned I : Calls.into(Function)) {
    const CallEdge &Edge = Calls.edges()[I];
    auto Known = Entry.find(Edge.Caller);
    if (Edge.Caller == &Function || isUnreachable(*Edge.Caller, Edge.Site))
      continue;
    // A caller whose own context is unknown, yet or at all, does not count: dead code, callbacks that are stored.
    if (Known != Entry.end() ? !Known->second
                             : Calls.callers(*Edge.Caller) == Callers::Unknown && !Required.contains(Edge.Caller))
      continue;
    // The constructor and destructor of the object need no lock: they are no evidence for other callers.
    if (Flow.confined().isConstructionOrDestruction(*Edge.Caller, Edge.Site))
      continue;
    LockList Held = heldAt(Edge, WithKnown);
    Result = Result ? intersect(*Result, Held) : std::move(Held);
  }
  return Result;
}

void LockContext::solve() {
  LockTypes &Types = Flow.model().types();
  std::deque<const FunctionModel *> Work;
  for (const auto &Function : Flow.model().functions()) {
    LockList Needed;
    for (const AnnotatedLock &Lock : requiredLocks(Function->Function, Types.names()))
      if (Lock.Path)
        Needed.push_back(lockAt(Lock.Path, Lock.Mode, Types));
      else if (Lock.Member)
        Needed.push_back({std::nullopt, std::nullopt, Lock.Mode, Types.mutex(Lock.Member->getType()), Lock.Member});
    // A function that is annotated to release a lock requires it.
    if (Needed.empty() && !isExemptFromLockChecks(Function->Function))
      for (const AnnotatedLock &Lock : releasedLocks(Function->Function, Types.names()))
        if (Lock.Path)
          Needed.push_back(lockAt(Lock.Path, Lock.Mode, Types));
    // A function that releases a lock without having acquired it requires it, annotated or not; but one that returns
    // without the lock is the second half of a pair.
    if (Needed.empty() && Function->CallsLocks && Function->hasKnownLocks())
      Flow.lockSets(*Function).forEachUnmatchedRelease([&](const AccessPath &Path) {
        const LockSummary *Summary = Flow.lockSummaries().of(Function->Function);
        if (!Summary || !llvm::is_contained(Summary->Released, Path))
          Needed.push_back(lockAt(Path, LockMode::Exclusive, Types));
      });
    if (!Needed.empty())
      Required[Function.get()] = std::move(Needed);
    if (!Function->hasKnownLocks() || Calls.callers(*Function) != Callers::Known)
      continue;
    Entry.try_emplace(Function.get()); // all locks, until a caller is visited
    Work.push_back(Function.get());
  }
  // The lists only shrink, and are short: this terminates.
  while (!Work.empty()) {
    const FunctionModel *Function = Work.front();
    Work.pop_front();
    std::optional<LockList> Held = intersectCallers(*Function, /*WithKnown=*/false);
    std::optional<LockList> &Known = Entry[Function];
    if (!Held || (Known && isSame(*Known, *Held)))
      continue;
    Known = std::move(Held);
    for (unsigned I : Calls.outOf(*Function))
      if (const FunctionModel *Callee = Calls.edges()[I].Callee; Entry.contains(Callee))
        Work.push_back(Callee);
  }
}

const LockList &LockContext::heldByCallers(const FunctionModel &Function) {
  if (auto It = Required.find(&Function); It != Required.end())
    return It->second;
  auto It = Entry.find(&Function);
  return It != Entry.end() && It->second ? *It->second : NoLocks;
}

const LockList &LockContext::requiredBy(const FunctionModel &Function) const {
  auto It = Required.find(&Function);
  return It == Required.end() ? NoLocks : It->second;
}

const LockList &LockContext::heldByKnownCallers(const FunctionModel &Function) {
  // The callers first, without recursion: chains of calls may be long. In a cycle, the inner call adds nothing.
  std::vector<std::pair<const FunctionModel *, bool>> Work;
  if (!ByKnownCallers.contains(&Function))
    Work.push_back({&Function, false});
  while (!Work.empty()) {
    auto [Next, CallersDone] = Work.back();
    if (CallersDone) {
      Work.pop_back();
      if (std::optional<LockList> Held = intersectCallers(*Next, /*WithKnown=*/true))
        ByKnownCallers[Next] = std::move(*Held);
    } else if (!ByKnownCallers.try_emplace(Next).second) {
      Work.pop_back();
    } else {
      Work.back().second = true;
      for (unsigned I : Calls.into(*Next))
        if (const FunctionModel *Caller = Calls.edges()[I].Caller; !ByKnownCallers.contains(Caller))
          Work.push_back({Caller, false});
    }
  }
  return ByKnownCallers[&Function];
}

bool LockContext::isCalledLocked(const FunctionModel &Function) {
  return Calls.callers(Function) == Callers::Known && llvm::any_of(Calls.into(Function), [&](unsigned I) {
           const CallEdge &Edge = Calls.edges()[I];
           return (Flow.acquiresOrReleases(*Edge.Caller) || !heldByCallers(*Edge.Caller).empty()) && !heldAt(Edge).empty();
         });
}

bool LockContext::isUnknown(const FunctionModel &Function) {
  if (Required.contains(&Function))
    return false;
  auto It = Entry.find(&Function);
  return It != Entry.end() ? !It->second : Calls.callers(Function) == Callers::Unknown;
}

} // namespace ward
