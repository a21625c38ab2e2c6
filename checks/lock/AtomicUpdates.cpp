// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lock/AtomicUpdates.h"

#include "flow/threads/ThreadCode.h"
#include "model/StmtParents.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace ward {
namespace {

/// The variable or field that an operation's object is declared as.
const ValueDecl *declared(const AtomicOperation &Operation) {
  for (const AccessPath::Step &Step : llvm::reverse(Operation.Path.steps()))
    if (const FieldDecl *Field = Step.asField())
      return Field;
  return Operation.Path.root();
}

bool isEmpty(const Stmt *Body) {
  if (!Body || isa<NullStmt, ContinueStmt>(Body))
    return true;
  const auto *Block = dyn_cast<CompoundStmt>(Body);
  return Block && llvm::all_of(Block->body(), isEmpty);
}

const Stmt *onlyStatement(const Stmt *S) {
  const auto *Block = dyn_cast_or_null<CompoundStmt>(S);
  return !Block ? S : Block->size() == 1 ? Block->body_front() : nullptr;
}

std::optional<bool> constantTruth(const Expr *E, const ASTContext &Context) {
  bool Value = false;
  if (E && !E->isValueDependent() && E->EvaluateAsBooleanCondition(Value, Context))
    return Value;
  return std::nullopt;
}

/// The operations of one function in the order in which they are evaluated, with what surrounds each.
class Search {
public:
  Search(const FunctionModel &Function, UnitFlow &Unit, bool RelaxedToo)
      : Function(Function), Unit(Unit), Atomics(Unit.atomics()), Context(Unit.model().context()), RelaxedToo(RelaxedToo) {
    for (const AtomicOperation &Operation : Atomics.in(Function))
      ByStmt[Operation.Where] = &Operation;
  }

  std::vector<AtomicMistake> run() {
    if (ByStmt.empty())
      return {};
    visit(Function.Body);
    for (const Placed &Store : All)
      if (Store.Operation->Action == AtomicAction::Store && mayBeShared(*Store.Operation))
        judgeStore(Store);
      else if (isBareUpdate(Store) && mayBeShared(*Store.Operation))
        judgeUpdate(Store);
      else if (Store.Operation->Action == AtomicAction::WeakCompareExchange && !HasLabels)
        judgeWeak(Store);
    return std::move(Mistakes);
  }

private:
  /// An operation, the statements around it from the outermost in, and the loads that its value was made from.
  struct Placed {
    const AtomicOperation *Operation;
    llvm::SmallVector<const Stmt *, 8> Frames;
    llvm::SmallVector<unsigned, 2> ValueLoads;
    bool InCondition = false;
  };
  /// All[First] to All[Last - 1] stand in one statement.
  struct Range {
    unsigned First, Last;
  };

  void visit(const Stmt *S) {
    if (!S || isa<UnaryExprOrTypeTraitExpr, CXXNoexceptExpr, RequiresExpr, CXXTypeidExpr>(S))
      return;
    if (const auto *Lambda = dyn_cast<LambdaExpr>(S)) {
      for (const Expr *Init : Lambda->capture_inits())
        visit(Init);
      return;
    }
    unsigned First = All.size();
    HasLabels |= isa<LabelStmt>(S);
    Frames.push_back(S);
    if (const auto *If = dyn_cast<IfStmt>(S)) {
      visit(If->getInit());
      if (const VarDecl *Variable = If->getConditionVariable())
        declare(Variable);
      visitCondition(S, If->getCond());
      visit(If->getThen());
      visit(If->getElse());
    } else if (const auto *Conditional = dyn_cast<ConditionalOperator>(S)) {
      visitCondition(S, Conditional->getCond());
      visit(Conditional->getTrueExpr());
      visit(Conditional->getFalseExpr());
    } else if (const auto *While = dyn_cast<WhileStmt>(S)) {
      visitCondition(S, While->getCond());
      visit(While->getBody());
      judgeSpin(S, While->getCond(), While->getBody());
    } else if (const auto *For = dyn_cast<ForStmt>(S)) {
      visit(For->getInit());
      visitCondition(S, For->getCond());
      visit(For->getBody());
      visit(For->getInc());
      if (!For->getInc())
        judgeSpin(S, For->getCond(), For->getBody());
    } else if (const auto *Do = dyn_cast<DoStmt>(S)) {
      visit(Do->getBody());
      visitCondition(S, Do->getCond());
      judgeSpin(S, Do->getCond(), Do->getBody());
    } else if (const auto *Switch = dyn_cast<SwitchStmt>(S)) {
      visit(Switch->getInit());
      visitCondition(S, Switch->getCond());
      visit(Switch->getBody());
    } else if (const auto *Declaration = dyn_cast<DeclStmt>(S)) {
      for (const Decl *D : Declaration->decls())
        if (const auto *Variable = dyn_cast<VarDecl>(D))
          declare(Variable);
    } else if (const auto *List = dyn_cast<InitListExpr>(S); List && List->getSemanticForm()) {
      visit(List->getSemanticForm());
    } else {
      for (const Stmt *Child : S->children())
        visit(Child);
    }
    Frames.pop_back();
    note(S);
    if (const auto *Return = dyn_cast<ReturnStmt>(S); Return && Return->getRetValue())
      if (const auto *Ref = dyn_cast<DeclRefExpr>(stripped(Return->getRetValue())))
        Returned.insert(Ref->getDecl());
    Ranges[S] = {First, static_cast<unsigned>(All.size())};
  }

  void visitCondition(const Stmt *Of, const Expr *Condition) {
    unsigned First = All.size();
    visit(Condition);
    for (Placed &Inside : llvm::MutableArrayRef(All).drop_front(First))
      Inside.InCondition = true;
    collectLoads(Condition, ConditionLoads[Of]);
    ConditionRanges[Of] = {First, static_cast<unsigned>(All.size())};
  }

  void declare(const VarDecl *Variable) {
    visit(Variable->getInit());
    if (Variable->getInit() && Variable->isLocalVarDecl())
      define(Variable, Variable->getInit());
  }

  /// What a local variable was given: the loads that it was made from, and the block that does it whenever it is run; null if it
  /// does not always.
  struct Definition {
    llvm::SmallVector<unsigned, 2> Loads;
    const CompoundStmt *Block;
  };

  void define(const VarDecl *Variable, const Expr *Value) {
    Definition New{{}, nullptr};
    collectLoads(Value, New.Loads);
    for (const Stmt *Frame : llvm::reverse(Frames)) {
      const auto *Binary = dyn_cast<BinaryOperator>(Frame);
      if (isa<IfStmt, SwitchStmt, WhileStmt, ForStmt, CXXForRangeStmt, DoStmt, ConditionalOperator>(Frame) || (Binary && Binary->isLogicalOp()))
        break;
      if ((New.Block = dyn_cast<CompoundStmt>(Frame)))
        break;
    }
    Derived[Variable].push_back(std::move(New));
  }

  /// Takes note of \p S, whose parts have been seen.
  void note(const Stmt *S) {
    if (const auto *Binary = dyn_cast<BinaryOperator>(S); Binary && Binary->getOpcode() == BO_Assign)
      if (const auto *Ref = dyn_cast<DeclRefExpr>(stripped(Binary->getLHS())))
        if (const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl()); Variable && Variable->isLocalVarDecl())
          define(Variable, Binary->getRHS());
    auto It = ByStmt.find(S);
    if (It == ByStmt.end())
      return;
    Placed New{It->second, Frames, {}, false};
    if (It->second->Value)
      collectLoads(It->second->Value, New.ValueLoads);
    IndexOf[S] = All.size();
    All.push_back(std::move(New));
  }

  /// The loads that \p S was made from: those in it, and those that its variables were made from.
  void collectLoads(const Stmt *S, llvm::SmallVectorImpl<unsigned> &Into) const {
    if (!S || isa<LambdaExpr, UnaryExprOrTypeTraitExpr>(S))
      return;
    if (auto It = IndexOf.find(S); It != IndexOf.end()) {
      if (All[It->second].Operation->Action == AtomicAction::Load)
        Into.push_back(It->second);
      return;
    }
    if (const auto *Ref = dyn_cast<DeclRefExpr>(S))
      if (auto It = Derived.find(dyn_cast<VarDecl>(Ref->getDecl())); It != Derived.end())
        for (const Definition &Given : llvm::reverse(It->second)) {
          Into.append(Given.Loads);
          // What it was given before that, it has no more.
          if (Given.Block && llvm::is_contained(Frames, Given.Block))
            break;
        }
    for (const Stmt *Child : S->children())
      collectLoads(Child, Into);
  }

  /// Whether another thread can get at the object: it is not a local of this function that nothing else sees, nor a part
  /// of an object that is being made or destroyed.
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

  bool same(unsigned Index, const Placed &Store) const { return Atomics.sameObject(*All[Index].Operation, *Store.Operation); }
  bool anyIn(Range Where, llvm::function_ref<bool(unsigned)> Fits) const {
    for (unsigned I = Where.First; I != Where.Last; ++I)
      if (Fits(I))
        return true;
    return false;
  }
  bool isUpdateOf(unsigned Index, const Placed &Store) const { return All[Index].Operation->isUpdate() && same(Index, Store); }

  void judgeStore(const Placed &Store) {
    unsigned Index = IndexOf.lookup(Store.Operation->Where);
    for (unsigned Load : Store.ValueLoads)
      if (same(Load, Store) && Load < Index && !excludes(All[Load], Store) &&
          !anyIn({Load + 1, Index}, [&](unsigned I) { return All[I].Operation->Action != AtomicAction::Load && same(I, Store); }))
        return report(AtomicMistake::TwoSteps, Store, Load);
    if (std::optional<unsigned> Load = checkBefore(Store)) {
      // What was loaded again under the lock, or asked there of something else, is what the store relies on.
      bool Again = isLocked(Function, Store.Operation->Where) && anyIn({*Load + 1, Index}, [&](unsigned I) {
                     return same(I, Store) && isLocked(Function, All[I].Operation->Where);
                   });
      if (!Again && !isAskedUnderLock(Store, *Load))
        return report(AtomicMistake::CheckAct, Store, *Load);
    }
    if (std::optional<unsigned> Load = resetOf(Store, Index))
      report(AtomicMistake::Reset, Store, *Load);
  }

  /// `--a;`: what was there before is not asked for.
  bool isBareUpdate(const Placed &Update) const {
    if (Update.Operation->Action != AtomicAction::Update || Update.Operation->Through || Update.InCondition)
      return false;
    if (!isa<UnaryOperator, CXXOperatorCallExpr, CompoundAssignOperator>(Update.Operation->Where))
      return false;
    const Stmt *Parent = Update.Frames.empty() ? nullptr : Update.Frames.back();
    if (isa_and_nonnull<ExprWithCleanups>(Parent) && Update.Frames.size() > 1)
      Parent = Update.Frames[Update.Frames.size() - 2];
    return isa_and_nonnull<CompoundStmt, IfStmt>(Parent);
  }

  /// `if (free > 0) --free;`: two threads can both see the last one.
  void judgeUpdate(const Placed &Update) {
    std::optional<unsigned> Load = checkBefore(Update);
    // Behind an early return it is more often a limit that may be passed by a few.
    bool Around = Load && llvm::any_of(Update.Frames, [&](const Stmt *Frame) {
      Range Condition = ConditionRanges.lookup(Frame);
      return isa<IfStmt>(Frame) && Condition.First <= *Load && *Load < Condition.Last;
    });
    if (Around && !isAskedUnderLock(Update, *Load))
      report(AtomicMistake::CheckUpdate, Update, *Load);
  }

  /// A branch between the check and \p Store asks something while a lock is held: a second check, of whatever.
  bool isAskedUnderLock(const Placed &Store, unsigned Load) {
    for (unsigned I = Store.Frames.size(); I-- != 0;) {
      const auto *If = dyn_cast<IfStmt>(Store.Frames[I]);
      if (!If)
        continue;
      if (llvm::is_contained(All[Load].Frames, If))
        return false;
      if (inside(Store, I) != If->getCond() && anyLockedIn(If->getCond()))
        return true;
    }
    return false;
  }

  bool anyLockedIn(const Stmt *S) {
    return S && (Unit.lockedExclusively(Function).contains(S) || llvm::any_of(S->children(), [&](const Stmt *Child) { return anyLockedIn(Child); }));
  }

  /// \p A and \p B stand in two arms of one branch.
  static bool excludes(const Placed &A, const Placed &B) {
    for (unsigned I = 0; I < std::min(A.Frames.size(), B.Frames.size()) && A.Frames[I] == B.Frames[I]; ++I)
      if (const auto *If = dyn_cast<IfStmt>(A.Frames[I]); If && inside(A, I) == If->getThen() && inside(B, I) == If->getElse())
        return true;
    return false;
  }

  /// What leads from \p P's frame \p I to its operation.
  static const Stmt *inside(const Placed &P, unsigned I) { return I + 1 < P.Frames.size() ? P.Frames[I + 1] : P.Operation->Where; }

  std::optional<unsigned> loadIn(const Stmt *Branch, const Placed &Store) const {
    auto It = ConditionLoads.find(Branch);
    if (It != ConditionLoads.end())
      for (unsigned Load : It->second)
        if (same(Load, Store))
          return Load;
    return std::nullopt;
  }

  /// The check because of which \p Store comes to be: the nearest one that loads the same object, with nothing in between
  /// by which this thread has made the object its own.
  std::optional<unsigned> checkBefore(const Placed &Store) const {
    for (unsigned I = Store.Frames.size(); I-- != 0;) {
      const Stmt *Frame = Store.Frames[I];
      const Stmt *Child = inside(Store, I);
      if (const auto *Block = dyn_cast<CompoundStmt>(Frame)) {
        bool Ended = false;
        if (std::optional<unsigned> Load = checkBefore(Store, *Block, Child, Ended); Load || Ended)
          return Load;
        continue;
      }
      auto Condition = ConditionRanges.find(Frame);
      if (Condition == ConditionRanges.end())
        continue;
      bool InCondition = false;
      if (const auto *If = dyn_cast<IfStmt>(Frame))
        InCondition = Child != If->getThen() && Child != If->getElse();
      else if (const auto *Conditional = dyn_cast<ConditionalOperator>(Frame))
        InCondition = Child != Conditional->getTrueExpr() && Child != Conditional->getFalseExpr();
      if (InCondition)
        continue;
      if (anyIn(Condition->second, [&](unsigned Index) { return isUpdateOf(Index, Store); }))
        return std::nullopt;
      std::optional<unsigned> Load = loadIn(Frame, Store);
      if (!Load)
        continue;
      // What a loop or a switch waits for or goes by, it may change: stop flags, turns, state machines.
      if (!isa<IfStmt, ConditionalOperator>(Frame) || isIdempotent(dyn_cast<IfStmt>(Frame), Store))
        return std::nullopt;
      return Load;
    }
    return std::nullopt;
  }

  /// The same among the statements of \p Block before \p Child; sets \p Ended if nothing further out is to be looked at.
  std::optional<unsigned> checkBefore(const Placed &Store, const CompoundStmt &Block, const Stmt *Child, bool &Ended) const {
    auto At = llvm::find(Block.body(), Child);
    if (At == Block.body_end())
      return std::nullopt;
    while (At != Block.body_begin()) {
      const Stmt *Before = *--At;
      const auto *If = dyn_cast<IfStmt>(Before);
      if (If && (alwaysLeaves(If->getThen()) || alwaysLeaves(If->getElse())) &&
          !anyIn(ConditionRanges.lookup(If), [&](unsigned I) { return isUpdateOf(I, Store); }))
        if (std::optional<unsigned> Load = loadIn(If, Store)) {
          Ended = true;
          // `if (done) return; done = true;` and no more says what two threads agree on.
          const auto *Return = dyn_cast_or_null<ReturnStmt>(onlyStatement(If->getThen()));
          bool Alone = Child == Block.body_back() && Store.Frames.front() == &Block && std::next(At) == llvm::find(Block.body(), Child) &&
                       Return && !Return->getRetValue() && !If->getElse();
          return Alone && isTruthOf(If->getCond(), Store) ? std::nullopt : Load;
        }
      // A loop that waits for the object, a change by this very thread: what was checked before is of the past.
      if (auto Inside = Ranges.find(Before);
          Inside != Ranges.end() && anyIn(Inside->second, [&](unsigned I) {
            return same(I, Store) && (All[I].Operation->Action != AtomicAction::Load || isa<WhileStmt, DoStmt, ForStmt>(Before));
          })) {
        Ended = true;
        return std::nullopt;
      }
    }
    return std::nullopt;
  }

  /// All that happens after the check is the store, and any thread would store the same: `if (!f) f = true;`,
  /// `if (level != n) level = n;`.
  bool isIdempotent(const IfStmt *If, const Placed &Store) const {
    if (!If || If->getElse())
      return false;
    const Stmt *Only = onlyStatement(If->getThen());
    const auto *E = dyn_cast_or_null<Expr>(Only);
    if (!E || E->IgnoreImplicit() != Store.Operation->Where)
      return false;
    return isTruthOf(If->getCond(), Store) || isDifferenceFrom(If->getCond(), Store);
  }

  /// \p Condition asks whether the atomic bool is other than what \p Store stores.
  bool isTruthOf(const Expr *Condition, const Placed &Store) const {
    std::optional<bool> Stored = Store.Operation->Value ? constantTruth(Store.Operation->Value, Context) : std::optional(false);
    if (!Stored)
      return false;
    bool Bool = !Store.Operation->Value || stripped(Store.Operation->Value)->getType()->isBooleanType();
    return Bool && asksBool(Condition, Store);
  }

  bool asksBool(const Expr *E, const Placed &Store) const {
    E = E->IgnoreParenImpCasts();
    if (const auto *Full = dyn_cast<FullExpr>(E))
      return asksBool(Full->getSubExpr(), Store);
    if (auto It = IndexOf.find(E); It != IndexOf.end())
      return same(It->second, Store);
    if (const auto *Ref = dyn_cast<DeclRefExpr>(E))
      return Derived.contains(dyn_cast<VarDecl>(Ref->getDecl()));
    if (const auto *Unary = dyn_cast<UnaryOperator>(E))
      return Unary->getOpcode() == UO_LNot && asksBool(Unary->getSubExpr(), Store);
    if (const auto *Binary = dyn_cast<BinaryOperator>(E)) {
      if (Binary->isLogicalOp())
        return asksBool(Binary->getLHS(), Store) || asksBool(Binary->getRHS(), Store);
      if (Binary->isEqualityOp())
        return (asksBool(Binary->getLHS(), Store) && constantTruth(Binary->getRHS(), Context)) ||
               (asksBool(Binary->getRHS(), Store) && constantTruth(Binary->getLHS(), Context));
    }
    return false;
  }

  /// \p Condition is `a != x`, and \p Store stores x.
  bool isDifferenceFrom(const Expr *Condition, const Placed &Store) const {
    const auto *Binary = dyn_cast<BinaryOperator>(Condition->IgnoreParenImpCasts());
    if (!Binary || !Store.Operation->Value)
      return false;
    if (Binary->getOpcode() == BO_LAnd)
      return isDifferenceFrom(Binary->getLHS(), Store) || isDifferenceFrom(Binary->getRHS(), Store);
    if (Binary->getOpcode() != BO_NE)
      return false;
    for (auto [One, Other] : {std::pair(Binary->getLHS(), Binary->getRHS()), std::pair(Binary->getRHS(), Binary->getLHS())})
      if (auto It = IndexOf.find(One->IgnoreParenImpCasts()); It != IndexOf.end() && same(It->second, Store)) {
        llvm::FoldingSetNodeID A, B;
        stripped(Other)->Profile(A, Context, /*Canonical=*/true);
        stripped(Store.Operation->Value)->Profile(B, Context, /*Canonical=*/true);
        if (A == B)
          return true;
      }
    return false;
  }

  /// `int n = a.load(); a.store(0);`: the load whose value is kept, right before. Not if it is put back later.
  std::optional<unsigned> resetOf(const Placed &Store, unsigned Index) const {
    if (Index == 0 || !Store.ValueLoads.empty() || Store.Frames.empty())
      return std::nullopt;
    const auto *Block = dyn_cast<CompoundStmt>(Store.Frames.back());
    const Placed &Load = All[Index - 1];
    if (!Block || Load.Operation->Action != AtomicAction::Load || !same(Index - 1, Store))
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
    bool PutBack = llvm::any_of(All, [&](const Placed &Other) { return llvm::is_contained(Other.ValueLoads, Index - 1); });
    return PutBack ? std::nullopt : std::optional(Index - 1);
  }

  static bool isCheck(AtomicMistake::Kind How) { return How == AtomicMistake::CheckAct || How == AtomicMistake::CheckUpdate; }

  /// The thread is alone here: both operations are under a lock that every change of the object is under, or behind an
  /// atomic step that only one thread passes, or before any other thread runs.
  bool isAlone(AtomicMistake::Kind How, const Placed &Store, unsigned Load) {
    // A check under the lock is not passed by two, whatever else clears the object without it.
    if (isLocked(Function, Store.Operation->Where) && isLocked(Function, All[Load].Operation->Where) &&
        (isCheck(How) || everyChangeIsLocked(declared(*Store.Operation))))
      return true;
    if (anyIn({0, Load}, [&](unsigned I) { return All[I].InCondition && All[I].Operation->isUpdate(); }))
      return true;
    // Only what this call has made, or what the program's first function does, can be known to be nobody else's yet.
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

  /// A member that one thread alone writes needs no order to be read back, and a relaxed check is one whose author knows
  /// who else can be there: experts write both, and nobody else asks for relaxed.
  bool hasOneWriter(AtomicMistake::Kind How, const Placed &Store, unsigned Load) const {
    bool Relaxed = All[Load].Operation->Relaxed || (isCheck(How) && Store.Operation->Relaxed);
    return !RelaxedToo && Relaxed && (isCheck(How) || !Store.Operation->Path.steps().empty());
  }

  void report(AtomicMistake::Kind How, const Placed &Store, unsigned Load) {
    // One check, one finding, whatever it leads to.
    if (hasOneWriter(How, Store, Load) || isAlone(How, Store, Load) || (isCheck(How) && !Told.insert(Load).second))
      return;
    const Stmt *Parent = Store.Frames.empty() ? nullptr : Store.Frames.back();
    if (isa_and_nonnull<ExprWithCleanups>(Parent) && Store.Frames.size() > 1)
      Parent = Store.Frames[Store.Frames.size() - 2];
    bool IsStatement = isa_and_nonnull<CompoundStmt>(Parent);
    Mistakes.push_back({How, Store.Operation, All[Load].Operation, nullptr, IsStatement});
  }

  void judgeWeak(const Placed &Weak) {
    for (const Stmt *Frame : Weak.Frames) {
      if (isa<WhileStmt, ForStmt, DoStmt, CXXForRangeStmt, ReturnStmt, CoreturnStmt>(Frame))
        return; // tried again here, or by who is told
      if (const auto *Declaration = dyn_cast<DeclStmt>(Frame))
        if (llvm::any_of(Declaration->decls(), [&](const Decl *D) { return Returned.contains(dyn_cast<ValueDecl>(D)); }))
          return;
      if (const auto *Binary = dyn_cast<BinaryOperator>(Frame); Binary && Binary->getOpcode() == BO_Assign)
        if (const auto *Ref = dyn_cast<DeclRefExpr>(stripped(Binary->getLHS())); Ref && Returned.contains(Ref->getDecl()))
          return;
    }
    bool CallsItself = llvm::any_of(Function.Calls, [&](const CallExpr *Call) {
      return Call->getDirectCallee() && Call->getDirectCallee()->getCanonicalDecl() == Function.Function->getCanonicalDecl();
    });
    if (!CallsItself)
      Mistakes.push_back({AtomicMistake::WeakOnce, Weak.Operation});
  }

  /// A condition of nothing but atomic operations, constants and operators on them: it waits, and for another thread.
  bool onlyWaits(const Stmt *S) const {
    if (!S)
      return true;
    if (auto It = IndexOf.find(S); It != IndexOf.end()) {
      AtomicAction Action = All[It->second].Operation->Action;
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

  void judgeSpin(const Stmt *Loop, const Expr *Condition, const Stmt *Body) {
    if (!Condition || !isEmpty(Body) || !onlyWaits(Condition))
      return;
    Range Inside = ConditionRanges.lookup(Loop);
    if (Inside.First == Inside.Last)
      return;
    const AtomicOperation *Waited = All[Inside.First].Operation;
    if (mayBeShared(*Waited))
      Mistakes.push_back({AtomicMistake::EmptySpin, Waited, nullptr, Loop});
  }

  const FunctionModel &Function;
  UnitFlow &Unit;
  AtomicOperations &Atomics;
  const ASTContext &Context;
  bool RelaxedToo;
  bool HasLabels = false;
  llvm::DenseMap<const Stmt *, const AtomicOperation *> ByStmt;
  std::vector<Placed> All;
  llvm::DenseMap<const Stmt *, unsigned> IndexOf;
  llvm::SmallVector<const Stmt *, 8> Frames;
  llvm::DenseMap<const Stmt *, Range> Ranges, ConditionRanges;
  llvm::DenseMap<const Stmt *, llvm::SmallVector<unsigned, 2>> ConditionLoads;
  llvm::DenseMap<const VarDecl *, std::vector<Definition>> Derived;
  llvm::DenseSet<const ValueDecl *> Returned;
  llvm::DenseSet<unsigned> Told;
  std::vector<AtomicMistake> Mistakes;
};

} // namespace

std::vector<AtomicMistake> findAtomicMistakes(const FunctionModel &Function, UnitFlow &Unit, bool RelaxedToo) {
  return Search(Function, Unit, RelaxedToo).run();
}

} // namespace ward
