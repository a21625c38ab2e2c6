// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/waits/UnlockedWrites.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace ward {
namespace {

/// Callers are followed from a private helper back to the function that locks.
constexpr unsigned MaxCallerDepth = 4;

/// Reachability between the statements of a function.
class StmtOrder {
public:
  explicit StmtOrder(const CFG &Graph) : Reach(Graph.getNumBlockIDs()) {
    for (const CFGBlock *Block : Graph) {
      unsigned Index = 0;
      for (const CFGElement &Element : *Block)
        if (std::optional<CFGStmt> S = Element.getAs<CFGStmt>())
          Places.try_emplace(S->getStmt(), std::pair(Block, Index++));
    }
  }

  /// A path leads from \p From to \p To.
  bool leads(const Stmt *From, const Stmt *To) {
    auto A = Places.find(From), B = Places.find(To);
    if (A == Places.end() || B == Places.end())
      return false;
    if (A->second.first == B->second.first && A->second.second < B->second.second)
      return true;
    return reached(A->second.first).test(B->second.first->getBlockID());
  }

private:
  const llvm::BitVector &reached(const CFGBlock *From) {
    llvm::BitVector &Seen = Reach[From->getBlockID()];
    if (!Seen.empty())
      return Seen;
    Seen.resize(Reach.size());
    llvm::SmallVector<const CFGBlock *, 16> Work{From};
    while (!Work.empty())
      for (const CFGBlock *Next : Work.pop_back_val()->succs())
        if (Next && !Seen.test(Next->getBlockID())) {
          Seen.set(Next->getBlockID());
          Work.push_back(Next);
        }
    return Seen;
  }

  llvm::DenseMap<const Stmt *, std::pair<const CFGBlock *, unsigned>> Places;
  std::vector<llvm::BitVector> Reach;
};

/// \p Site locks \p Mutex, or an unknown mutex that may be the same.
bool mayLock(const LockSite &Site, const ValueDecl *Mutex) {
  if (Site.Locked.empty())
    return true;
  return llvm::any_of(Site.Locked, [&](const LockRef &Ref) {
    const ValueDecl *Named = namedBy(Ref.Mutex);
    return !Named || Named == Mutex;
  });
}

/// The expressions of \p Function during which \p Mutex may be held.
llvm::DenseSet<const Stmt *> heldDuring(const FunctionModel &Function, const ValueDecl *Mutex, UnitFlow &Flow) {
  llvm::DenseSet<const Stmt *> Result;
  if (!Function.touchesLocks())
    return Result;
  const LockSets &Held = Flow.held(Function);
  Held.forEach([&](const Stmt *S, const LockSet &State) {
    for (unsigned Site : State.May.set_bits())
      if (mayLock(Held.sites()[Site], Mutex))
        Result.insert(S);
  });
  return Result;
}

/// \p Function has a guard among its parameters.
bool isGivenLock(const FunctionDecl *Function, LockTypes &Types) {
  return llvm::any_of(Function->parameters(), [&](const ParmVarDecl *Parameter) {
    QualType Type = Parameter->getType().getNonReferenceType();
    return Types.guard(Type->isPointerType() ? Type->getPointeeType() : Type) != nullptr;
  });
}

/// \p Function acquires \p Mutex somewhere, and so handles the lock itself, even where it releases it temporarily.
bool acquiresMutex(const FunctionModel &Function, const ValueDecl *Mutex, UnitFlow &Flow) {
  return Function.touchesLocks() &&
         llvm::any_of(Flow.held(Function).sites(), [&](const LockSite &Site) { return mayLock(Site, Mutex); });
}

/// \p Mutex is held on entry of \p Function: all of its callers in the unit hold it, or it is a closure whose callers are unknown.
bool enteredUnder(const FunctionModel &Function, const ValueDecl *Mutex, UnitFlow &Flow, unsigned Depth) {
  UnitModel &Unit = Flow.model();
  if (Depth == 0 || isGivenLock(Function.Function, Unit.types()))
    return true;
  if (llvm::any_of(Flow.locks().heldByCallers(Function), [&](const LockRef &Ref) { return namedBy(Ref.Mutex) == Mutex; }))
    return true;
  bool Called = false;
  for (const auto &Caller : Unit.functions()) {
    if (Caller.get() == &Function || llvm::none_of(Caller->Calls, [&](const CallExpr *Call) {
          return Unit.function(Call->getDirectCallee()) == &Function;
        }))
      continue;
    Called = true;
    if (!acquiresMutex(*Caller, Mutex, Flow) && !isa<CXXConstructorDecl>(Caller->Function) && !enteredUnder(*Caller, Mutex, Flow, Depth - 1))
      return false;
  }
  if (Called)
    return true;
  const auto *Method = dyn_cast<CXXMethodDecl>(Function.Function);
  if (!Method || !Method->getParent()->isLambda())
    return false;
  // A closure that starts a thread holds nothing; one that is passed to another function may run under any lock.
  return llvm::none_of(Flow.spawns().all(), [&](const Spawn &Started) { return Flow.spawns().bodyOf(Started) == &Function; });
}

/// The object of an operation that changes an atomic; null if \p S is none.
const Expr *changedAtomic(const Stmt *S, UnitModel &Unit) {
  const auto *Call = dyn_cast<CallExpr>(S);
  if (!Call)
    return nullptr;
  CallSite Site = CallSite::of(Call);
  const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Site.Callee);
  if (!Method || !Site.Object || Method->isConst())
    return nullptr;
  const TagDecl *Class = classOf(Site.Object->IgnoreParenImpCasts()->getType());
  return Class && Unit.names().isAtomic(Class) ? Site.Object : nullptr;
}

} // namespace

std::vector<UnlockedWrite> unlockedWrites(const FunctionModel &Function, const CallExpr *Wake, const Waiter &Waits, UnitFlow &Flow) {
  UnitModel &Unit = Flow.model();
  const CFG *Graph = Flow.graph(Function);
  // During construction there is no waiter yet.
  if (!Graph || Waits.State.empty() || isa<CXXConstructorDecl>(Function.Function))
    return {};

  std::vector<UnlockedWrite> Writes;
  auto AddAll = [&](const FunctionModel &In, const Expr *At) {
    auto Add = [&](const Expr *Where, const ValueDecl *State) {
      if (State && llvm::is_contained(Waits.State, State))
        Writes.push_back({Where, State, At ? At : Where});
    };
    for (const ClassifiedAccess &Access : Flow.accesses(In))
      if (Access.Kind != AccessKind::Read)
        Add(Access.Where, namedBy(Access.Path));
    for (const CallExpr *Call : In.Calls)
      if (const Expr *Object = changedAtomic(Call, Unit))
        Add(stripped(Object), namedBy(pathOf(Object, Unit.names())));
  };
  AddAll(Function, nullptr);
  for (const CallExpr *Call : Function.Calls)
    if (const FunctionModel *Helper = Call == Wake ? nullptr : Unit.function(Call->getDirectCallee()))
      if (Helper != &Function && !Helper->touchesLocks() && !isa<CXXConstructorDecl>(Helper->Function))
        AddAll(*Helper, Call);
  if (Writes.empty())
    return {};

  llvm::DenseSet<const Stmt *> Held = heldDuring(Function, Waits.Mutex, Flow);
  StmtOrder Paths(*Graph);
  // Where the mutex is acquired. The graph contains a declaration as a whole.
  llvm::SmallVector<const Stmt *, 4> Acquisitions;
  const LockSets &Locks = Flow.held(Function);
  for (const LockSite &Site : Locks.sites()) {
    if (!mayLock(Site, Waits.Mutex))
      continue;
    if (Site.Call)
      Acquisitions.push_back(Site.Call);
    else if (Site.Temporary)
      Acquisitions.push_back(Site.Temporary);
    else if (Site.Guard && Site.Guard->Variable->getInit())
      Acquisitions.push_back(stripped(Site.Guard->Variable->getInit()));
  }
  for (const CallExpr *Call : Function.Calls) // guard.lock()
    if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call))
      if (const auto *Ref = dyn_cast<DeclRefExpr>(stripped(Member->getImplicitObjectArgument())))
        if (const GuardVariable *Guard = Function.guardVariable(Ref->getDecl()); Guard && Member->getMethodDecl())
          if (Unit.types().guardEffect(*Guard->Type, Member->getMethodDecl()) == FunctionEffect::Lock)
            Acquisitions.push_back(Call);

  std::vector<UnlockedWrite> Result;
  for (const UnlockedWrite &Write : Writes) {
    if (Held.contains(Write.At) || !Paths.leads(Write.At, Wake))
      continue;
    auto Between = [&](const Stmt *S) { return Paths.leads(Write.At, S) && Paths.leads(S, Wake); };
    if (llvm::any_of(Acquisitions, Between))
      continue;
    // The notification is for the last write before it.
    bool Earlier = llvm::any_of(Writes, [&](const UnlockedWrite &Other) {
      return Other.State == Write.State && Other.At != Write.At && Between(Other.At) && !Paths.leads(Other.At, Write.At);
    });
    if (!Earlier)
      Result.push_back(Write);
  }
  if (!Result.empty() && enteredUnder(Function, Waits.Mutex, Flow, MaxCallerDepth))
    return {};
  return Result;
}

} // namespace ward
