// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "wait/Rechecks.h"

#include "model/OwnWaits.h"
#include "model/StmtParents.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/SmallPtrSet.h"

using namespace clang;

namespace ward {
namespace {

const Expr *withoutCleanups(const Expr *E) {
  if (const auto *Full = dyn_cast_or_null<FullExpr>(E))
    E = Full->getSubExpr();
  return E ? E->IgnoreParens() : nullptr;
}

/// A path leads from \p Wait, in \p Home, to one of \p Changes without a condition that \p Checks the state.
bool reachesUnchecked(const CFGBlock &Home, const CallExpr *Wait, const llvm::DenseSet<const Stmt *> &Changes,
                    llvm::function_ref<bool(const Expr *)> Checks) {
  llvm::SmallPtrSet<const CFGBlock *, 16> Seen;
  llvm::SmallVector<const CFGBlock *, 16> Work{&Home};
  while (!Work.empty()) {
    const CFGBlock *Block = Work.pop_back_val();
    bool After = Block != &Home || Seen.contains(&Home);
    for (const CFGElement &Element : *Block)
      if (std::optional<CFGStmt> S = Element.getAs<CFGStmt>()) {
        if (After && Changes.contains(S->getStmt()))
          return true;
        After |= S->getStmt() == Wait;
      }
    const auto *Condition = dyn_cast_or_null<Expr>(Block->getTerminatorCondition());
    if (Condition && Checks(Condition))
      continue;
    for (const CFGBlock *Next : Block->succs())
      if (Next && Seen.insert(Next).second)
        Work.push_back(Next);
  }
  return false;
}

} // namespace

WaitPlace Rechecks::placeOf(const CallExpr *Wait, bool Timed) {
  Regions = regionsOf(Wait, Function, Flow);
  auto Checks = [&](const WaitRegion &Region) {
    Assignments = Region.Statements;
    return llvm::any_of(Region.Conditions, [&](const Expr *Condition) { return readsState(Condition, Wait); });
  };
  if (Regions.isLoop() && Checks(Regions.Loop))
    return !Timed && (checksOnlyUnlocked(Wait) || usesUnchecked(Wait)) ? WaitPlace::BlindLoop : WaitPlace::Rechecked;
  if (Timed && !Regions.isLoop()) {
    if (Checks(Regions.After))
      return WaitPlace::Rechecked;
    for (const Stmt *S : Regions.After.Statements)
      if (const auto *Return = dyn_cast<ReturnStmt>(S); Return && Return->getRetValue() &&
                                                         withoutCleanups(Return->getRetValue())->getType()->isBooleanType() &&
                                                         readsState(Return->getRetValue(), Wait))
        return WaitPlace::Rechecked;
  }
  return Regions.isLoop() ? WaitPlace::BlindLoop : WaitPlace::Alone;
}

/// The loop checks the state only where the lock is not held, and uses it after the wait without another check:
/// `while (running) { lock; wait; pop; unlock; }`.
bool Rechecks::checksOnlyUnlocked(const CallExpr *Wait) {
  const LockSets &Held = Flow.lockSets(Function);
  if (!Held.known())
    return false;
  llvm::BitVector AtWait;
  Held.forEach([&](const Stmt *S, const LockSet &State) {
    if (S == Wait)
      AtWait = State.May;
  });
  if (AtWait.none())
    return false;
  llvm::DenseSet<const Stmt *> Locked;
  Held.forEach([&](const Stmt *S, const LockSet &State) {
    if (State.May.anyCommon(AtWait))
      Locked.insert(S);
  });
  for (const Expr *Condition : Regions.Loop.Conditions) {
    Assignments = Regions.Loop.Statements;
    if (!readsState(Condition, Wait))
      continue;
    Assignments = {};
    // Full expressions and conversions are not elements of the graph.
    bool IsLocked = Locked.contains(Condition) || Locked.contains(withoutCleanups(Condition)) || Locked.contains(stripped(Condition));
    if (IsLocked || !readsState(Condition, Wait)) // a local that was set from the state
      return false;
  }
  bool Uses = false;
  for (const Stmt *S : Regions.Loop.Statements) {
    if (S == Wait || !Locked.contains(S) || contains(Wait, S))
      continue;
    if (const auto *Call = dyn_cast<CallExpr>(S); Call && (!Call->getDirectCallee() || isUserCode(Call->getDirectCallee())))
      if (llvm::none_of(Call->arguments(), [&](const Expr *Argument) { return readsState(Argument, Wait); }))
        return false; // the callee may check the state; one that is passed it uses it
    if (const auto *Member = dyn_cast<MemberExpr>(S); Member && isa<FieldDecl>(Member->getMemberDecl()))
      Uses |= !Unit.types().isSynchronised(Member->getType()) && !Unit.types().guard(Member->getType());
    if (const auto *Ref = dyn_cast<DeclRefExpr>(S))
      if (const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl()))
        Uses |= Variable->hasGlobalStorage() && !Unit.types().isSynchronised(Variable->getType());
  }
  return Uses;
}

/// What an `if` before the wait has checked is relied on after the wait: `for (;;) { if (q.empty()) wait; q.pop(); }`.
bool Rechecks::usesUnchecked(const CallExpr *Wait) {
  const Stmt *Loop = loopAround(Wait, Function);
  const IfStmt *Check = nullptr;
  for (const Stmt *Branch : Function.Branches)
    if (const auto *If = dyn_cast<IfStmt>(Branch); If && contains(If->getThen(), Wait) && (!Loop || contains(Loop, If)))
      Check = If; // the innermost, since they are in the order of the source
  const CFG *Graph = Flow.graph(Function);
  if (!Check || !Graph)
    return false;
  llvm::SmallVector<AccessPath, 4> Checked;
  for (const Expr *Access : Function.Accesses)
    if (contains(Check->getCond(), Access))
      if (std::optional<AccessPath> Path = pathOf(Access, Unit.names()))
        Checked.push_back(std::move(*Path));
  const CFGBlock *Home = graphBlockOf(Wait, *Graph);
  // A condition that reads only other parts of what was checked does not recheck Place.
  auto ChecksElsewhere = [&](const Expr *Condition, const AccessPath &Place) {
    if (llvm::any_of(Function.Calls, [&](const CallExpr *Call) { return contains(Condition, Call) && isUserCode(Call->getDirectCallee()); }))
      return false;
    for (const Expr *Access : Function.Accesses)
      if (contains(Condition, Access)) {
        std::optional<AccessPath> Path = pathOf(Access, Unit.names());
        if (!Path || !llvm::is_contained(Checked, *Path) || *Path == Place)
          return false;
      }
    return true;
  };
  return Home && llvm::any_of(Checked, [&](const AccessPath &Place) {
           llvm::DenseSet<const Stmt *> Changes;
           if (Place.lastField() && Unit.types().isSynchronised(Place.lastField()->getType()))
             return false;
           for (const ClassifiedAccess &Access : Flow.accesses(Function))
             if (Access.Kind != AccessKind::Read && Access.Path == Place)
               Changes.insert(Access.Where);
           return !Changes.empty() && reachesUnchecked(*Home, Wait, Changes, [&](const Expr *Condition) {
             return readsState(Condition, Wait) && !ChecksElsewhere(Condition, Place);
           });
         });
}

bool Rechecks::onlyWaits(const CallExpr *Wait) { return ward::onlyWaits(Function, Wait, Unit); }

} // namespace ward
