// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/Waiters.h"

#include "flow/Rechecks.h"
#include "model/Callables.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace ward {
namespace {

/// From a predicate through `ready()` into `empty()`.
constexpr unsigned MaxCallDepth = 2;

const FieldDecl *lastField(const AccessPath &Path) {
  for (const AccessPath::Step &Step : llvm::reverse(Path.steps()))
    if (!Step.isElement())
      return Step.asField();
  return nullptr;
}

} // namespace

const ValueDecl *namedBy(const std::optional<AccessPath> &Path) {
  if (!Path)
    return nullptr;
  if (const FieldDecl *Field = lastField(*Path))
    return Field->getCanonicalDecl();
  const VarDecl *Root = Path->root();
  if (!Root || (isa<ParmVarDecl>(Root) && (Root->getType()->isReferenceType() || Root->getType()->isPointerType())))
    return nullptr;
  return Root->getCanonicalDecl();
}

Waiters::Waiters(UnitFlow &Flow) : Flow(Flow), Unit(Flow.model()) {
  for (const auto &Function : Unit.functions()) {
    if (Function->IsPattern)
      continue;
    for (const CallExpr *Call : Function->Calls) {
      if (std::optional<WaitCall> Wait = waitOf(Call, Unit.names()); Wait && Wait->Condvar)
        addWait(*Function, *Wait);
      else if (std::optional<Notification> Wakes = notificationOf(Call, Unit.names()))
        if (const ValueDecl *Condvar = namedBy(pathOf(Wakes->Condvar, Unit.names())))
          Uses[Condvar].Wakers.push_back({Function.get(), *Wakes});
    }
  }
}

bool Waiters::isState(const ValueDecl *Decl) const {
  LockTypes &Types = Unit.types();
  QualType Type = Decl->getType().getNonReferenceType();
  if (Types.mutex(Type) || Types.guard(Type) || Type.isConstQualified())
    return false;
  if (const TagDecl *Class = classOf(Type); Class && Unit.names().condvar(Class))
    return false;
  return true;
}

void Waiters::collectState(const Stmt *S, const FunctionModel &In, Waiter &Into, unsigned Depth) {
  if (!S)
    return;
  auto Add = [&](const ValueDecl *Decl) {
    if (Decl && isState(Decl) && !llvm::is_contained(Into.State, Decl))
      Into.State.push_back(Decl);
  };
  if (const auto *Ref = dyn_cast<DeclRefExpr>(S)) {
    const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl());
    // Another function's local, seen through a closure, or a global.
    if (Variable && (Variable->hasGlobalStorage() || (Variable->hasLocalStorage() && !isa<ParmVarDecl>(Variable))))
      Add(namedBy(pathOf(Ref, Unit.names())));
    return;
  }
  if (const auto *Member = dyn_cast<MemberExpr>(S); Member && isa<FieldDecl>(Member->getMemberDecl())) {
    Add(cast<ValueDecl>(Member->getMemberDecl()->getCanonicalDecl()));
    return;
  }
  if (const auto *Call = dyn_cast<CallExpr>(S)) {
    CallSite Site = CallSite::of(Call);
    if (waitOf(Call, Unit.names()))
      return;
    if (const FunctionModel *Callee = Depth > 0 ? Unit.function(Site.Callee) : nullptr)
      collectState(Callee->Body, *Callee, Into, Depth - 1);
    collectState(Site.Object, In, Into, Depth);
    for (const Expr *Argument : Site.Arguments)
      collectState(Argument, In, Into, Depth);
    return;
  }
  for (const Stmt *Child : S->children())
    collectState(Child, In, Into, Depth);
}

void Waiters::collectAlternatives(const Expr *E, bool Negated, Waiter &Into) {
  E = stripped(E);
  if (const auto *Not = dyn_cast<UnaryOperator>(E); Not && Not->getOpcode() == UO_LNot)
    return collectAlternatives(Not->getSubExpr(), !Negated, Into);
  if (const auto *Binary = dyn_cast<BinaryOperator>(E); Binary && Binary->getOpcode() == (Negated ? BO_LAnd : BO_LOr)) {
    collectAlternatives(Binary->getLHS(), Negated, Into);
    collectAlternatives(Binary->getRHS(), Negated, Into);
    return;
  }
  llvm::FoldingSetNodeID Id;
  E->Profile(Id, Unit.context(), /*Canonical=*/true);
  Into.Alternatives.push_back((Negated ? "!" : "") + std::to_string(Id.ComputeHash()));
}

void Waiters::addWait(const FunctionModel &Function, const WaitCall &Wait) {
  CatalogIndex &Names = Unit.names();
  const ValueDecl *Condvar = namedBy(pathOf(Wait.Condvar, Names));
  if (!Condvar)
    return;
  Waiter One;
  One.In = &Function;
  One.Wait = Wait;
  if (Wait.Lock) {
    const auto *Ref = dyn_cast<DeclRefExpr>(stripped(Wait.Lock));
    const GuardVariable *Guard = Ref ? Function.guardVariable(Ref->getDecl()) : nullptr;
    if (Guard && Guard->How.Locked.size() == 1)
      One.Mutex = namedBy(Guard->How.Locked.front().Mutex);
    else if (Unit.types().mutex(Wait.Lock->getType()))
      One.Mutex = namedBy(pathOf(Wait.Lock, Names));
  }
  if (Wait.Predicate) {
    const FunctionModel *Body = nullptr;
    if (const LambdaExpr *Lambda = lambdaOf(Wait.Predicate, Names))
      Body = Unit.function(Lambda->getCallOperator());
    else if (const auto *Named = dyn_cast<DeclRefExpr>(stripped(Wait.Predicate)))
      Body = Unit.function(dyn_cast<FunctionDecl>(Named->getDecl()));
    if (Body && !Body->IsPattern) {
      collectState(Body->Body, *Body, One, MaxCallDepth);
      if (const Expr *Returned = onlyReturn(Body->Function))
        collectAlternatives(Returned, /*Negated=*/false, One);
    }
  } else {
    Rechecks Around(Function, Flow);
    for (const Expr *Condition : Around.conditionsAround(Wait.Call))
      if (Around.readsState(Condition, Wait.Call))
        collectState(Condition, Function, One, MaxCallDepth);
    if (const Expr *Until = Around.loopCondition(Wait.Call))
      collectAlternatives(Until, /*Negated=*/true, One);
  }
  Uses[Condvar].Waiters.push_back(std::move(One));
}

} // namespace ward
