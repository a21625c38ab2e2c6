// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The analyses over one unit's model, each made when first asked for and kept for the next check.
#ifndef WARD_FLOW_UNITFLOW_H
#define WARD_FLOW_UNITFLOW_H

#include "flow/CallGraph.h"
#include "flow/FlowGraph.h"
#include "flow/locks/ReleasedLocks.h"
#include "flow/locks/LockSets.h"
#include "flow/locks/LockContext.h"
#include "flow/locks/LockEvidence.h"
#include "flow/locks/AcquiredLocks.h"
#include "flow/MutableFields.h"
#include "flow/locks/LockSummaries.h"
#include "flow/threads/ConfinedCode.h"
#include "flow/locks/SharedAccesses.h"
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

class LostWrites;

/// Everything that the checks ask about one unit. Not thread-safe: a unit is analysed by one thread.
class UnitFlow {
public:
  UnitFlow(clang::ASTContext &Context, std::shared_ptr<const Catalog> Names) : Model(Context, std::move(Names)) {}

  UnitModel &model() { return Model; }

  /// The control flow of \p Function, built once; null if it has none.
  const clang::CFG *graph(const FunctionModel &Function) {
    auto [It, New] = Graphs.try_emplace(&Function);
    if (New)
      It->second = buildFlowGraph(Function, Model.context());
    return It->second.get();
  }

  /// What is held where in \p Function, which must be of this unit's model.
  const LockSets &held(const FunctionModel &Function) {
    if (auto It = Held.find(&Function); It != Held.end())
      return *It->second;
    // Made first: it asks for what its callees leave locked, and so for more of these.
    auto Made = std::make_unique<LockSets>(Function, graph(Function), Model, lockSummaries());
    std::unique_ptr<LockSets> &Slot = Held[&Function];
    if (!Slot) // functions that call each other come here twice
      Slot = std::move(Made);
    return *Slot;
  }

  /// The functions looked at so far whose analysis was cut short, in the order of the unit.
  std::vector<const FunctionModel *> cutShort() const {
    std::vector<const FunctionModel *> Result;
    for (const auto &Function : Model.functions())
      if (auto It = Held.find(Function.get()); It != Held.end() && It->second && It->second->hitLimit())
        Result.push_back(Function.get());
    return Result;
  }

  /// The locks of its callers that \p Function gives up for a while, and where.
  const ReleasedLocks &releasedIn(const FunctionModel &Function) {
    auto [It, New] = Released.try_emplace(&Function);
    if (New)
      It->second = findReleasedLocks(Function, *this);
    return It->second;
  }

  /// What functions leave locked or unlocked.
  LockSummaries &lockSummaries() {
    if (!Net)
      Net = std::make_unique<LockSummaries>(*this);
    return *Net;
  }

  /// \p Function takes or gives back a lock, itself or by a function that leaves one so.
  bool acquiresOrReleases(const FunctionModel &Function) {
    return Function.touchesLocks() || llvm::any_of(Function.Calls, [&](const clang::CallExpr *Call) {
             return lockSummaries().of(Call->getDirectCallee()) != nullptr;
           });
  }

  /// Who calls whom.
  const CallGraph &calls() {
    if (!Graph)
      Graph = std::make_unique<CallGraph>(*this);
    return *Graph;
  }

  /// What is held where, callers included.
  LockContext &locks() {
    if (!Context)
      Context = std::make_unique<LockContext>(*this);
    return *Context;
  }

  /// Which locks functions take.
  AcquiredLocks &taken() {
    if (!Taken)
      Taken = std::make_unique<AcquiredLocks>(*this);
    return *Taken;
  }

  /// Where no other thread can be.
  ConfinedCode &confined() {
    if (!Confined)
      Confined = std::make_unique<ConfinedCode>(*this);
    return *Confined;
  }

  /// The accesses to what threads may share.
  const SharedAccesses &shared() {
    if (!Shared)
      Shared = std::make_unique<SharedAccesses>(*this);
    return *Shared;
  }

  /// What the unit shows of its variable mutexes.
  const LockEvidence &evidence() {
    if (!Evidence)
      Evidence.emplace(*this);
    return *Evidence;
  }

  /// The reads and writes of \p Function.
  const std::vector<ClassifiedAccess> &accesses(const FunctionModel &Function) { return classifyAccesses(Function, Model).Plain; }
  /// The same, with the atomic accesses to plain objects and what other code gets to write through.
  const FunctionAccesses &allAccesses(const FunctionModel &Function) { return classifyAccesses(Function, Model); }

  /// The expressions of \p Function that are only ever evaluated while it holds a lock.
  const llvm::DenseSet<const clang::Stmt *> &locked(const FunctionModel &Function) {
    auto [It, New] = Locked.try_emplace(&Function);
    if (New && acquiresOrReleases(Function))
      held(Function).forEach([&Into = It->second](const clang::Stmt *S, const LockSet &State) {
        if (State.Must.any())
          Into.insert(S);
      });
    return It->second;
  }

  /// The same for a lock that no other thread can hold too: a write needs one.
  const llvm::DenseSet<const clang::Stmt *> &lockedExclusively(const FunctionModel &Function) {
    auto [It, New] = LockedExclusively.try_emplace(&Function);
    if (New && acquiresOrReleases(Function)) {
      const LockSets &Locks = held(Function);
      Locks.forEach([&Into = It->second, &Locks](const clang::Stmt *S, const LockSet &State) {
        for (unsigned Site : State.Must.set_bits())
          if (Locks.sites()[Site].Locked.empty() ||
              llvm::any_of(Locks.sites()[Site].Locked, [](const LockRef &Ref) { return Ref.Mode == LockMode::Exclusive; }))
            Into.insert(S);
      });
    }
    return It->second;
  }

  /// Changes to what is waited for that a waiter may miss.
  LostWrites &lostWrites();

  /// What is done with atomic objects.
  AtomicOperations &atomics() {
    if (!Atomics)
      Atomics.emplace(Model);
    return *Atomics;
  }

  /// Where threads start.
  const Spawns &spawns() {
    if (!Started)
      Started = std::make_unique<Spawns>(Model);
    return *Started;
  }

  /// What may cross threads, with pointers judged by \p Policy.
  SendSync &sendSync(PointerPolicy Policy) {
    std::unique_ptr<SendSync> &Slot = Crossing[static_cast<size_t>(Policy)];
    if (!Slot) {
      Slot = std::make_unique<SendSync>(Model.context(), Model.types(), Policy);
      Slot->Mutable = [this](const clang::FieldDecl *Field) { return judgeMutableField(Field, *this); };
    }
    return *Slot;
  }

private:
  UnitModel Model;
  llvm::DenseMap<const FunctionModel *, std::unique_ptr<clang::CFG>> Graphs;
  llvm::DenseMap<const FunctionModel *, std::unique_ptr<LockSets>> Held;
  // Node-based: references into them are given away.
  std::unordered_map<const FunctionModel *, llvm::DenseSet<const clang::Stmt *>> Locked, LockedExclusively;
  std::unordered_map<const FunctionModel *, ReleasedLocks> Released;
  std::optional<LockEvidence> Evidence;
  std::unique_ptr<LockSummaries> Net;
  std::unique_ptr<CallGraph> Graph;
  std::unique_ptr<LockContext> Context;
  std::unique_ptr<AcquiredLocks> Taken;
  std::unique_ptr<ConfinedCode> Confined;
  std::unique_ptr<SharedAccesses> Shared;
  std::optional<AtomicOperations> Atomics;
  std::unique_ptr<Spawns> Started;
  std::shared_ptr<LostWrites> Lost; // shared: its type is complete only where it is made
  std::array<std::unique_ptr<SendSync>, 3> Crossing;
};

} // namespace ward

#endif // WARD_FLOW_UNITFLOW_H
