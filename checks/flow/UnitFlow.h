// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// All analyses of one translation unit, on top of its model: each is run when first asked for, and cached for the next
/// check.
#ifndef WARD_FLOW_UNITFLOW_H
#define WARD_FLOW_UNITFLOW_H

#include "flow/CallGraph.h"
#include "flow/FlowGraph.h"
#include "flow/MutableFields.h"
#include "flow/locks/AcquiredLocks.h"
#include "flow/locks/HolderScopes.h"
#include "flow/locks/LockContext.h"
#include "flow/locks/LockEvidence.h"
#include "flow/locks/LockSets.h"
#include "flow/locks/LockSummaries.h"
#include "flow/locks/ReleasedLocks.h"
#include "flow/locks/SharedAccesses.h"
#include "flow/locks/OnlyTriedLocks.h"
#include "flow/threads/ConfinedCode.h"
#include "flow/threads/Joins.h"
#include "model/AccessKinds.h"
#include "model/AtomicOperations.h"
#include "model/SendSync.h"
#include "model/Spawns.h"
#include "model/UnitModel.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

#include <array>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

namespace ward {

struct CalledStart;
struct Conflict;
struct EarlyThread;
class HeldAtStart;
class LostWrites;
struct MemberConflict;
class ParallelCode;
class ThreadRoles;
class Writers;

/// The entry point of the checks to the analyses of one unit. Not thread-safe: a unit is analysed by one thread.
class UnitFlow {
public:
  UnitFlow(clang::ASTContext &Context, std::shared_ptr<const Catalog> Names) : Model(Context, std::move(Names)) {}

  UnitModel &model() { return Model; }

  /// The CFG of \p Function; null if it has none.
  const clang::CFG *graph(const FunctionModel &Function) {
    auto [It, New] = Graphs.try_emplace(&Function);
    if (New) {
      markNoReturns(Function);
      It->second = buildFlowGraph(Function, Model.context());
    }
    return It->second.get();
  }

  /// The locks that \p Function, which must be of this unit's model, holds at each of its points; its callers' locks
  /// apart.
  const LockSets &lockSets(const FunctionModel &Function) {
    if (auto It = LocksOf.find(&Function); It != LocksOf.end())
      return *It->second;
    // Analysed before it is stored: the summaries of its callees ask for their locksets.
    auto Result = std::make_unique<LockSets>(Function, graph(Function), Model, lockSummaries());
    std::unique_ptr<LockSets> &Slot = LocksOf[&Function];
    if (!Slot) // a recursion has stored it meanwhile
      Slot = std::move(Result);
    return *Slot;
  }

  /// lockSets() has the result for \p Function already.
  bool isAnalysed(const FunctionModel &Function) const { return LocksOf.count(&Function); }

  /// The functions whose lockset analysis reached its limit, of those analysed so far, in the order of the unit.
  std::vector<const FunctionModel *> cutShort() const {
    std::vector<const FunctionModel *> Result;
    for (const auto &Function : Model.functions())
      if (auto It = LocksOf.find(Function.get()); It != LocksOf.end() && It->second && It->second->hitLimit())
        Result.push_back(Function.get());
    return Result;
  }

  /// The locks of its callers that \p Function has released, by call.
  const ReleasedLocks &releasedIn(const FunctionModel &Function) {
    auto [It, New] = Released.try_emplace(&Function);
    if (New)
      It->second = findReleasedLocks(Function, *this);
    return It->second;
  }

  /// The locks that functions acquire or release for their callers.
  LockSummaries &lockSummaries() {
    if (!Summaries)
      Summaries = std::make_unique<LockSummaries>(*this);
    return *Summaries;
  }

  /// \p Function acquires or releases a lock, itself or by a function that does so for its callers.
  bool acquiresOrReleases(const FunctionModel &Function) {
    return Function.touchesLocks() || llvm::any_of(Function.Calls, [&](const clang::CallExpr *Call) {
             return lockSummaries().of(Call->getDirectCallee()) != nullptr;
           });
  }

  const CallGraph &calls() {
    if (!Graph)
      Graph = std::make_unique<CallGraph>(*this);
    return *Graph;
  }

  /// The locks held at each point, callers included.
  LockContext &locks() {
    if (!Context)
      Context = std::make_unique<LockContext>(*this);
    return *Context;
  }

  /// The locks that functions acquire, callees included.
  AcquiredLocks &acquired() {
    if (!Acquired)
      Acquired = std::make_unique<AcquiredLocks>(*this);
    return *Acquired;
  }

  /// The locks that the unit only tries to acquire.
  const OnlyTriedLocks &triedLocks() {
    if (!Tried)
      Tried.emplace(*this);
    return *Tried;
  }

  /// The objects in \p Function that may hold locks: guards whose constructor is in another file.
  const HolderScopes &holderScopes(const FunctionModel &Function) {
    std::unique_ptr<HolderScopes> &Known = Holders[&Function];
    if (!Known)
      Known = std::make_unique<HolderScopes>(Function, Model);
    return *Known;
  }

  /// Thread-confined code and objects.
  ConfinedCode &confined() {
    if (!Confined)
      Confined = std::make_unique<ConfinedCode>(*this);
    return *Confined;
  }

  /// Where threads have surely been joined.
  Joins &joins() {
    if (!Joined)
      Joined.emplace(*this);
    return *Joined;
  }

  /// The accesses to data that threads may share.
  const SharedAccesses &shared() {
    if (!Shared)
      Shared = std::make_unique<SharedAccesses>(*this);
    return *Shared;
  }

  /// Which data the unit accesses under mutexes that are variables.
  const LockEvidence &evidence() {
    if (!Evidence)
      Evidence.emplace(*this);
    return *Evidence;
  }

  /// The reads and writes of \p Function.
  const std::vector<ClassifiedAccess> &accesses(const FunctionModel &Function) { return classifyAccesses(Function, Model).Plain; }
  /// The same, with the atomic accesses to plain objects and what other code gets to write through.
  const FunctionAccesses &allAccesses(const FunctionModel &Function) { return classifyAccesses(Function, Model); }

  /// The expressions of \p Function that are evaluated under some lock of its own on every path.
  const llvm::DenseSet<const clang::Stmt *> &locked(const FunctionModel &Function) {
    auto [It, New] = Locked.try_emplace(&Function);
    if (New && acquiresOrReleases(Function))
      lockSets(Function).forEach([&Into = It->second](const clang::Stmt *S, const LockSet &State) {
        if (State.Must.any())
          Into.insert(S);
      });
    return It->second;
  }

  /// The same for locks in exclusive mode, which a write needs, and for unknown ones.
  const llvm::DenseSet<const clang::Stmt *> &lockedExclusively(const FunctionModel &Function) {
    auto [It, New] = LockedExclusively.try_emplace(&Function);
    if (New && acquiresOrReleases(Function)) {
      const LockSets &Locks = lockSets(Function);
      Locks.forEach([&Into = It->second, &Locks](const clang::Stmt *S, const LockSet &State) {
        for (unsigned Site : State.Must.set_bits())
          if (Locks.sites()[Site].Locked.empty() || llvm::any_of(Locks.sites()[Site].Locked, [](const LockRef &Ref) {
                return Ref.Mode == LockMode::Exclusive;
              }))
            Into.insert(S);
      });
    }
    return It->second;
  }

  /// Writes to the state of a wait's predicate that the waiter may miss (lost wakeups).
  LostWrites &lostWrites();

  /// Who changes which field or variable.
  Writers &writers();

  /// Threads that run while the object that they use is still being constructed.
  const std::vector<EarlyThread> &earlyThreads();

  /// Which functions which threads run, and when they may run in parallel.
  ParallelCode &parallel();

  /// The locks that are held where threads are started.
  HeldAtStart &heldAtStart();

  /// Which functions only one thread runs, for each object.
  ThreadRoles &threadRoles();

  /// Threads at the calls of the functions that start them.
  const std::vector<CalledStart> &calledStarts();

  /// What functions give to their threads, and these access at the same time as others without a common lock, variables with static
  /// storage that they are given by their address included. With \p DisjointElements, accesses to elements by index are assumed to be
  /// to different elements.
  const std::vector<Conflict> &conflicts(bool DisjointElements = true);

  /// Members that the object's own thread uses while other functions do, with no common lock: one for each member, in the order of the
  /// threads.
  const std::vector<MemberConflict> &memberConflicts();

  /// The operations on atomic objects.
  AtomicOperations &atomics() {
    if (!Atomics)
      Atomics.emplace(Model);
    return *Atomics;
  }

  /// The places where threads are started.
  const Spawns &spawns() {
    if (!Started)
      Started = std::make_unique<Spawns>(Model);
    return *Started;
  }

  /// Which types are Send and Sync, with pointers judged by \p Policy.
  SendSync &sendSync(PointerPolicy Policy) {
    std::unique_ptr<SendSync> &Slot = Crossing[static_cast<size_t>(Policy)];
    if (!Slot) {
      Slot = std::make_unique<SendSync>(Model.context(), Model.types(), Policy);
      Slot->Mutable = [this](const clang::FieldDecl *Field) { return judgeMutableField(Field, *this); };
    }
    return *Slot;
  }

private:
  /// In C, where few functions are declared so: \p Callee never returns, since a statement that always runs calls exit(), say.
  bool neverReturns(const clang::FunctionDecl *Callee, unsigned Depth);
  /// Lets the graphs end at the calls in \p Function of functions that never return.
  void markNoReturns(const FunctionModel &Function);

  UnitModel Model;
  llvm::DenseMap<const clang::FunctionDecl *, bool> NoReturns;
  llvm::DenseMap<const FunctionModel *, std::unique_ptr<clang::CFG>> Graphs;
  llvm::DenseMap<const FunctionModel *, std::unique_ptr<LockSets>> LocksOf;
  // Node-based: the functions above return references into them.
  std::unordered_map<const FunctionModel *, llvm::DenseSet<const clang::Stmt *>> Locked, LockedExclusively;
  std::unordered_map<const FunctionModel *, ReleasedLocks> Released;
  std::optional<LockEvidence> Evidence;
  std::optional<OnlyTriedLocks> Tried;
  std::unique_ptr<LockSummaries> Summaries;
  std::unique_ptr<CallGraph> Graph;
  std::unique_ptr<LockContext> Context;
  std::unique_ptr<AcquiredLocks> Acquired;
  std::unique_ptr<ConfinedCode> Confined;
  std::optional<Joins> Joined;
  std::unique_ptr<SharedAccesses> Shared;
  llvm::DenseMap<const FunctionModel *, std::unique_ptr<HolderScopes>> Holders;
  std::optional<AtomicOperations> Atomics;
  std::unique_ptr<Spawns> Started;
  // shared_ptr: these types are incomplete here.
  std::shared_ptr<LostWrites> Lost;
  std::shared_ptr<Writers> Changing;
  std::shared_ptr<ThreadRoles> Roles;
  std::shared_ptr<ParallelCode> InParallel;
  std::shared_ptr<HeldAtStart> AtStart;
  std::shared_ptr<const std::vector<EarlyThread>> Early;
  std::shared_ptr<const std::vector<CalledStart>> OfCallers;
  std::array<std::shared_ptr<const std::vector<Conflict>>, 2> Conflicting;
  std::shared_ptr<const std::vector<MemberConflict>> OfMembers;
  std::array<std::unique_ptr<SendSync>, 3> Crossing;
};

} // namespace ward

#endif // WARD_FLOW_UNITFLOW_H
