// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "wait/Rechecks.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace ward {
namespace {

bool within(const Stmt *Root, const Stmt *S) {
  return Root && (Root == S || llvm::any_of(Root->children(), [&](const Stmt *Child) { return within(Child, S); }));
}

const Expr *withoutCleanups(const Expr *E) {
  if (const auto *Full = dyn_cast_or_null<FullExpr>(E))
    E = Full->getSubExpr();
  return E ? E->IgnoreParens() : nullptr;
}

/// The conditions in \p S, lambdas apart, and everything else that may change a local.
void collect(const Stmt *S, llvm::SmallVectorImpl<const Expr *> &Conditions, llvm::SmallVectorImpl<const Stmt *> &Statements) {
  if (!S || isa<LambdaExpr>(S))
    return;
  auto Add = [&](const Expr *Condition) {
    if (Condition)
      Conditions.push_back(Condition);
  };
  if (const auto *If = dyn_cast<IfStmt>(S))
    Add(If->getCond());
  else if (const auto *While = dyn_cast<WhileStmt>(S))
    Add(While->getCond());
  else if (const auto *Do = dyn_cast<DoStmt>(S))
    Add(Do->getCond());
  else if (const auto *For = dyn_cast<ForStmt>(S))
    Add(For->getCond());
  else if (const auto *Switch = dyn_cast<SwitchStmt>(S))
    Add(Switch->getCond());
  else if (const auto *Conditional = dyn_cast<AbstractConditionalOperator>(S))
    Add(Conditional->getCond());
  Statements.push_back(S);
  for (const Stmt *Child : S->children())
    collect(Child, Conditions, Statements);
}

} // namespace

bool isUserCode(const FunctionDecl *Function) { return Function && !isLibraryCode(Function) && !Function->getBuiltinID(); }

Rechecks::Rechecks(const FunctionModel &Function, UnitFlow &Flow) : Function(Function), Flow(Flow), Unit(Flow.model()) {}

bool Rechecks::isHandedOut(const VarDecl *Variable) const {
  auto Search = [&](auto &&Self, const Stmt *S) -> bool {
    if (!S)
      return false;
    if (const auto *Lambda = dyn_cast<LambdaExpr>(S))
      return llvm::any_of(Lambda->captures(), [&](const LambdaCapture &Capture) {
        return Capture.capturesVariable() && Capture.getCapturedVar() == Variable && Capture.getCaptureKind() == LCK_ByRef;
      });
    if (const auto *Unary = dyn_cast<UnaryOperator>(S); Unary && Unary->getOpcode() == UO_AddrOf)
      if (const auto *Ref = dyn_cast<DeclRefExpr>(stripped(Unary->getSubExpr())); Ref && Ref->getDecl() == Variable)
        return true;
    return llvm::any_of(S->children(), [&](const Stmt *Child) { return Self(Self, Child); });
  };
  return Search(Search, Function.Body);
}

bool Rechecks::isState(const VarDecl *Variable) {
  QualType Type = Variable->getType();
  if (Type->isDependentType())
    return true;
  if (Unit.types().guard(Type.getNonReferenceType()) || Unit.types().mutex(Type.getNonReferenceType()))
    return false;
  if (Variable->hasGlobalStorage())
    return !Variable->isConstexpr() && !(Type.isConstQualified() && Type->isScalarType());
  if (Variable->getDeclContext() != Function.Function || Type->isReferenceType() || Type->isAnyPointerType())
    return true; // the closure's caller's, or somebody else's object
  if (const TagDecl *Class = classOf(Type)) {
    if (Unit.names().isPointer(Class) || Unit.names().isAtomic(Class))
      return true;
    const auto *Record = dyn_cast<CXXRecordDecl>(Class);
    if (Record && !Unit.names().isValue(Class) && !Unit.types().isValue(Type) && !Record->isPOD())
      return true;
  }
  if (isHandedOut(Variable))
    return true;
  // A thread's own value: what it was made from counts, if that happens around the wait.
  if (!Asking.insert(Variable).second)
    return false;
  auto Changes = [&](const Stmt *S) {
    if (const auto *Declaration = dyn_cast<DeclStmt>(S))
      return llvm::is_contained(Declaration->decls(), Variable) && Variable->getInit() && readsState(Variable->getInit(), Current);
    auto Names = [&](const Expr *E) {
      const auto *Ref = dyn_cast<DeclRefExpr>(stripped(E));
      return Ref && Ref->getDecl() == Variable;
    };
    if (const auto *Binary = dyn_cast<BinaryOperator>(S))
      return Binary->isAssignmentOp() && Names(Binary->getLHS()) && readsState(Binary->getRHS(), Current);
    const auto *Call = dyn_cast<CallExpr>(S);
    if (!Call || Call == Current)
      return false;
    CallSite Site = CallSite::of(Call);
    bool Takes = (Site.Object && Names(Site.Object)) || llvm::any_of(Site.Arguments, [&](const Expr *Argument) {
                   return Argument->isLValue() && Names(Argument);
                 });
    return Takes && readsState(Call, Current);
  };
  bool Result = llvm::any_of(Changing, Changes);
  Asking.erase(Variable);
  return Result;
}

bool Rechecks::readsState(const Expr *E, const CallExpr *Wait) {
  auto Reads = [&](auto &&Self, const Stmt *S) -> bool {
    if (!S || S == Wait || isa<LambdaExpr>(S))
      return false;
    if (const auto *Ref = dyn_cast<DeclRefExpr>(S)) {
      if (const auto *Binding = dyn_cast<BindingDecl>(Ref->getDecl()))
        return !isa<VarDecl>(Binding->getDecomposedDecl()) || isState(cast<VarDecl>(Binding->getDecomposedDecl()));
      const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl());
      return Variable && (Ref->refersToEnclosingVariableOrCapture() || isState(Variable));
    }
    if (const auto *Member = dyn_cast<MemberExpr>(S); Member && isa<FieldDecl>(Member->getMemberDecl())) {
      QualType Type = Member->getType();
      if (Unit.types().guard(Type) || Unit.types().mutex(Type))
        return false;
      if (const auto *Base = dyn_cast<DeclRefExpr>(stripped(Member->getBase())); Base && !Member->isArrow())
        return Self(Self, Base);
      return true;
    }
    if (isa<CXXDependentScopeMemberExpr, UnresolvedLookupExpr, UnresolvedMemberExpr, CXXThisExpr>(S))
      return true;
    if (const auto *Call = dyn_cast<CallExpr>(S)) {
      if (waitOf(Call, Unit.names()))
        return false;
      CallSite Site = CallSite::of(Call);
      if (!Site.Callee || isUserCode(Site.Callee))
        return true;
      if (Site.Object && Self(Self, Site.Object))
        return true;
      return llvm::any_of(Site.Arguments, [&](const Expr *Argument) { return Self(Self, Argument); });
    }
    return llvm::any_of(S->children(), [&](const Stmt *Child) { return Self(Self, Child); });
  };
  return E && (E->containsErrors() || Reads(Reads, E));
}

const Stmt *Rechecks::loopAround(const CallExpr *Wait) const {
  auto Search = [&](auto &&Self, const Stmt *S) -> const Stmt * {
    if (!S || isa<LambdaExpr>(S))
      return nullptr;
    for (const Stmt *Child : S->children())
      if (within(Child, Wait)) {
        if (const Stmt *Inner = Self(Self, Child))
          return Inner;
        return isa<WhileStmt, DoStmt, ForStmt, CXXForRangeStmt>(S) ? S : nullptr;
      }
    return nullptr;
  };
  return Search(Search, Function.Body);
}

const Expr *Rechecks::loopCondition(const CallExpr *Wait) const {
  const Stmt *Loop = loopAround(Wait);
  if (const auto *While = dyn_cast_or_null<WhileStmt>(Loop))
    return While->getCond();
  if (const auto *Do = dyn_cast_or_null<DoStmt>(Loop))
    return Do->getCond();
  const auto *For = dyn_cast_or_null<ForStmt>(Loop);
  return For ? For->getCond() : nullptr;
}

llvm::SmallVector<const Expr *, 8> Rechecks::conditionsAround(const CallExpr *Wait) {
  Region Loop, After;
  return regionOf(Wait, Loop, After) ? Loop.Conditions : llvm::SmallVector<const Expr *, 8>();
}

void Rechecks::syntacticRegion(const CallExpr *Wait, Region &Loop, Region &After) {
  collect(Function.Body, After.Conditions, After.Statements);
  if (const Stmt *Around = loopAround(Wait)) {
    collect(Around, Loop.Conditions, Loop.Statements);
    if (Loop.Statements.empty())
      Loop.Statements.push_back(Around);
  }
}

bool Rechecks::regionOf(const CallExpr *Wait, Region &Loop, Region &After) {
  const CFG *Graph = Flow.graph(Function);
  const CFGBlock *Home = nullptr;
  if (Graph)
    for (const CFGBlock *Block : *Graph)
      for (const CFGElement &Element : *Block)
        if (std::optional<CFGStmt> S = Element.getAs<CFGStmt>(); S && S->getStmt() == Wait)
          Home = Block;
  if (!Home) {
    syntacticRegion(Wait, Loop, After);
    return true;
  }
  // The blocks that a path from the wait reaches, and those from which one leads to it.
  auto Walk = [](const CFGBlock *From, auto Next) {
    llvm::SmallPtrSet<const CFGBlock *, 16> Seen;
    llvm::SmallVector<const CFGBlock *, 16> Work;
    auto Add = [&](const CFGBlock *Block) {
      for (const CFGBlock *Other : Next(Block))
        if (Other && Seen.insert(Other).second)
          Work.push_back(Other);
    };
    Add(From);
    while (!Work.empty())
      Add(Work.pop_back_val());
    return Seen;
  };
  auto Reached = Walk(Home, [](const CFGBlock *Block) {
    llvm::SmallVector<const CFGBlock *, 2> Result;
    for (const CFGBlock *Next : Block->succs())
      Result.push_back(Next);
    return Result;
  });
  auto Leading = Walk(Home, [](const CFGBlock *Block) {
    llvm::SmallVector<const CFGBlock *, 2> Result;
    for (const CFGBlock *Before : Block->preds())
      Result.push_back(Before);
    return Result;
  });
  auto Add = [&](const CFGBlock *Block, Region &Into) {
    for (const CFGElement &Element : *Block)
      if (std::optional<CFGStmt> S = Element.getAs<CFGStmt>())
        Into.Statements.push_back(S->getStmt());
    // A loop over what was shared does nothing if there is nothing; the loop around the wait itself asks for no state.
    if (const auto *Range = dyn_cast_or_null<CXXForRangeStmt>(Block->getTerminatorStmt())) {
      if (!within(Range->getBody(), Wait))
        Into.Conditions.push_back(Range->getRangeInit());
    } else if (const auto *Condition = dyn_cast_or_null<Expr>(Block->getTerminatorCondition())) {
      Into.Conditions.push_back(Condition);
    }
  };
  bool Loops = Reached.contains(Home);
  Add(Home, After);
  for (const CFGBlock *Block : *Graph) {
    if (Reached.contains(Block))
      Add(Block, After);
    if (Loops && Reached.contains(Block) && Leading.contains(Block))
      Add(Block, Loop);
  }
  return Loops;
}

/// The state is looked at where the lock is not held, and behind the wait it is used without another look:
/// `while (running) { lock; wait; pop; unlock; }`.
bool Rechecks::looksOnlyOutside(const CallExpr *Wait, const Region &Loop) {
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
  llvm::DenseSet<const Stmt *> Under;
  Held.forEach([&](const Stmt *S, const LockSet &State) {
    if (State.May.anyCommon(AtWait))
      Under.insert(S);
  });
  for (const Expr *Condition : Loop.Conditions) {
    Changing = Loop.Statements;
    if (!readsState(Condition, Wait))
      continue;
    Changing = {};
    // Full expressions and conversions are no elements of the graph.
    bool IsUnder = Under.contains(Condition) || Under.contains(withoutCleanups(Condition)) || Under.contains(stripped(Condition));
    if (IsUnder || !readsState(Condition, Wait)) // a local that was made from the state
      return false;
  }
  bool Uses = false;
  for (const Stmt *S : Loop.Statements) {
    if (S == Wait || !Under.contains(S) || within(Wait, S))
      continue;
    if (const auto *Call = dyn_cast<CallExpr>(S); Call && (!Call->getDirectCallee() || isUserCode(Call->getDirectCallee())))
      if (llvm::none_of(Call->arguments(), [&](const Expr *Argument) { return readsState(Argument, Wait); }))
        return false; // whoever is called may look; who is given the state uses it
    if (const auto *Member = dyn_cast<MemberExpr>(S); Member && isa<FieldDecl>(Member->getMemberDecl()))
      Uses |= !Unit.types().isSynchronised(Member->getType()) && !Unit.types().guard(Member->getType());
    if (const auto *Ref = dyn_cast<DeclRefExpr>(S))
      if (const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl()))
        Uses |= Variable->hasGlobalStorage() && !Unit.types().isSynchronised(Variable->getType());
  }
  return Uses;
}

namespace {

/// Forward from \p Wait in \p Home, there is a way to one of \p Changes past no condition that \p Looks.
bool reachesUnasked(const CFGBlock &Home, const CallExpr *Wait, const llvm::DenseSet<const Stmt *> &Changes,
                    llvm::function_ref<bool(const Expr *)> Looks) {
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
    if (Condition && Looks(Condition))
      continue;
    for (const CFGBlock *Next : Block->succs())
      if (Next && Seen.insert(Next).second)
        Work.push_back(Next);
  }
  return false;
}

} // namespace

/// What an `if` asked before the wait is taken for granted behind it: `for (;;) { if (q.empty()) wait; q.pop(); }`.
bool Rechecks::usesUnchecked(const CallExpr *Wait) {
  const Stmt *Loop = loopAround(Wait);
  const IfStmt *Asks = nullptr;
  for (const Stmt *Branch : Function.Branches)
    if (const auto *If = dyn_cast<IfStmt>(Branch); If && within(If->getThen(), Wait) && (!Loop || within(Loop, If)))
      Asks = If; // the innermost, as they come in the order of the source
  const CFG *Graph = Flow.graph(Function);
  if (!Asks || !Graph)
    return false;
  llvm::SmallVector<AccessPath, 4> Asked;
  for (const Expr *Access : Function.Accesses)
    if (within(Asks->getCond(), Access))
      if (std::optional<AccessPath> Path = pathOf(Access, Unit.names()))
        Asked.push_back(std::move(*Path));
  const CFGBlock *Home = nullptr;
  for (const CFGBlock *Block : *Graph)
    for (const CFGElement &Element : *Block)
      if (std::optional<CFGStmt> S = Element.getAs<CFGStmt>(); S && S->getStmt() == Wait)
        Home = Block;
  // A condition that looks at nothing but other parts of what was asked says nothing of this one.
  auto LooksElsewhere = [&](const Expr *Condition, const AccessPath &Place) {
    if (llvm::any_of(Function.Calls, [&](const CallExpr *Call) { return within(Condition, Call) && isUserCode(Call->getDirectCallee()); }))
      return false;
    for (const Expr *Access : Function.Accesses)
      if (within(Condition, Access)) {
        std::optional<AccessPath> Path = pathOf(Access, Unit.names());
        if (!Path || !llvm::is_contained(Asked, *Path) || *Path == Place)
          return false;
      }
    return true;
  };
  return Home && llvm::any_of(Asked, [&](const AccessPath &Place) {
           llvm::DenseSet<const Stmt *> Changes;
           if (Place.lastField() && Unit.types().isSynchronised(Place.lastField()->getType()))
             return false;
           for (const ClassifiedAccess &Access : Flow.accesses(Function))
             if (Access.Kind != AccessKind::Read && Access.Path == Place)
               Changes.insert(Access.Where);
           return !Changes.empty() && reachesUnasked(*Home, Wait, Changes, [&](const Expr *Condition) {
             return readsState(Condition, Wait) && !LooksElsewhere(Condition, Place);
           });
         });
}

WaitPlace Rechecks::placeOf(const CallExpr *Wait, bool Timed) {
  Current = Wait;
  Region Loop, After;
  bool Loops = regionOf(Wait, Loop, After) && !Loop.Statements.empty();
  auto Looks = [&](const Region &Where) {
    Changing = Where.Statements;
    return llvm::any_of(Where.Conditions, [&](const Expr *Condition) { return readsState(Condition, Wait); });
  };
  if (Loops && Looks(Loop))
    return !Timed && (looksOnlyOutside(Wait, Loop) || usesUnchecked(Wait)) ? WaitPlace::BlindLoop : WaitPlace::Rechecked;
  if (Timed && !Loops) {
    if (Looks(After))
      return WaitPlace::Rechecked;
    for (const Stmt *S : After.Statements)
      if (const auto *Return = dyn_cast<ReturnStmt>(S); Return && Return->getRetValue() &&
                                                         withoutCleanups(Return->getRetValue())->getType()->isBooleanType() &&
                                                         readsState(Return->getRetValue(), Wait))
        return WaitPlace::Rechecked;
  }
  return Loops ? WaitPlace::BlindLoop : WaitPlace::Alone;
}

bool Rechecks::onlyWaits(const CallExpr *Wait) {
  LockTypes &Types = Unit.types();
  for (const GuardVariable &Guard : Function.Guards)
    if (Guard.How.Kind != Acquisition::Adopts && Guard.How.Kind != Acquisition::Transfers)
      return false;
  if (!Function.Temporaries.empty())
    return false;
  auto IsLockMatter = [&](const Expr *E) {
    QualType Type = E->getType().getNonReferenceType();
    if (Type->isPointerType())
      Type = Type->getPointeeType();
    return Types.isSynchronised(Type) || Types.guard(Type);
  };
  for (const CallExpr *Call : Function.Calls) {
    if (Call == Wait || within(Wait, Call))
      continue;
    if (std::optional<LockEffect> Effect = Types.effectOf(Call);
        Effect && (Effect->Effect == FunctionEffect::Lock || Effect->Effect == FunctionEffect::SharedLock))
      return false;
    CallSite Site = CallSite::of(Call);
    if (Site.Callee && !isUserCode(Site.Callee))
      continue;
    bool Concerned = (Site.Object && IsLockMatter(Site.Object)) || llvm::any_of(Site.Arguments, IsLockMatter);
    if (!Concerned && !waitOf(Call, Unit.names()))
      return false;
  }
  // Counting the waiters is no look at the state; nor is the way to the lock and the condition variable.
  llvm::DenseSet<const Stmt *> Harmless;
  auto Mark = [&](auto &&Self, const Stmt *S) -> void {
    if (!S)
      return;
    if (const auto *Unary = dyn_cast<UnaryOperator>(S); Unary && Unary->isIncrementDecrementOp())
      Harmless.insert(Unary->getSubExpr()->IgnoreParenImpCasts());
    if (const auto *Member = dyn_cast<MemberExpr>(S))
      Harmless.insert(Member->getBase()->IgnoreParenImpCasts());
    for (const Stmt *Child : S->children())
      Self(Self, Child);
  };
  Mark(Mark, Function.Body);
  for (const Expr *Access : Function.Accesses) {
    if (Harmless.contains(Access) || within(Wait, Access) || IsLockMatter(Access))
      continue;
    if (isa<MemberExpr>(Access))
      return false;
    const auto *Variable = dyn_cast<VarDecl>(cast<DeclRefExpr>(Access)->getDecl());
    if (Variable && Variable->hasGlobalStorage() && !Variable->getType().isConstQualified())
      return false;
  }
  return true;
}

} // namespace ward
