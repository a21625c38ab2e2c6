// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "model/OwnWaits.h"

#include "model/Callables.h"
#include "model/LockEffects.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace ward {
namespace {

/// Wrappers around wrappers are followed that deep.
constexpr unsigned MaxWrappers = 8;

bool isPartOf(const Stmt *S, const Stmt *Root) {
  return Root && (Root == S || llvm::any_of(Root->children(), [&](const Stmt *Child) { return isPartOf(S, Child); }));
}

/// The parameter of \p Function that \p Decl is, by its number; -1 if it is none.
int parameterNumber(const ValueDecl *Decl, const FunctionDecl *Function) {
  const auto *Parameter = dyn_cast_or_null<ParmVarDecl>(Decl);
  if (!Parameter || Parameter->getFunctionScopeIndex() >= Function->getNumParams() ||
      Function->getParamDecl(Parameter->getFunctionScopeIndex())->getCanonicalDecl() != Parameter->getCanonicalDecl())
    return -1;
  return static_cast<int>(Parameter->getFunctionScopeIndex());
}

/// The parameter that \p Called, the callee of a call in \p Function, is: `ready()`.
int calledParameter(const CallExpr *Call, const FunctionDecl *Function) {
  const Expr *Callee = isa<CXXOperatorCallExpr>(Call) && Call->getNumArgs() > 0 ? Call->getArg(0) : Call->getCallee();
  const auto *Ref = Callee ? dyn_cast<DeclRefExpr>(stripped(Callee)) : nullptr;
  return Ref && isCallable(Ref->getType()) ? parameterNumber(Ref->getDecl(), Function) : -1;
}

/// Collects the conditions of \p S, and the operands of its logical operators.
void collectConditions(const Stmt *S, llvm::SmallVectorImpl<const Stmt *> &Out) {
  if (!S || isa<LambdaExpr>(S))
    return;
  if (const auto *If = dyn_cast<IfStmt>(S))
    Out.push_back(If->getCond());
  else if (const auto *While = dyn_cast<WhileStmt>(S))
    Out.push_back(While->getCond());
  else if (const auto *Do = dyn_cast<DoStmt>(S))
    Out.push_back(Do->getCond());
  else if (const auto *For = dyn_cast<ForStmt>(S))
    Out.push_back(For->getCond());
  else if (const auto *Switch = dyn_cast<SwitchStmt>(S))
    Out.push_back(Switch->getCond());
  else if (const auto *Conditional = dyn_cast<AbstractConditionalOperator>(S))
    Out.push_back(Conditional->getCond());
  else if (const auto *Binary = dyn_cast<BinaryOperator>(S); Binary && Binary->isLogicalOp())
    Out.push_back(Binary);
  else if (const auto *Range = dyn_cast<CXXForRangeStmt>(S))
    Out.push_back(Range->getRangeInit());
  for (const Stmt *Child : S->children())
    collectConditions(Child, Out);
}

/// Collects what \p S returns, and what it stores in truth values.
void collectResults(const Stmt *S, llvm::SmallVectorImpl<const Stmt *> &Out) {
  if (!S || isa<LambdaExpr>(S))
    return;
  if (const auto *Return = dyn_cast<ReturnStmt>(S); Return && Return->getRetValue())
    Out.push_back(Return->getRetValue());
  else if (const auto *Declaration = dyn_cast<DeclStmt>(S)) {
    for (const Decl *D : Declaration->decls())
      if (const auto *Variable = dyn_cast<VarDecl>(D);
          Variable && Variable->getInit() && Variable->getType()->isBooleanType())
        Out.push_back(Variable->getInit());
  }
  for (const Stmt *Child : S->children())
    collectResults(Child, Out);
}

/// The call uses only local variables and parameters, and changes none of them: it compares times, say.
bool seesOnlyLocals(const CallSite &Site) {
  auto IsLocal = [](const Expr *E) {
    const auto *Ref = E ? dyn_cast<DeclRefExpr>(stripped(E)) : nullptr;
    const auto *Variable = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
    return Variable && !Variable->hasGlobalStorage();
  };
  const auto *Method = dyn_cast<CXXMethodDecl>(Site.Callee);
  bool OnObject = Method && !Method->isStatic();
  if (OnObject ? !Method->isConst() || !IsLocal(Site.Object) : Site.Arguments.empty())
    return false;
  return llvm::all_of(Site.Arguments, IsLocal) && llvm::all_of(Site.Callee->parameters(), [](const ParmVarDecl *Parameter) {
           QualType Type = Parameter->getType();
           return !Type->isPointerType() && (!Type->isReferenceType() || Type->getPointeeType().isConstQualified());
         });
}

QualType pointeeOrSelf(QualType Type) {
  Type = Type.getNonReferenceType();
  return Type->isPointerType() ? Type->getPointeeType() : Type;
}

} // namespace

bool onlyWaits(const FunctionModel &Function, const CallExpr *Wait, UnitModel &Unit) {
  LockTypes &Types = Unit.types();
  for (const GuardVariable &Guard : Function.Guards)
    if (Guard.How.Kind != Acquisition::Adopts && Guard.How.Kind != Acquisition::Transfers)
      return false;
  if (!Function.Temporaries.empty())
    return false;
  llvm::SmallVector<const Stmt *, 4> Decisive;
  collectConditions(Function.Body, Decisive);
  collectResults(Function.Body, Decisive);
  auto Decides = [&](const Stmt *S) {
    return llvm::any_of(Decisive, [&](const Stmt *Root) { return isPartOf(S, Root); });
  };
  auto IsSynchronisation = [&](const Expr *E) {
    QualType Type = pointeeOrSelf(E->getType());
    return Types.isSynchronised(Type) || Types.guard(Type);
  };
  for (const CallExpr *Call : Function.Calls) {
    if (Call == Wait || isPartOf(Call, Wait))
      continue;
    if (std::optional<LockEffect> Effect = Types.effectOf(Call);
        Effect && (Effect->Effect == FunctionEffect::Lock || Effect->Effect == FunctionEffect::SharedLock))
      return false;
    CallSite Site = CallSite::of(Call);
    if (Site.Callee && (isLibraryCode(Site.Callee) || Site.Callee->getBuiltinID()))
      continue;
    if (calledParameter(Call, Function.Function) >= 0)
      continue; // the predicate
    bool Synchronises =
        (Site.Object && IsSynchronisation(Site.Object)) || llvm::any_of(Site.Arguments, IsSynchronisation);
    if (Synchronises || waitOf(Call, Unit))
      continue;
    // It computes a deadline, or counts. Where its result decides, it may check the state, unless it only sees locals and parameters, as
    // `now >= deadline`; or it acquires a lock itself.
    const FunctionModel *Callee = Site.Callee ? Unit.function(Site.Callee) : nullptr;
    if (!Site.Callee || (Decides(Call) && !seesOnlyLocals(Site)) || (Callee && Callee->touchesLocks()))
      return false;
  }
  // Counting the waiters does not read the state; nor do the expressions that name the lock and the condition variable.
  llvm::DenseSet<const Stmt *> Harmless;
  auto Mark = [&](auto &&Self, const Stmt *S) -> void {
    if (!S)
      return;
    if (const auto *Unary = dyn_cast<UnaryOperator>(S); Unary && Unary->isIncrementDecrementOp())
      Harmless.insert(Unary->getSubExpr()->IgnoreParenImpCasts());
    if (const auto *Binary = dyn_cast<BinaryOperator>(S); Binary && Binary->isAssignmentOp())
      Harmless.insert(Binary->getLHS()->IgnoreParenImpCasts());
    if (const auto *Member = dyn_cast<MemberExpr>(S))
      Harmless.insert(Member->getBase()->IgnoreParenImpCasts());
    for (const Stmt *Child : S->children())
      Self(Self, Child);
  };
  Mark(Mark, Function.Body);
  for (const Expr *Access : Function.Accesses) {
    if (Harmless.contains(Access) || isPartOf(Access, Wait) || IsSynchronisation(Access) || !Decides(Access))
      continue;
    if (isa<MemberExpr>(Access))
      return false;
    const auto *Variable = dyn_cast<VarDecl>(cast<DeclRefExpr>(Access)->getDecl());
    if (Variable && Variable->hasGlobalStorage() && !Variable->getType().isConstQualified())
      return false;
  }
  return true;
}

const OwnWait *OwnWaits::of(const FunctionModel *Function) {
  if (!Function || Function->IsPattern || Depth == MaxWrappers)
    return nullptr;
  auto [It, New] = Known.try_emplace(Function); // null for a recursive query
  if (!New)
    return It->second.get();
  ++Depth;
  std::optional<OwnWait> Result = examine(*Function);
  --Depth;
  std::unique_ptr<OwnWait> &Slot = Known[Function];
  if (Result)
    Slot = std::make_unique<OwnWait>(std::move(*Result));
  return Slot.get();
}

std::optional<OwnWait> OwnWaits::examine(const FunctionModel &Function) {
  const FunctionDecl *Decl = Function.Function;
  const auto *Method = dyn_cast<CXXMethodDecl>(Decl);
  if (isClosure(Decl) || isa<CXXConstructorDecl, CXXDestructorDecl>(Decl) || Decl->isMain())
    return std::nullopt;
  OwnWait Result;
  for (const CallExpr *Call : Function.Calls) {
    std::optional<WaitCall> Wait = waitOf(Call, Unit);
    if (!Wait || !Wait->Condvar)
      continue;
    if (!Result.Inside.Call)
      Result.Inside = *Wait;
    Result.Inside.Timed |= Wait->Timed;
  }
  if (!Result.Inside.Call || !onlyWaits(Function, Result.Inside.Call, Unit))
    return std::nullopt;
  CatalogIndex &Names = Unit.names();
  std::optional<AccessPath> Condvar = pathOf(Result.Inside.Condvar, Names);
  if (!Condvar)
    return std::nullopt;
  Result.Condvar = Condvar->root() ? parameterNumber(Condvar->root(), Decl) : -1;
  Result.CondvarOfThis = !Condvar->root();
  if (Condvar->root() && Result.Condvar < 0 && !Condvar->root()->hasGlobalStorage())
    return std::nullopt;

  // The lock: a parameter, or what a guard in the function adopts.
  bool IsCallers = false;
  if (const Expr *Lock = Result.Inside.Lock) {
    const auto *Ref = dyn_cast<DeclRefExpr>(withoutAddressOf(stripped(Lock)));
    const GuardVariable *Guard = Ref ? Function.guardVariable(Ref->getDecl()) : nullptr;
    std::optional<AccessPath> Path;
    if (Guard && Guard->How.Locked.size() == 1)
      Path = Guard->How.Locked.front().Mutex;
    else if (!Guard)
      Path = pathOf(Lock, Names);
    IsCallers = Guard != nullptr;
    if (Path && Path->root()) {
      Result.Lock = parameterNumber(Path->root(), Decl);
      IsCallers |= Result.Lock >= 0;
    } else if (Path) {
      IsCallers = Result.LockOfThis = true; // a mutex of the same object
    }
  }
  if (!IsCallers || (Method && !Method->isStatic() && Result.Lock < 0 && !Result.CondvarOfThis && Result.Condvar < 0))
    return std::nullopt;
  if (const Expr *Predicate = Result.Inside.Predicate)
    if (const auto *Ref = dyn_cast<DeclRefExpr>(stripped(Predicate)))
      Result.Predicate = parameterNumber(Ref->getDecl(), Decl);
  for (const CallExpr *Call : Function.Calls) // while (!ready()) wait
    if (int Called = calledParameter(Call, Decl); Called >= 0)
      Result.Predicate = Called;
  return Result;
}

const Notification *OwnWaits::notificationIn(const FunctionModel *Function) {
  if (!Function || Function->IsPattern || Depth == MaxWrappers)
    return nullptr;
  auto [It, New] = Notifying.try_emplace(Function);
  if (!New)
    return It->second.get();
  ++Depth;
  std::optional<Notification> Result = examineNotification(*Function);
  --Depth;
  std::unique_ptr<Notification> &Slot = Notifying[Function];
  if (Result)
    Slot = std::make_unique<Notification>(*Result);
  return Slot.get();
}

std::optional<Notification> OwnWaits::examineNotification(const FunctionModel &Function) {
  if (Function.touchesLocks() || isClosure(Function.Function) ||
      isa<CXXConstructorDecl, CXXDestructorDecl>(Function.Function))
    return std::nullopt;
  std::optional<Notification> Result;
  for (const CallExpr *Call : Function.Calls) {
    if (std::optional<Notification> Found = notificationOf(Call, Unit)) {
      if (Result)
        return std::nullopt;
      Result = Found;
    } else if (const FunctionDecl *Callee = Call->getDirectCallee();
               !Callee || !(isLibraryCode(Callee) || Callee->getBuiltinID())) {
      return std::nullopt;
    }
  }
  // A function that changes the state notifies of its own change.
  for (const Expr *Access : Function.Accesses)
    if (Result && isa<MemberExpr>(Access) && !Unit.types().isSynchronised(pointeeOrSelf(Access->getType())) &&
        !isPartOf(Access, Result->Condvar))
      return std::nullopt;
  return Result;
}

std::optional<WaitCall> waitOf(const CallExpr *Call, UnitModel &Unit) {
  if (std::optional<WaitCall> Wait = waitOf(Call, Unit.names()))
    return Wait;
  CallSite Site = CallSite::of(Call);
  const OwnWait *Own = Site.Callee ? Unit.ownWaits().of(Unit.function(Site.Callee)) : nullptr;
  if (!Own)
    return std::nullopt;
  auto Argument = [&](int Number) {
    return Number >= 0 && static_cast<size_t>(Number) < Site.Arguments.size() ? Site.Arguments[Number] : nullptr;
  };
  bool OnThis = Site.isOnThis();
  WaitCall Result{Call};
  if (Own->Condvar >= 0)
    Result.Condvar = Argument(Own->Condvar);
  else if (Own->CondvarOfThis && !OnThis)
    Result.Condvar = Site.Object;
  else
    Result.Condvar = Own->Inside.Condvar;
  if (!Result.Condvar)
    return std::nullopt;
  Result.Lock = Own->Lock >= 0 ? Argument(Own->Lock) : nullptr;
  if (Own->LockOfThis && Site.Object && Unit.types().mutex(Site.Object->getType()))
    Result.Lock = Site.Object;
  Result.Predicate = Own->Predicate >= 0 ? Argument(Own->Predicate) : Own->Inside.Predicate;
  Result.Timed = Own->Inside.Timed;
  return Result;
}

std::optional<Notification> notificationOf(const CallExpr *Call, UnitModel &Unit) {
  if (std::optional<Notification> Direct = notificationOf(Call, Unit.names()))
    return Direct;
  CallSite Site = CallSite::of(Call);
  const FunctionModel *Callee = Site.Callee ? Unit.function(Site.Callee) : nullptr;
  const Notification *Inside = Callee ? Unit.ownWaits().notificationIn(Callee) : nullptr;
  std::optional<AccessPath> Condvar = Inside ? pathOf(Inside->Condvar, Unit.names()) : std::nullopt;
  if (!Condvar)
    return std::nullopt;
  int Parameter = Condvar->root() ? parameterNumber(Condvar->root(), Callee->Function) : -1;
  const Expr *Object = Parameter >= 0 && static_cast<size_t>(Parameter) < Site.Arguments.size()
                           ? Site.Arguments[Parameter]
                       : !Condvar->root() ? Site.Object
                                          : nullptr;
  // On `this` it notifies the same condition variable: its callers are found by the notification in it.
  if (!Object || isa<CXXThisExpr>(stripped(Object)))
    return std::nullopt;
  return Notification{Call, Object, Inside->One, Inside->Entry};
}

} // namespace ward
