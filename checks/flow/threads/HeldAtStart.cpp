// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/threads/HeldAtStart.h"

using namespace clang;

namespace ward {

HeldAtStart &UnitFlow::heldAtStart() {
  if (!AtStart)
    AtStart = std::make_shared<HeldAtStart>(*this, parallel());
  return *AtStart;
}

HeldAtStart::HeldAtStart(UnitFlow &Flow, ParallelCode &Parallel) : Flow(Flow), Parallel(Parallel), Threads(Flow.spawns().all()) {
  Held.resize(Threads.size());
  for (unsigned I = 0; I != Threads.size(); ++I)
    if (Threads[I].In && Parallel.isThread(I) && Flow.acquiresOrReleases(*Threads[I].In))
      collect(I);
}

void HeldAtStart::collect(unsigned Thread) {
  const FunctionModel &Starter = *Threads[Thread].In;
  const CFG *Graph = Flow.graph(Starter);
  // A pointer that may lead to any lock may release this one.
  bool ReleasesUnknown = llvm::any_of(Starter.Calls, [&](const CallExpr *Call) {
    std::optional<LockEffect> Effect = Flow.model().types().effectOf(Call);
    return Effect && Effect->Effect == FunctionEffect::Unlock && llvm::any_of(Effect->Objects, [&](const Expr *Object) {
             std::optional<AccessPath> Path = pathOf(Object, Flow.model().names());
             return !Path || !Path->root() || !Path->root()->hasGlobalStorage();
           });
  });
  if (!Graph || ReleasesUnknown)
    return;
  for (const LockRef &Ref : Flow.locks().ownAt(Starter, Threads[Thread].Site)) {
    if (!Ref.Mutex || !Ref.Mutex->root() || !Ref.Mutex->root()->hasGlobalStorage())
      continue;
    Holding One{*Ref.Mutex, {}, true};
    // From the start on, as long as it is held.
    llvm::SmallVector<std::pair<const CFGBlock *, bool>, 8> Work;
    llvm::SmallPtrSet<const CFGBlock *, 16> Seen;
    auto Follow = [&](const CFGBlock &Block, bool Begun) {
      for (const CFGElement &Element : Block) {
        std::optional<CFGStmt> S = Element.getAs<CFGStmt>();
        if (!S)
          continue;
        if (Begun && !holds(Starter, S->getStmt(), One.Mutex))
          return;
        if (Begun)
          One.Until.insert(S->getStmt());
        Begun |= S->getStmt() == Threads[Thread].Site;
      }
      for (const CFGBlock *Next : Block.succs())
        if (Begun && Next && Seen.insert(Next).second)
          Work.push_back({Next, true});
    };
    for (const CFGBlock *Block : *Graph)
      Follow(*Block, /*Begun=*/false);
    bool Returns = false;
    while (!Work.empty()) {
      const CFGBlock *Block = Work.pop_back_val().first;
      Returns |= Block == &Graph->getExit();
      Follow(*Block, /*Begun=*/true);
    }
    for (const Stmt *S : Parallel.during(Thread))
      One.IsWhole &= One.Until.contains(S);
    // A thread that is not joined runs on after the function; the lock of main is never released then.
    One.IsWhole &= !Parallel.runsOn(Thread) || (Returns && Starter.Function->isMain());
    if (!llvm::is_contained(Mutexes, One.Mutex))
      Mutexes.push_back(One.Mutex);
    Held[Thread].push_back(std::move(One));
  }
}

const HeldAtStart::Holding *HeldAtStart::holding(unsigned Thread, const AccessPath &Mutex) const {
  for (const Holding &One : Held[Thread])
    if (One.Mutex == Mutex)
      return &One;
  return nullptr;
}

bool HeldAtStart::holds(const FunctionModel &Function, const Stmt *S, const AccessPath &Mutex) {
  LockList Locks = Flow.locks().heldAt(Function, S);
  const LockRef *Found = lockIn(Locks, Mutex);
  return Found && Found->Mode == LockMode::Exclusive;
}

std::optional<llvm::BitVector> HeldAtStart::heldFor(const llvm::BitVector &Of, const AccessPath &Mutex, unsigned Depth) {
  llvm::BitVector Result(Threads.size());
  for (unsigned I : Of.set_bits()) {
    std::optional<llvm::BitVector> One = heldFor(I, Mutex, Depth);
    if (!One)
      return std::nullopt;
    Result |= *One;
  }
  return Of.any() ? std::optional(std::move(Result)) : std::nullopt;
}

std::optional<llvm::BitVector> HeldAtStart::heldFor(unsigned Thread, const AccessPath &Mutex, unsigned Depth) {
  if (const Holding *One = holding(Thread, Mutex); One && One->IsWhole) {
    llvm::BitVector Result(Threads.size());
    Result.set(Thread);
    return Result;
  }
  const FunctionModel *Starter = Threads[Thread].In;
  if (!Depth || !Starter || Parallel.runsOn(Thread) || Parallel.runsOutside(*Starter))
    return std::nullopt;
  return heldFor(Parallel.reaching(*Starter), Mutex, Depth - 1);
}

bool HeldAtStart::isOnStarter(const llvm::BitVector &Of, const FunctionModel &Function) {
  llvm::BitVector On = Parallel.reaching(Function);
  return llvm::any_of(Of.set_bits(), [&](unsigned I) {
    return !Threads[I].In || (Parallel.runsOutside(*Threads[I].In) && Parallel.runsOutside(Function)) ||
           Parallel.reaching(*Threads[I].In).anyCommon(On);
  });
}

bool HeldAtStart::hasAcquired(const FunctionModel &Function, const Stmt *S, const AccessPath &Mutex) {
  const CFG *Graph = Flow.graph(Function);
  if (!Graph || !Flow.acquiresOrReleases(Function))
    return false;
  const LockSets &Locks = Flow.lockSets(Function);
  llvm::DenseSet<const Stmt *> Acquiring;
  for (const LockSite &Site : Locks.sites())
    if (Site.Call && !Site.Tries && !Site.Asserts && Site.locks(Mutex))
      Acquiring.insert(Site.Call);
  if (Acquiring.empty())
    return false;
  // What spreads is that it is not acquired yet: on some path, so not on every path.
  bool Always = true;
  auto Through = [&](const CFGBlock &Block, bool Lacks) -> std::optional<bool> {
    for (const CFGElement &Element : Block)
      if (std::optional<CFGStmt> Each = Element.getAs<CFGStmt>(); Each && Lacks) {
        if (Each->getStmt() == S) {
          Always = false;
          return std::nullopt;
        }
        Lacks = !Acquiring.contains(Each->getStmt());
      }
    return Lacks;
  };
  spread(*Graph, /*AtEntry=*/true, Through, [](const CFGBlock &, unsigned) { return false; });
  return Always;
}

bool HeldAtStart::areApart(const FunctionModel &InA, const Stmt *A, const FunctionModel &InB, const Stmt *B, const AccessPath &Mutex) {
  llvm::BitVector OnA = Parallel.reaching(InA), OnB = Parallel.reaching(InB);
  if (OnA.none() || Parallel.runsOutside(InA))
    return false;
  // The starter of A's thread holds the lock for it, and B's thread, which is another one, holds it too.
  std::optional<llvm::BitVector> ForA = heldFor(OnA, Mutex), ForB = Parallel.runsOutside(InB) ? std::nullopt : heldFor(OnB, Mutex);
  if (ForA && !holds(InA, A, Mutex) && (ForB || holds(InB, B, Mutex)) && !isOnStarter(*ForA, InB)) {
    bool Other = holds(InB, B, Mutex) || llvm::all_of(ForB->set_bits(), [&](unsigned J) { return Threads[J].In && !isOnStarter(*ForA, *Threads[J].In); });
    if (Other)
      return true;
  }
  // A's thread has acquired the lock since, so its starter had released it: B was before that.
  std::optional<llvm::BitVector> Waited = waitedFor(InA, A, Mutex);
  return Waited && llvm::all_of(Waited->set_bits(), [&](unsigned I) {
           const Holding &Mine = *holding(I, Mutex);
           if (&InB == Threads[I].In && OnB.none())
             return Mine.Until.contains(B);
           return ForB && llvm::all_of(ForB->set_bits(), [&](unsigned J) {
                    const Holding *Theirs = holding(J, Mutex);
                    const Expr *Here = Threads[I].Site, *There = Threads[J].Site;
                    return Threads[J].In == Threads[I].In && (Mine.Until.contains(There) || Theirs->Until.contains(Here) ||
                                                              (!Parallel.during(I).contains(There) && !Parallel.during(J).contains(Here)));
                  });
         });
}

std::optional<llvm::BitVector> HeldAtStart::waitedFor(const FunctionModel &InA, const Stmt *A, const AccessPath &Mutex, unsigned Depth) {
  llvm::BitVector On = Parallel.reaching(InA), Result(Threads.size());
  if (On.none() || Parallel.runsOutside(InA))
    return std::nullopt;
  for (unsigned I : On.set_bits()) {
    const FunctionModel *Starter = Threads[I].In;
    if (Flow.spawns().bodyOf(Threads[I]) == &InA && holding(I, Mutex) && hasAcquired(InA, A, Mutex)) {
      Result.set(I);
      continue;
    }
    std::optional<llvm::BitVector> Before = Depth && Starter ? waitedFor(*Starter, Threads[I].Site, Mutex, Depth - 1) : std::nullopt;
    if (!Before)
      return std::nullopt;
    Result |= *Before;
  }
  return Result;
}

bool HeldAtStart::keepApart(const FunctionModel &InA, const Stmt *A, const FunctionModel &InB, const Stmt *B) {
  return llvm::any_of(Mutexes, [&](const AccessPath &Mutex) {
    return areApart(InA, A, InB, B, Mutex) || areApart(InB, B, InA, A, Mutex);
  });
}

} // namespace ward
