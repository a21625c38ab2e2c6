// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/threads/ParallelCode.h"

#include "flow/threads/Outlives.h"
#include "model/StmtParents.h"
#include "model/SystemHeaders.h"
#include "model/ThreadHandle.h"
#include "model/ThreadObjects.h"

#include "clang/AST/DeclCXX.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/SmallPtrSet.h"

using namespace clang;

namespace ward {
namespace {

/// Adds \p More to \p Into; true if that changes it.
bool add(llvm::BitVector &Into, const llvm::BitVector &More) {
  if (!More.test(Into))
    return false;
  Into |= More;
  return true;
}

/// The starter waits for it, and no other thread runs it meanwhile.
bool runsInPlace(const Spawn &Started) { return Started.End == ThreadEnd::Call && !Started.Parallel && !Started.Together; }

/// The member or global that owns the thread; null if none does.
const ValueDecl *ownerOf(const Spawn &Started, CatalogIndex &Names) {
  if (std::optional<AccessPath> Path = Started.Owner ? pathOf(Started.Owner, Names) : std::nullopt) {
    if (Path->root())
      return Path->root()->hasGlobalStorage() ? Path->root() : nullptr;
    return Path->steps().empty() ? nullptr : Path->steps().front().asField();
  }
  if (Started.End != ThreadEnd::Handle || Started.Owner)
    return nullptr;
  HandlePlace Place = placeOf(Started, Names);
  if (Place.Kind == HandlePlace::Member)
    return Place.Field;
  return Place.Kind == HandlePlace::Elsewhere && Place.Variable && Place.Variable->hasGlobalStorage() ? Place.Variable : nullptr;
}

} // namespace

ParallelCode::ParallelCode(UnitFlow &Flow) : Flow(Flow), Threads(Flow.spawns().all()) {
  unsigned Count = Threads.size();
  IsThread.resize(Count);
  RunsOn.resize(Count);
  During.resize(Count);
  Overlap.assign(Count, llvm::BitVector(Count));
  Handles.resize(Count);
  for (unsigned I = 0; I != Count; ++I) {
    const Spawn &Started = Threads[I];
    if (runsInPlace(Started) || Started.MayRunHere)
      continue;
    IsThread.set(I);
    if (whileRunning(Started, Flow.spawns().captured(Started), Flow, [&](const Stmt *S) { During[I].insert(S); }))
      RunsOn.set(I);
    if (!Started.In) // started with each object of its class
      RunsOn.set(I);
    if (RunsOn.test(I))
      Handles[I] = ownerOf(Started, Flow.model().names());
  }
  collectEdges();
  followThreads();
  solveLeaks();
  findRoots();
  solveEntries();
  solveOverlaps();
}

void ParallelCode::collectEdges() {
  CatalogIndex &Names = Flow.model().names();
  auto Add = [&](Edge One) {
    OutOf[One.Caller].push_back(Edges.size());
    Into[One.Callee].push_back(Edges.size());
    Edges.push_back(One);
  };
  llvm::DenseMap<const FunctionModel *, std::optional<AccessPath>> Flags;
  for (const CallEdge &Call : Flow.calls().edges()) {
    if (Call.Caller->IsPattern || Call.Callee->IsPattern)
      continue;
    bool Locked = Flow.locked(*Call.Caller).contains(Call.Site) ||
                  (Call.RunBy && Call.RunAt && Flow.locked(*Call.RunBy).contains(Call.RunAt));
    Add({Call.Caller, Call.Site, Call.Callee, Locked, scopeOfOwner(Call)});
    const auto *Given = Call.IsClosureArgument ? dyn_cast<CallExpr>(Call.Site) : nullptr;
    const FunctionEntry *Entry = Given && Given->getDirectCallee() ? Names.function(Given->getDirectCallee()) : nullptr;
    if (Entry && Entry->Effect == FunctionEffect::Once && Given->getNumArgs() > 0) {
      std::optional<AccessPath> Flag = pathOf(withoutAddressOf(Given->getArg(0)), Names);
      auto [It, New] = Flags.try_emplace(Call.Callee, Flag);
      if (New)
        Once.insert(Call.Callee);
      else if (It->second != Flag)
        Once.erase(Call.Callee); // once for each flag
    }
  }
  // So do the functions that only these call.
  for (bool Changed = !Once.empty(); Changed;) {
    Changed = false;
    for (const auto &[Callee, Calls] : Into)
      if (!Once.contains(Callee) && !Flow.model().isAddressTaken(Callee->Function) && !Callee->Function->isExternallyVisible() &&
          llvm::all_of(Calls, [&](unsigned Index) { return Once.contains(Edges[Index].Caller); }))
        Changed = Once.insert(Callee).second;
  }
  // A function that is given to the user's code in another file may run from there on. (It runs at other times, too.)
  const SourceManager &Sources = Flow.model().context().getSourceManager();
  for (const auto &Function : Flow.model().functions()) {
    if (Function->IsPattern)
      continue;
    for (const CallExpr *Call : Function->Calls) {
      const FunctionDecl *To = Call->getDirectCallee();
      if (!To || Flow.model().function(To) || Names.spawn(To) || Names.function(To) || isInSystemHeader(To->getLocation(), Sources))
        continue;
      for (const Expr *Argument : Call->arguments())
        if (const auto *Ref = dyn_cast<DeclRefExpr>(withoutAddressOf(Argument)))
          if (const FunctionModel *Callee = Flow.model().function(dyn_cast<FunctionDecl>(Ref->getDecl()))) {
            OutOf[Function.get()].push_back(Edges.size());
            Edges.push_back({Function.get(), Call, Callee, Flow.locked(*Function).contains(Call), nullptr});
          }
    }
  }
  for (const Spawn &Started : Threads) // equivalent to a call
    if (runsInPlace(Started) && Started.In)
      if (const FunctionModel *Body = Flow.spawns().bodyOf(Started); Body && !Body->IsPattern && !Started.In->IsPattern)
        Add({Started.In, Started.Site, Body, Flow.locked(*Started.In).contains(Started.Site)});
}

bool ParallelCode::isJoinedBefore(unsigned Thread, const FunctionModel &Function, const Stmt *Where) {
  return Handles[Thread] && Flow.joins().isAfterJoinOf(Function, Where, Handles[Thread]);
}

/// The scope of the local object that \p Call makes or is made on, if its destruction joins the threads that it owns; null otherwise.
const Stmt *ParallelCode::scopeOfOwner(const CallEdge &Call) {
  CatalogIndex &Names = Flow.model().names();
  const VarDecl *Owner = nullptr;
  if (std::optional<AccessPath> Path = Call.How.Object ? pathOf(Call.How.Object, Names) : std::nullopt)
    Owner = Path->root();
  else if (isa<CXXConstructExpr>(Call.Site))
    for (const VarDecl *Local : Call.Caller->Destroyed)
      if (Local->getInit() && stripped(Local->getInit()) == Call.Site)
        Owner = Local;
  if (!Owner || !Owner->hasLocalStorage() || isa<ParmVarDecl>(Owner) || Owner->getDeclContext() != Call.Caller->Function ||
      Owner->getType()->isReferenceType() || destructionOf(Owner->getType(), Flow.model()) != HandleDestruction::Joins)
    return nullptr;
  return scopeOf(Owner, Call.Caller->Body);
}

/// What a thread class or pool runs for its users: there is a thread of its own for each of them.
bool ParallelCode::isOtherSpawn(const Edge &Call, unsigned Thread) const {
  if (Flow.spawns().standsForSpawn(Call.Site, Call.Callee) && Flow.spawns().bodyOf(Threads[Thread]) != Call.Callee)
    return true;
  // The virtual functions of another class that its object might have had.
  const auto *Method = dyn_cast<CXXMethodDecl>(Call.Callee->Function);
  const CXXRecordDecl *Class = Threads[Thread].ObjectClass, *Caller = classOfThis(*Call.Caller);
  if (!Class || !Caller || !Method || !Method->isVirtual() || !isa<Expr>(Call.Site) ||
      !(Class->getCanonicalDecl() == Caller->getCanonicalDecl() || Class->isDerivedFrom(Caller)))
    return false;
  const FunctionModel *Own = Flow.spawns().ownCallee(Threads[Thread], cast<Expr>(Call.Site));
  return Own && Own != Call.Callee;
}

void ParallelCode::followThreads() {
  for (unsigned I : IsThread.set_bits()) {
    const FunctionModel *Body = Flow.spawns().bodyOf(Threads[I]);
    if (!Body || Body->IsPattern)
      continue;
    for (bool WithoutLock : {true, false}) {
      Sets &Which = WithoutLock ? Unlocked : Reached;
      slot(Which, Body).set(I);
      llvm::SmallVector<const FunctionModel *, 16> Work{Body};
      while (!Work.empty())
        for (unsigned Index : OutOf.lookup(Work.pop_back_val())) {
          const Edge &Call = Edges[Index];
          llvm::BitVector &Into = slot(Which, Call.Callee);
          if ((WithoutLock && Call.Locked) || Into.test(I) || isOtherSpawn(Call, I))
            continue;
          Into.set(I);
          Work.push_back(Call.Callee);
        }
    }
  }
}

void ParallelCode::findRoots() {
  // Start with the functions that the unit does not call and that no thread starts with.
  llvm::SmallPtrSet<const FunctionModel *, 16> Bodies;
  for (unsigned I : IsThread.set_bits())
    if (const FunctionModel *Body = Flow.spawns().bodyOf(Threads[I]))
      Bodies.insert(Body);
  for (const auto &Function : Flow.model().functions()) {
    if (Function->IsPattern || Bodies.contains(Function.get()) || !Into.lookup(Function.get()).empty())
      continue;
    Outside.insert(Function.get());
    if (!Function->Function->isMain()) {
      Repeats.insert(Function.get());
      BesideMain.insert(Function.get());
    }
  }
  // Only functions that leave threads running matter.
  for (const Edge &Call : Edges)
    if (Leaks.contains(Call.Callee) && (Into.lookup(Call.Callee).size() > 1 || after(*Call.Caller, Call.Site).contains(Call.Site)))
      Repeats.insert(Call.Callee);
  for (llvm::DenseSet<const FunctionModel *> *Roots : {&Outside, &BesideMain, &Repeats})
    addCallees(*Roots);
}

void ParallelCode::addCallees(llvm::DenseSet<const FunctionModel *> &Functions) const {
  llvm::SmallVector<const FunctionModel *, 64> Work(Functions.begin(), Functions.end());
  while (!Work.empty())
    for (unsigned Index : OutOf.lookup(Work.pop_back_val()))
      if (Functions.insert(Edges[Index].Callee).second)
        Work.push_back(Edges[Index].Callee);
}

void ParallelCode::solveLeaks() {
  llvm::SmallVector<const FunctionModel *, 16> Work;
  for (unsigned I : RunsOn.set_bits())
    if (const FunctionModel *Starter = Threads[I].In) {
      slot(Leaks, Starter).set(I);
      Work.push_back(Starter);
    }
  while (!Work.empty()) {
    const FunctionModel *Callee = Work.pop_back_val();
    llvm::BitVector Left = slot(Leaks, Callee);
    for (unsigned Index : Into.lookup(Callee))
      if (!Edges[Index].Scope && add(slot(Leaks, Edges[Index].Caller), Left))
        Work.push_back(Edges[Index].Caller);
    // What a thread has left running goes on after it is joined.
    for (unsigned I : IsThread.set_bits())
      if (Threads[I].In && Flow.spawns().bodyOf(Threads[I]) == Callee && add(slot(Leaks, Threads[I].In), Left))
        Work.push_back(Threads[I].In);
  }
}

void ParallelCode::solveEntries() {
  // A function that starts threads is assumed to be entered before them; others may be entered while unjoined threads run.
  llvm::DenseSet<const FunctionModel *> Starts;
  llvm::SmallVector<const FunctionModel *, 16> Work;
  for (unsigned I : IsThread.set_bits())
    if (Threads[I].In && Starts.insert(Threads[I].In).second)
      Work.push_back(Threads[I].In);
  while (!Work.empty())
    for (unsigned Index : Into.lookup(Work.pop_back_val()))
      if (Starts.insert(Edges[Index].Caller).second)
        Work.push_back(Edges[Index].Caller);
  for (const FunctionModel *Function : Outside) {
    llvm::BitVector &Running = slot(Entry, Function);
    // (A callback with internal linkage is called by the code that it was passed to.)
    const FunctionDecl *Decl = Function->Function;
    bool Kept = !Decl->isExternallyVisible() && Flow.model().isAddressTaken(Decl);
    // (A destructor runs where its object's owner destroys it.)
    if (Into.lookup(Function).empty() && !Starts.contains(Function) && !Decl->isMain() && !Kept && !isa<CXXDestructorDecl>(Decl))
      Running |= runningBeside(*Decl);
    Work.push_back(Function);
  }
  while (!Work.empty()) {
    const FunctionModel *Caller = Work.pop_back_val();
    for (unsigned Index : OutOf.lookup(Caller)) {
      const Edge &Call = Edges[Index];
      llvm::BitVector There = slot(Entry, Caller);
      There |= alive(*Caller, Call.Site);
      if (add(slot(Entry, Call.Callee), There))
        Work.push_back(Call.Callee);
    }
  }
}

/// A function of a header that this unit does not call is called by other units, which have their own threads: only threads
/// started in that header count.
llvm::BitVector ParallelCode::runningBeside(const FunctionDecl &Function) const {
  const SourceManager &Sources = Flow.model().context().getSourceManager();
  auto FileOf = [&](SourceLocation Where) { return Sources.getFileID(Sources.getExpansionLoc(Where)); };
  FileID Here = FileOf(Function.getLocation());
  if (Here == Sources.getMainFileID())
    return RunsOn;
  llvm::BitVector Result(Threads.size());
  for (unsigned I : RunsOn.set_bits())
    if (FileOf(Threads[I].Site->getBeginLoc()) == Here)
      Result.set(I);
  return Result;
}

const llvm::DenseSet<const Stmt *> &ParallelCode::after(const FunctionModel &Function, const Stmt *Site) {
  auto [It, New] = After.try_emplace(Site);
  const CFG *Graph = New ? Flow.graph(Function) : nullptr;
  if (!Graph)
    return It->second;
  llvm::SmallVector<const CFGBlock *, 16> Work;
  llvm::SmallPtrSet<const CFGBlock *, 16> Seen;
  for (const CFGBlock *Block : *Graph) {
    bool Behind = false;
    for (const CFGElement &Element : *Block)
      if (std::optional<CFGStmt> S = Element.getAs<CFGStmt>()) {
        if (Behind)
          It->second.insert(S->getStmt());
        Behind |= S->getStmt() == Site;
      }
    if (Behind)
      Work.append(Block->succ_begin(), Block->succ_end());
  }
  while (!Work.empty()) {
    const CFGBlock *Block = Work.pop_back_val();
    if (!Block || !Seen.insert(Block).second)
      continue;
    for (const CFGElement &Element : *Block)
      if (std::optional<CFGStmt> S = Element.getAs<CFGStmt>())
        It->second.insert(S->getStmt());
    Work.append(Block->succ_begin(), Block->succ_end());
  }
  return It->second;
}

llvm::BitVector ParallelCode::alive(const FunctionModel &Function, const Stmt *Where) {
  llvm::BitVector Result(Threads.size());
  for (unsigned I : IsThread.set_bits())
    if (Threads[I].In == &Function && During[I].contains(Where))
      Result.set(I);
  for (unsigned I : IsThread.set_bits())
    if (Threads[I].In == &Function)
      if (auto It = Leaks.find(Flow.spawns().bodyOf(Threads[I])); It != Leaks.end() && after(Function, Threads[I].Site).contains(Where))
        Result |= It->second;
  for (unsigned Index : OutOf.lookup(&Function)) {
    const Edge &Call = Edges[Index];
    auto It = Leaks.find(Call.Callee);
    if (It != Leaks.end() && It->second.any() && after(Function, Call.Site).contains(Where) && (!Call.Scope || contains(Call.Scope, Where)))
      Result |= It->second;
  }
  return Result;
}

void ParallelCode::solveOverlaps() {
  auto Meet = [&](unsigned I, const llvm::BitVector &Others) {
    bool Changed = add(Overlap[I], Others);
    for (unsigned Other : Others.set_bits())
      if (!Overlap[Other].test(I)) {
        Overlap[Other].set(I);
        Changed = true;
      }
    return Changed;
  };
  for (unsigned I : IsThread.set_bits()) {
    const Spawn &Started = Threads[I];
    const FunctionModel *Starter = Started.In;
    // A global handle owns one thread at a time.
    bool OneAtATime = false;
    if (Starter && Started.End == ThreadEnd::Handle) {
      HandlePlace Place = placeOf(Started, Flow.model().names());
      OneAtATime = Place.Kind == HandlePlace::Elsewhere && Place.Variable && Place.Variable->hasGlobalStorage() &&
              Flow.model().names().thread(classOf(Place.Variable->getType()));
    }
    if (Started.Parallel || (During[I].contains(Started.Site) && !Started.OncePerObject) || (RunsOn.test(I) && !OneAtATime && (!Starter || mayRepeat(*Starter))))
      Overlap[I].set(I);
    if (Started.Together)
      for (unsigned Other : IsThread.set_bits())
        if (Other != I && Threads[Other].Site == Started.Site)
          Overlap[I].set(Other);
    if (Starter && Outside.contains(Starter)) {
      llvm::BitVector There = slot(Entry, Starter);
      There |= alive(*Starter, Started.Site);
      There &= IsThread;
      bool Itself = Overlap[I].test(I);
      Meet(I, There);
      if (!Itself && !During[I].contains(Started.Site) && OneAtATime)
        Overlap[I].reset(I);
    }
  }
  // A thread started by a thread overlaps that one, and all that overlap it.
  for (bool Changed = true; Changed;) {
    Changed = false;
    for (unsigned I : IsThread.set_bits()) {
      auto It = Threads[I].In ? Reached.find(Threads[I].In) : Reached.end();
      if (It == Reached.end())
        continue;
      for (unsigned Parent : It->second.set_bits()) {
        llvm::BitVector There = Overlap[Parent];
        bool Many = There.test(Parent);
        There.set(Parent);
        There.reset(I);
        if (Many && !Overlap[I].test(I)) {
          Overlap[I].set(I);
          Changed = true;
        }
        Changed |= Meet(I, There);
      }
    }
  }
}

} // namespace ward
