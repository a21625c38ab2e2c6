// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lock/AtomicUpdates.h"

#include "flow/threads/ThreadCode.h"
#include "flow/threads/Writers.h"
#include "lock/AtomicChecks.h"
#include "lock/AtomicOutcomes.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace ward {
namespace {

bool isEmpty(const Stmt *Body) {
  if (!Body || isa<NullStmt, ContinueStmt>(Body))
    return true;
  const auto *Block = dyn_cast<CompoundStmt>(Body);
  return Block && llvm::all_of(Block->body(), isEmpty);
}

/// Judges the operations of one function.
class UpdateSearch {
public:
  UpdateSearch(const FunctionModel &Function, UnitFlow &Unit, bool RelaxedToo)
      : Function(Function), Unit(Unit), Atomics(Unit.atomics()), Trace(Function, Atomics), RelaxedToo(RelaxedToo) {}

  std::vector<AtomicMistake> run() {
    for (const AtomicTrace::Loop &Loop : Trace.loops())
      judgeSpin(Loop);
    for (const TracedOperation &Each : Trace.all())
      if (Each.Operation->Action == AtomicAction::Store && mayBeShared(*Each.Operation))
        judgeStore(Each);
      else if (isBareUpdate(Each) && mayBeShared(*Each.Operation))
        judgeUpdate(Each);
      else if (Each.Operation->Action == AtomicAction::WeakCompareExchange && !Trace.hasLabels())
        judgeWeak(Each);
    return std::move(Mistakes);
  }

private:
  /// Another thread may access the object: it is neither an unshared local of this function nor a part of an object in construction or
  /// destruction.
  bool mayBeShared(const AtomicOperation &Operation) {
    const VarDecl *Root = Operation.Path.root();
    if (!Root)
      return !isa<CXXConstructorDecl, CXXDestructorDecl>(Function.Function);
    if (Root->getTSCSpec() != TSCS_unspecified)
      return false;
    if (!Root->isLocalVarDecl() || Root->isStaticLocal() || !Operation.Path.steps().empty() || Root->getType()->isReferenceType() ||
        Root->getType()->isPointerType() || Root->getDeclContext() != Function.Function)
      return true;
    auto Own = llvm::count_if(Atomics.in(Function), [&](const AtomicOperation &Other) { return Other.Path.root() == Root; });
    auto Mentions = llvm::count_if(Function.Accesses, [&](const Expr *Access) {
      const auto *Ref = dyn_cast<DeclRefExpr>(Access);
      return Ref && Ref->getDecl()->getCanonicalDecl() == Root;
    });
    return Mentions > Own || isCaptured(Root);
  }

  bool isCaptured(const VarDecl *Variable) const {
    return llvm::any_of(Unit.model().functions(), [&](const std::unique_ptr<FunctionModel> &Inner) {
      return Inner->Enclosing && llvm::any_of(Inner->Accesses, [&](const Expr *Access) {
               const auto *Ref = dyn_cast<DeclRefExpr>(Access);
               return Ref && Ref->refersToEnclosingVariableOrCapture() && Ref->getDecl()->getCanonicalDecl() == Variable;
             });
    });
  }

  void judgeStore(const TracedOperation &Store) {
    unsigned Index = *Trace.indexOf(Store.Operation->Where);
    for (unsigned Load : Store.ValueLoads)
      if (Trace.isSame(Load, Store) && Load < Index && !areExclusive(Trace[Load], Store) && !Trace.anyIn({Load + 1, Index}, [&](unsigned I) {
            return Trace[I].Operation->Action != AtomicAction::Load && Trace.isSame(I, Store);
          }))
        return report(AtomicMistake::TwoSteps, Store, Load);
    if (std::optional<unsigned> Load = checkBefore(Trace, Store, Unit.model())) {
      // The store relies on a second load under the lock, or on a check of something else there.
      bool Again = isLocked(Function, Store.Operation->Where) && Trace.anyIn({*Load + 1, Index}, [&](unsigned I) {
                     return Trace.isSame(I, Store) && isLocked(Function, Trace[I].Operation->Where);
                   });
      // A check before the lock and a store under it is double-checked locking's mistake.
      bool Apart = isLocked(Function, Store.Operation->Where) && !isLocked(Function, Trace[*Load].Operation->Where);
      if (!Again && !Apart && !isCheckedUnderLock(Store, *Load))
        return report(AtomicMistake::CheckAct, Store, *Load);
    }
    if (std::optional<unsigned> Load = resetOf(Store, Index))
      report(AtomicMistake::Reset, Store, *Load);
  }

  /// `--a;`: the old value is not used.
  bool isBareUpdate(const TracedOperation &Update) const {
    if (Update.Operation->Action != AtomicAction::Update || Update.Operation->Through || Update.InCondition)
      return false;
    return isa<UnaryOperator, CXXOperatorCallExpr, CompoundAssignOperator>(Update.Operation->Where) &&
           isa_and_nonnull<CompoundStmt, IfStmt>(Update.parent());
  }

  /// `if (free > 0) --free;`: two threads can both see the last one.
  void judgeUpdate(const TracedOperation &Update) {
    std::optional<unsigned> Load = checkBefore(Trace, Update, Unit.model());
    // After an early return it is more often a limit that a few may exceed.
    bool Around = Load && llvm::any_of(Update.Frames, [&](const Stmt *Frame) {
      AtomicTrace::Range Condition = Trace.withinCondition(Frame);
      return isa<IfStmt>(Frame) && Condition.First <= *Load && *Load < Condition.Last;
    });
    if (Around && !isCheckedUnderLock(Update, *Load))
      report(AtomicMistake::CheckUpdate, Update, *Load);
  }

  /// A branch between the check and \p Act has a condition that is evaluated under a lock: a second check.
  bool isCheckedUnderLock(const TracedOperation &Act, unsigned Load) {
    for (unsigned I = Act.Frames.size(); I-- != 0;) {
      const auto *If = dyn_cast<IfStmt>(Act.Frames[I]);
      if (!If)
        continue;
      if (llvm::is_contained(Trace[Load].Frames, If))
        return false;
      if (Act.inside(I) != If->getCond() && anyLockedIn(If->getCond()))
        return true;
    }
    return false;
  }

  bool anyLockedIn(const Stmt *S) {
    return S && (Unit.lockedExclusively(Function).contains(S) ||
                 llvm::any_of(S->children(), [&](const Stmt *Child) { return anyLockedIn(Child); }));
  }

  /// \p A and \p B stand in the two arms of one branch.
  static bool areExclusive(const TracedOperation &A, const TracedOperation &B) {
    for (unsigned I = 0; I < std::min(A.Frames.size(), B.Frames.size()) && A.Frames[I] == B.Frames[I]; ++I)
      if (const auto *If = dyn_cast<IfStmt>(A.Frames[I]); If && A.inside(I) == If->getThen() && B.inside(I) == If->getElse())
        return true;
    return false;
  }

  /// `int n = a.load(); a.store(0);`: the load right before, whose value is kept. None if the value is stored back later.
  std::optional<unsigned> resetOf(const TracedOperation &Store, unsigned Index) const {
    if (Index == 0 || !Store.ValueLoads.empty() || Store.Frames.empty())
      return std::nullopt;
    const auto *Block = dyn_cast<CompoundStmt>(Store.Frames.back());
    const TracedOperation &Load = Trace[Index - 1];
    if (!Block || Load.Operation->Action != AtomicAction::Load || !Trace.isSame(Index - 1, Store))
      return std::nullopt;
    auto At = llvm::find_if(Block->body(), [&](const Stmt *S) {
      const auto *E = dyn_cast<Expr>(S);
      return E && E->IgnoreImplicit() == Store.Operation->Where;
    });
    if (At == Block->body_end() || At == Block->body_begin())
      return std::nullopt;
    const auto *Before = dyn_cast<DeclStmt>(*--At);
    const auto *Variable = Before && Before->isSingleDecl() ? dyn_cast<VarDecl>(Before->getSingleDecl()) : nullptr;
    if (!Variable || !Variable->getInit() || stripped(Variable->getInit()) != stripped(cast<Expr>(Load.Operation->Where)))
      return std::nullopt;
    bool StoredBack = llvm::any_of(Trace.all(), [&](const TracedOperation &Other) { return llvm::is_contained(Other.ValueLoads, Index - 1); });
    return StoredBack ? std::nullopt : std::optional(Index - 1);
  }

  static bool isCheck(AtomicMistake::Kind How) { return How == AtomicMistake::CheckAct || How == AtomicMistake::CheckUpdate; }

  /// No other thread can interfere: both operations are under a lock that also protects every change of the object, or after an atomic
  /// step that one thread alone passes, or before another thread runs.
  bool isAlone(AtomicMistake::Kind How, const TracedOperation &Store, unsigned Load) {
    // Two threads cannot both pass a check under a lock, whatever else changes the object without it.
    if (isLocked(Function, Store.Operation->Where) && isLocked(Function, Trace[Load].Operation->Where) &&
        (isCheck(How) || everyChangeIsLocked(declared(*Store.Operation))))
      return true;
    if (Trace.anyIn({0, Load}, [&](unsigned I) { return Trace[I].InCondition && Trace[I].Operation->isUpdate(); }))
      return true;
    // Only an object that this call creates, or anything in main, is known to be unshared yet.
    const VarDecl *Root = Store.Operation->Path.root();
    bool Own = Root && Root->getDeclContext() == Function.Function && !Root->isStaticLocal() && !isa<ParmVarDecl>(Root);
    if ((!Own && !Function.Function->isMain()) || Unit.spawns().all().empty())
      return false;
    std::optional<llvm::DenseSet<const Stmt *>> During = ThreadCode(Unit).runningIn(Function);
    return During && !During->contains(Store.Operation->Where);
  }

  bool isLocked(const FunctionModel &In, const Stmt *S) {
    const auto *Method = dyn_cast<CXXMethodDecl>(In.Function);
    return Unit.lockedExclusively(In).contains(S) || (Method && isCalledUnderLock(Method, Unit));
  }

  bool everyChangeIsLocked(const ValueDecl *Object) {
    for (const auto &Other : Unit.model().functions()) {
      if (isa<CXXConstructorDecl, CXXDestructorDecl>(Other->Function))
        continue;
      for (const AtomicOperation &Operation : Atomics.in(*Other))
        if (Operation.Action != AtomicAction::Load && !Operation.Through && declared(Operation) == Object &&
            !isLocked(*Other, Operation.Where))
          return false;
    }
    return true;
  }

  /// A member that one thread alone writes can be read back with a relaxed load; a check with a relaxed load or store is taken to be
  /// deliberate.
  bool hasOneWriter(AtomicMistake::Kind How, const TracedOperation &Store, unsigned Load) const {
    bool Relaxed = Trace[Load].Operation->Relaxed || (isCheck(How) && Store.Operation->Relaxed);
    return !RelaxedToo && Relaxed && (isCheck(How) || !Store.Operation->Path.steps().empty());
  }

  void report(AtomicMistake::Kind How, const TracedOperation &Store, unsigned Load) {
    // One finding for each check, whatever depends on it.
    const ValueDecl *Subject = declared(*Store.Operation);
    if (hasOneWriter(How, Store, Load) || isAlone(How, Store, Load) || (Subject && Unit.writers().isOnlyWriter(Function, Subject)))
      return;
    AtomicOutcome Outcome;
    if (How == AtomicMistake::CheckAct)
      Outcome = outcomeOf(Trace, Store, Trace[Load], Function, Unit);
    else
      Outcome.BothPass = !Subject || !Unit.writers().runsOnOneThread(Function, Subject);
    if (Outcome.Harmless || (isCheck(How) && !ReportedChecks.insert(Load).second))
      return;
    bool IsStatement = isa_and_nonnull<CompoundStmt>(Store.parent());
    Mistakes.push_back({How, Store.Operation, Trace[Load].Operation, nullptr, IsStatement, Outcome.BothPass, Outcome.Overwritten});
  }

  void judgeWeak(const TracedOperation &Weak) {
    for (const Stmt *Frame : Weak.Frames) {
      if (isa<WhileStmt, ForStmt, DoStmt, CXXForRangeStmt, ReturnStmt, CoreturnStmt>(Frame))
        return; // retried here, or by the caller that gets the result
      if (const auto *Declaration = dyn_cast<DeclStmt>(Frame))
        if (llvm::any_of(Declaration->decls(), [&](const Decl *D) { return Trace.isReturned(dyn_cast<ValueDecl>(D)); }))
          return;
      if (const auto *Binary = dyn_cast<BinaryOperator>(Frame); Binary && Binary->getOpcode() == BO_Assign)
        if (const auto *Ref = dyn_cast<DeclRefExpr>(stripped(Binary->getLHS())); Ref && Trace.isReturned(Ref->getDecl()))
          return;
    }
    bool CallsItself = llvm::any_of(Function.Calls, [&](const CallExpr *Call) {
      return Call->getDirectCallee() && Call->getDirectCallee()->getCanonicalDecl() == Function.Function->getCanonicalDecl();
    });
    if (!CallsItself)
      Mistakes.push_back({AtomicMistake::WeakOnce, Weak.Operation, nullptr, nullptr, false, false, nullptr});
  }

  /// \p S consists of atomic operations, constants and operators on them: it waits for another thread.
  bool onlyWaits(const Stmt *S) const {
    if (!S)
      return true;
    if (std::optional<unsigned> Index = Trace.indexOf(S)) {
      AtomicAction Action = Trace[*Index].Operation->Action;
      return Action == AtomicAction::Load || Action == AtomicAction::Update;
    }
    if (isa<CallExpr, CXXConstructExpr, LambdaExpr, CoawaitExpr, AtomicExpr>(S))
      return false;
    if (const auto *Unary = dyn_cast<UnaryOperator>(S); Unary && Unary->isIncrementDecrementOp())
      return false;
    if (const auto *Binary = dyn_cast<BinaryOperator>(S); Binary && Binary->isAssignmentOp())
      return false;
    return llvm::all_of(S->children(), [&](const Stmt *Child) { return onlyWaits(Child); });
  }

  void judgeSpin(const AtomicTrace::Loop &Loop) {
    if (!Loop.Condition || !isEmpty(Loop.Body) || !onlyWaits(Loop.Condition))
      return;
    AtomicTrace::Range Inside = Trace.withinCondition(Loop.Whole);
    if (Inside.First == Inside.Last)
      return;
    const AtomicOperation *Awaited = Trace[Inside.First].Operation;
    if (mayBeShared(*Awaited))
      Mistakes.push_back({AtomicMistake::EmptySpin, Awaited, nullptr, Loop.Whole, false, false, nullptr});
  }

  const FunctionModel &Function;
  UnitFlow &Unit;
  AtomicOperations &Atomics;
  AtomicTrace Trace;
  bool RelaxedToo;
  llvm::DenseSet<unsigned> ReportedChecks;
  std::vector<AtomicMistake> Mistakes;
};

} // namespace

std::vector<AtomicMistake> findAtomicMistakes(const FunctionModel &Function, UnitFlow &Unit, bool RelaxedToo) {
  return UpdateSearch(Function, Unit, RelaxedToo).run();
}

} // namespace ward
