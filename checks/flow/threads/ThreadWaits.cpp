// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/threads/ThreadWaits.h"

#include "flow/threads/Joins.h"
#include "flow/threads/Signals.h"
#include "model/BranchParts.h"
#include "model/Callables.h"
#include "model/StmtParents.h"
#include "model/ThreadHandle.h"
#include "model/Waits.h"

#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace ward {
namespace {

/// The expressions that \p Object is initialised with.
ArrayRef<const Expr *> initialisersOf(const Expr *Object) {
  Object = stripped(Object);
  while (const auto *Copy = dyn_cast<CXXConstructExpr>(Object)) {
    if (!Copy->getConstructor()->isCopyOrMoveConstructor() || Copy->getNumArgs() != 1)
      return {Copy->getArgs(), Copy->getNumArgs()};
    Object = stripped(Copy->getArg(0));
  }
  if (const auto *List = dyn_cast<InitListExpr>(Object))
    return {List->getInits(), List->getNumInits()};
  return {};
}

bool isZero(const Expr *E) {
  const auto *Literal = dyn_cast<IntegerLiteral>(stripped(E));
  return Literal && Literal->getValue() == 0;
}

} // namespace

ThreadWaits::ThreadWaits(const Spawn &Started, ArrayRef<Captured> Captures, UnitFlow &Flow)
    : Started(Started), Flow(Flow), Unit(Flow.model()), Names(Unit.names()) {
  for (const CallExpr *Call : Started.In ? ArrayRef(Started.In->Calls) : ArrayRef<const CallExpr *>())
    if (const auto *Assign = dyn_cast<CXXOperatorCallExpr>(Call);
        Assign && Assign->getOperator() == OO_Equal && Assign->getNumArgs() == 2 && contains(Assign->getArg(1), Started.Site))
      Index = indexIn(Assign->getArg(0));
  if (Started.Handle && Started.In) { // pthread_create(&threads[0], ...), pthread_create(&threads[i], ...)
    const Expr *Handle = withoutAddressOf(Started.Handle);
    Index = indexIn(Handle);
    for (const Stmt *Branch : Started.In->Branches)
      if (std::optional<CountedLoop> Loop = CountedLoop::of(Branch, Unit.context()); Loop && contains(Branch, Started.Site) && isIndexedBy(Handle, Loop->Variable))
        Turns = Loop;
  }
  for (const Captured &Capture : Captures) {
    const auto *From = Capture.Source ? dyn_cast_or_null<DeclRefExpr>(originalValue(Capture.Source, Names)) : nullptr;
    if (From)
      Moved.push_back(From->getDecl());
    addShared(Capture.Source);
    if (Capture.Variable && (Capture.Type->isReferenceType() || Capture.Type->isPointerType()))
      if (const auto *Variable = dyn_cast<VarDecl>(Capture.Variable))
        Shared.push_back(Variable);
  }
}

void ThreadWaits::addShared(const Expr *Object) {
  for (const Expr *Argument : Object ? initialisersOf(Object) : ArrayRef<const Expr *>()) {
    addShared(Argument);
    const auto *Ref = Argument->isLValue() ? dyn_cast<DeclRefExpr>(stripped(Argument)) : nullptr;
    const auto *Variable = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
    if (Variable && Variable->hasLocalStorage())
      Shared.push_back(Variable);
  }
}

void ThreadWaits::setPool(AccessPath Owner) {
  Handles.push_back(Owner);
  Pool = std::move(Owner);
}

std::optional<int64_t> ThreadWaits::indexIn(const Expr *E) const {
  E = stripped(E);
  const auto *Subscript = dyn_cast<ArraySubscriptExpr>(E);
  const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E);
  const Expr *At = Subscript ? Subscript->getIdx() : Operator && Operator->getOperator() == OO_Subscript ? Operator->getArg(1) : nullptr;
  Expr::EvalResult Value;
  return At && !At->isValueDependent() && At->EvaluateAsInt(Value, Unit.context()) ? std::optional(Value.Val.getInt().getExtValue()) : std::nullopt;
}

bool ThreadWaits::isHandle(const Expr *E) const {
  if (std::optional<int64_t> Other = Index ? indexIn(E) : std::nullopt; Other && *Other != *Index)
    return false;
  std::optional<AccessPath> Path = pathOf(E, Names);
  return Path && isHandle(*Path);
}

bool ThreadWaits::isHandle(const AccessPath &Path) const {
  return llvm::any_of(Handles, [&](const AccessPath &Handle) { return Path.startsWith(Handle); });
}

bool ThreadWaits::mentionsHandle(const Stmt *S) const {
  if (!S)
    return false;
  if (const auto *E = dyn_cast<Expr>(S); E && isa<DeclRefExpr, MemberExpr>(E) && isHandle(E))
    return true;
  return llvm::any_of(S->children(), [&](const Stmt *Child) { return mentionsHandle(Child); });
}

bool ThreadWaits::containsJoin(const Stmt *S) const {
  if (!S)
    return false;
  if (const auto *Call = dyn_cast<CallExpr>(S);
      Call && (joinedBy(Call, Names) || (Unit.function(Call->getDirectCallee()) && Flow.joins().joinsSomething(*Unit.function(Call->getDirectCallee())))))
    return true;
  if (const auto *Ref = dyn_cast<DeclRefExpr>(S)) // &std::thread::join given to an algorithm
    if (const auto *Method = dyn_cast<CXXMethodDecl>(Ref->getDecl()))
      if (const ThreadEntry *Entry = Names.thread(Method->getParent()))
        return llvm::is_contained(Entry->Join, Method->getNameAsString());
  if (const auto *Lambda = dyn_cast<LambdaExpr>(S))
    return containsJoin(Lambda->getBody());
  return llvm::any_of(S->children(), [&](const Stmt *Child) { return containsJoin(Child); });
}

bool ThreadWaits::calleeJoins(const CallExpr *Call) const {
  const FunctionModel *Callee = Unit.function(CallSite::of(Call).Callee);
  return Callee && Flow.joins().joinsSomething(*Callee);
}

bool ThreadWaits::isShared(const Expr *E) const {
  const auto *Ref = dyn_cast<DeclRefExpr>(stripped(E));
  return Ref && llvm::is_contained(Shared, Ref->getDecl());
}

bool ThreadWaits::isMovedIn(const Expr *E) const {
  const auto *Ref = dyn_cast<DeclRefExpr>(stripped(E));
  auto IsSame = [&](const Expr *Passed) {
    const auto *Other = dyn_cast_or_null<DeclRefExpr>(originalValue(Passed, Names));
    return Ref && Other && Other->getDecl() == Ref->getDecl();
  };
  return IsSame(Started.Callable) || llvm::any_of(Started.Arguments, IsSame) || (Ref && llvm::is_contained(Moved, Ref->getDecl()));
}

bool ThreadWaits::endsInside(const FunctionModel &Body, const Expr *Object) const {
  // The members of an object that was made here from what the thread shares.
  bool OfShared = false;
  if (Object)
    for (const Expr *Part : initialisersOf(Object))
      OfShared |= isShared(Part);
  return waitsFor(
      Body,
      [&](const AccessPath &Place) { return Place.root() ? llvm::is_contained(Shared, Place.root()) : OfShared && !Place.steps().empty(); },
      Unit);
}

bool ThreadWaits::waitsForSignal(const CXXMemberCallExpr *Call) const {
  const CXXMethodDecl *Method = Call->getMethodDecl();
  if (!Method || !Method->getDeclName().isIdentifier() || !soundsLikeWaiting(Method->getName()))
    return false;
  const Expr *Object = Call->getImplicitObjectArgument();
  if (Pool && pathOf(Object, Names) == Pool) {
    const FunctionModel *Callee = Unit.function(Method);
    return !Callee || !containsJoin(Callee->Body); // otherwise it joins on every path, or does not join
  }
  if (!Signals)
    return false;
  if (isShared(Object))
    return !(ForLifetime && waitOf(Call, Names) && notifiesLate(Object));
  const auto *Ref = dyn_cast<DeclRefExpr>(stripped(Object));
  const auto *Variable = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
  const auto *Init = Variable && Variable->getInit() ? dyn_cast<CXXMemberCallExpr>(stripped(Variable->getInit())) : nullptr;
  if (Init && (isShared(Init->getImplicitObjectArgument()) || isMovedIn(Init->getImplicitObjectArgument())))
    return true;
  // promise.get_future().get()
  const auto *Chained = dyn_cast<CXXMemberCallExpr>(stripped(Object));
  return Chained && isShared(Chained->getImplicitObjectArgument());
}

bool ThreadWaits::notifiesLate(const Expr *Condvar) const {
  const FunctionModel *Body = Flow.spawns().bodyOf(Started);
  std::optional<AccessPath> Place = pathOf(Condvar, Names);
  return Body && Place && llvm::any_of(Body->Calls, [&](const CallExpr *Call) {
           std::optional<Notification> Notifies = notificationOf(Call, Names);
           return Notifies && pathOf(Notifies->Condvar, Names) == Place && Flow.locks().heldAt(*Body, Call).empty();
         });
}

bool ThreadWaits::waitsForPool(const CXXMemberCallExpr *Call) const {
  const FunctionModel *Callee = Pool && Call != Started.Site ? Unit.function(Call->getMethodDecl()) : nullptr;
  if (!Callee || pathOf(Call->getImplicitObjectArgument(), Names) != Pool)
    return false;
  if (containsJoin(Callee->Body))
    return false;
  // A function that takes a task may wait for a free place.
  for (const ParmVarDecl *Parameter : Callee->Function->parameters())
    if (containsCallable(Parameter->getType(), Names))
      return false;
  return waitsFor(*Callee, [](const AccessPath &Place) { return !Place.root() && !Place.steps().empty(); }, Unit);
}

bool ThreadWaits::endsByDrop(const Expr *E) const {
  const Expr *Object = droppedBy(E, Names);
  if (!Object || Started.End == ThreadEnd::Scoped || !isHandle(Object) || contains(E, Started.Site))
    return false;
  QualType Type = Object->getType();
  return destructionOf(Type->isPointerType() ? Type->getPointeeType() : Type, Unit) == HandleDestruction::Joins;
}

bool ThreadWaits::endsByCall(const CallExpr *Call) const {
  const FunctionDecl *Waiting = Call->getDirectCallee();
  if (Waiting && Waiting->getDeclName().isIdentifier() && mayTimeOut(Waiting->getName()))
    return false; // signalledIf() judges by its result
  if (const Expr *Object = joinedBy(Call, Names); Object && isHandle(Object))
    return !isOfOthers(Object);
  if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call)) {
    if (waitsForSignal(Member) || waitsForPool(Member))
      return true;
  }
  // stop() of the object that owns the handle, joinAll(threads)
  if (Call != Started.Site &&
      Flow.joins().joinsByCall(Call, [&](const std::optional<AccessPath> &Handle) { return Handle && isHandle(*Handle); }))
    return true;
  bool Passed = false, ByReference = false;
  CallSite Site = CallSite::of(Call);
  if (const FunctionModel *Callee = Unit.function(Site.Callee)) {
    const auto *Method = dyn_cast<CXXMethodDecl>(Site.Callee);
    if (Method && Method->getParent()->isLambda()) { // a closure is judged like the function that contains it
      if ((Signals && endsInside(*Callee, nullptr)) ||
          llvm::any_of(Callee->Calls, [&](const CallExpr *Inner) { return Inner != Call && endsByCall(Inner); }))
        return true;
    } else if (Signals && waitsFor(
                   *Callee,
                   [&](const AccessPath &Inner) {
                     std::optional<AccessPath> Here = atCall(Inner, Site, Names);
                     return Here && Here->root() && llvm::is_contained(Shared, Here->root());
                   },
                   Unit)) {
      return true;
    }
  }
  // wait_for(done): a function that is passed a reference to what the thread signals with.
  const auto *Named = Site.Callee && !isa<CXXMethodDecl>(Site.Callee) ? Site.Callee : nullptr;
  if (Signals && Named && Named->getDeclName().isIdentifier() && soundsLikeWaiting(Named->getName()))
    for (unsigned I = 0; I != Site.Arguments.size() && I != Named->getNumParams(); ++I)
      if (QualType Type = Named->getParamDecl(I)->getType();
          (Type->isReferenceType() || Type->isPointerType()) && isShared(withoutAddressOf(Site.Arguments[I])))
        return true;
  for (const Expr *Argument : Site.Arguments)
    if (mentionsHandle(Argument)) {
      Passed = true;
      ByReference |= Argument->isLValue();
    }
  if (!Passed)
    return false;
  if (llvm::any_of(Call->arguments(), [&](const Expr *Argument) { return containsJoin(Argument); }))
    return true; // std::for_each(ts.begin(), ts.end(), ...join...)
  if (Site.Callee && Names.spawn(Site.Callee))
    return false; // more work for the same pool
  if (const FunctionModel *Callee = Unit.function(Site.Callee)) // by a name that the caller can't tell
    return Flow.joins().joinsSomething(*Callee);
  // A function whose body is not visible may join a handle passed by reference; one passed by value it keeps.
  return ByReference && Site.Callee && !Site.Callee->isInStdNamespace() && !Names.isEmplacer(Site.Callee);
}

bool ThreadWaits::isOfOthers(const Expr *Element) const {
  auto Omits = [&](const Stmt *Branch) {
    std::optional<CountedLoop> Loop = contains(Branch, Element) ? CountedLoop::of(Branch, Unit.context()) : std::nullopt;
    return Loop && isIndexedBy(Element, Loop->Variable) && !(Index ? Loop->covers(*Index) : Loop->covers(*Turns));
  };
  return (Index || Turns) && Started.In && llvm::any_of(Started.In->Branches, Omits);
}

bool ThreadWaits::joinsOnlyOthers(const Stmt *Loop) const {
  return (Index || Turns) && Started.In && llvm::any_of(Started.In->Calls, [&](const CallExpr *Call) {
    const Expr *Object = joinedBy(Call, Names);
    return Object && contains(Loop, Call) && isOfOthers(Object);
  });
}

bool ThreadWaits::endsByLoop(const Stmt *Loop) const {
  if (const auto *Range = dyn_cast_or_null<CXXForRangeStmt>(Loop))
    return containsJoin(Range->getBody()) && mentionsHandle(Range->getRangeInit());
  std::optional<const Expr *> Condition = Loop ? loopCondition(Loop) : std::nullopt;
  return Condition && ((containsJoin(Loop) && mentionsHandle(Loop) && !joinsOnlyOthers(Loop)) || (Signals && readsSharedAtomic(*Condition)) || containsSignal(Loop));
}

bool ThreadWaits::containsSignal(const Stmt *S) const {
  if (!S || isa<LambdaExpr>(S))
    return false;
  if (const auto *Call = dyn_cast<CXXMemberCallExpr>(S); Call && waitsForSignal(Call))
    return true;
  return llvm::any_of(S->children(), [&](const Stmt *Child) { return containsSignal(Child); });
}

bool ThreadWaits::readsSharedAtomic(const Stmt *S) const {
  if (!S)
    return false;
  if (const auto *Ref = dyn_cast<DeclRefExpr>(S); Ref && isShared(Ref) && Unit.types().isSynchronised(Ref->getType()))
    return true;
  return llvm::any_of(S->children(), [&](const Stmt *Child) { return readsSharedAtomic(Child); });
}

void ThreadWaits::noteStartCode(const Stmt *S) {
  const auto *Assign = Started.Handle ? dyn_cast<BinaryOperator>(S) : nullptr;
  if (!Assign || Assign->getOpcode() != BO_Assign || stripped(Assign->getRHS()) != Started.Site)
    return;
  if (const auto *Ref = dyn_cast<DeclRefExpr>(stripped(Assign->getLHS())))
    if (const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl()))
      Codes.insert(Variable);
}

bool ThreadWaits::isStartCode(const Expr *E) const {
  E = stripped(E);
  if (const auto *Assign = dyn_cast<BinaryOperator>(E); Assign && Assign->getOpcode() == BO_Assign)
    E = stripped(Assign->getRHS());
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) {
    const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl());
    if (Variable && Variable->getInit() && stripped(Variable->getInit()) == Started.Site)
      return true;
    return Variable && Codes.contains(Variable);
  }
  return E == Started.Site;
}

bool ThreadWaits::failedToStart(const Expr *Condition, unsigned Index) const {
  if (!Started.Handle)
    return false;
  Condition = stripped(Condition);
  if (isStartCode(Condition))
    return Index == 0;
  if (const auto *Not = dyn_cast<UnaryOperator>(Condition); Not && Not->getOpcode() == UO_LNot)
    return isStartCode(Not->getSubExpr()) && Index == 1;
  const auto *Compare = dyn_cast<BinaryOperator>(Condition);
  if (!Compare || !Compare->isComparisonOp())
    return false;
  bool Asks = (isStartCode(Compare->getLHS()) && isZero(Compare->getRHS())) ||
              (isStartCode(Compare->getRHS()) && isZero(Compare->getLHS()));
  return Asks && Index == (Compare->getOpcode() == BO_EQ ? 1u : 0u);
}

std::optional<bool> ThreadWaits::signalledIf(const Expr *E, unsigned Depth) const {
  E = stripped(E);
  if (Depth == 0 || !E)
    return std::nullopt;
  if (const auto *Not = dyn_cast<UnaryOperator>(E); Not && Not->getOpcode() == UO_LNot) {
    std::optional<bool> Inner = signalledIf(Not->getSubExpr(), Depth - 1);
    return Inner ? std::optional(!*Inner) : std::nullopt;
  }
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) { // `bool done = p.wait_for(time);`
    const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl());
    return Variable && Variable->isLocalVarDecl() && Variable->getInit() && Names.rebindings().isNeverReassigned(Variable)
               ? signalledIf(Variable->getInit(), Depth - 1)
               : std::nullopt;
  }
  if (const auto *Compare = dyn_cast<BinaryOperator>(E); Compare && Compare->isEqualityOp()) {
    // With the enumerator, or the literal, that stands for success or for failure.
    for (auto [Wait, Result] : {std::pair(Compare->getLHS(), Compare->getRHS()), std::pair(Compare->getRHS(), Compare->getLHS())}) {
      std::optional<bool> Inner = signalledIf(Wait, Depth - 1);
      const auto *Ref = dyn_cast<DeclRefExpr>(stripped(Result));
      const auto *Value = Ref ? dyn_cast<EnumConstantDecl>(Ref->getDecl()) : nullptr;
      const auto *Literal = dyn_cast<CXXBoolLiteralExpr>(stripped(Result));
      if (!Inner || (!Value && !Literal))
        continue;
      bool Success = Literal ? Literal->getValue() : Value->getName() != "timeout" && Value->getName() != "deferred";
      return *Inner == (Success == (Compare->getOpcode() == BO_EQ));
    }
    return std::nullopt;
  }
  const auto *Call = dyn_cast<CXXMemberCallExpr>(E);
  const CXXMethodDecl *Method = Call ? Call->getMethodDecl() : nullptr;
  bool IsTimed = Method && Method->getDeclName().isIdentifier() && mayTimeOut(Method->getName());
  return IsTimed && (waitsForSignal(Call) || waitsForPool(Call) || isHandle(Call->getImplicitObjectArgument())) ? std::optional(true) : std::nullopt;
}

bool ThreadWaits::hasEndedAfter(const CFGBlock &Block, unsigned Index) const {
  const Expr *Condition = decidingCondition(Block);
  if (!Condition)
    return false;
  if (failedToStart(Condition, Index))
    return true;
  if (std::optional<bool> Signalled = signalledIf(Condition); Signalled && *Signalled == (Index == 0))
    return true;
  if (const auto *If = dyn_cast_or_null<IfStmt>(Block.getTerminatorStmt());
      If && Index == 1 && Started.In && containsJoin(If->getThen()) && isUnderSameCondition(*Started.In, Started.Site, If, Unit))
    return true;
  bool Negated = false;
  const auto *Call = dyn_cast<CXXMemberCallExpr>(withoutNegation(Condition, Negated));
  if (!Call || !Call->getMethodDecl() || !isHandle(Call->getImplicitObjectArgument()))
    return false;
  const CXXMethodDecl *Method = Call->getMethodDecl();
  const ThreadEntry *Entry = Names.thread(classOf(Call->getImplicitObjectArgument()->IgnoreParenImpCasts()->getType()));
  if (!Entry)
    Entry = Names.thread(Method->getParent());
  bool Asks = isa<CXXConversionDecl>(Method) || (Entry && llvm::is_contained(Entry->Alive, Method->getNameAsString()));
  return Asks && Index == (Negated ? 0u : 1u);
}

} // namespace ward
