// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/waits/Waiters.h"

#include "flow/waits/AwaitedState.h"
#include "flow/waits/WaitRegions.h"
#include "model/Callables.h"
#include "model/OwnWaits.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace ward {
namespace {

/// Calls are followed from a predicate through `ready()` into `empty()`.
constexpr unsigned MaxStateDepth = 2;

const FieldDecl *lastField(const AccessPath &Path) {
  for (const AccessPath::Step &Step : llvm::reverse(Path.steps()))
    if (!Step.isElement())
      return Step.asField();
  return nullptr;
}

/// The value of a literal 0, 1, true, false or null pointer.
std::optional<unsigned> literal(const Expr *E) {
  E = stripped(E);
  if (const auto *Integer = dyn_cast<IntegerLiteral>(E); Integer && Integer->getValue().ule(1))
    return static_cast<unsigned>(Integer->getValue().getZExtValue());
  if (const auto *Bool = dyn_cast<CXXBoolLiteralExpr>(E))
    return Bool->getValue();
  return isa<CXXNullPtrLiteralExpr, GNUNullExpr>(E) ? std::optional(0u) : std::nullopt;
}

bool isLiteral(const Expr *E) { return literal(E).has_value(); }

/// \p Compare compares its other side with zero, for equality (true) or inequality (false): `n == 0`, `n > 0`, `n >= 1`, `flag == true`.
/// None for any other comparison.
std::optional<bool> comparesWithZero(const BinaryOperator *Compare) {
  bool Right = isLiteral(Compare->getRHS());
  std::optional<unsigned> Value = literal(Right ? Compare->getRHS() : Compare->getLHS());
  if (!Value)
    return std::nullopt;
  BinaryOperatorKind Kind = Right ? Compare->getOpcode() : BinaryOperator::reverseComparisonOp(Compare->getOpcode());
  bool IsBool = isa<CXXBoolLiteralExpr>(stripped(Right ? Compare->getRHS() : Compare->getLHS()));
  if (Kind == BO_EQ && (*Value == 0 || IsBool))
    return *Value == 0;
  if (Kind == BO_NE && (*Value == 0 || IsBool))
    return *Value != 0;
  if ((Kind == BO_GT && *Value == 0) || (Kind == BO_GE && *Value == 1))
    return false;
  if ((Kind == BO_LE && *Value == 0) || (Kind == BO_LT && *Value == 1))
    return true;
  return std::nullopt;
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
    bool OnlyWaits = Unit.ownWaits().of(Function.get()); // its callers wait
    for (const CallExpr *Call : Function->Calls) {
      if (std::optional<WaitCall> Wait = waitOf(Call, Unit); Wait && Wait->Condvar) {
        if (!OnlyWaits)
          addWait(*Function, *Wait);
      } else if (std::optional<Notification> Notifies = notificationOf(Call, Unit)) {
        if (const ValueDecl *Condvar = namedBy(pathOf(Notifies->Condvar, Unit.names())))
          Uses[Condvar].Notifiers.push_back({Function.get(), *Notifies});
      }
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
    // A captured local of another function, or a global.
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
    if (waitOf(Call, Unit))
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
  if (const auto *Binary = dyn_cast<BinaryOperator>(E); Binary && Binary->isComparisonOp())
    if (std::optional<bool> Zero = comparesWithZero(Binary))
      return collectAlternatives(isLiteral(Binary->getRHS()) ? Binary->getLHS() : Binary->getRHS(), Negated != *Zero, Into);
  if (const auto *Call = dyn_cast<CXXMemberCallExpr>(E); Call && Call->getNumArgs() == 0 && Call->getMethodDecl()) {
    std::string Name = Call->getMethodDecl()->getNameAsString();
    bool Converts = isa<CXXConversionDecl>(Call->getMethodDecl());
    if (Converts || Name == "load" || Name == "size" || Name == "empty") // equivalent questions about one object
      return collectAlternatives(Call->getImplicitObjectArgument(), Negated != (Name == "empty"), Into);
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
    const auto *Ref = dyn_cast<DeclRefExpr>(withoutAddressOf(Wait.Lock));
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
      collectState(Body->Body, *Body, One, MaxStateDepth);
      if (const Expr *Returned = onlyReturn(Body->Function))
        collectAlternatives(Returned, /*Negated=*/false, One);
    }
  } else {
    AwaitedState State(Function, Flow);
    for (const Expr *Condition : regionsOf(Wait.Call, Function, Flow).Loop.Conditions)
      if (State.isReadBy(Condition, Wait.Call))
        collectState(Condition, Function, One, MaxStateDepth);
    if (const Expr *Until = conditionOfLoopAround(Wait.Call, Function))
      collectAlternatives(Until, /*Negated=*/true, One);
  }
  Uses[Condvar].Waiters.push_back(std::move(One));
}

} // namespace ward
