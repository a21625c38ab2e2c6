// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "model/AtomicOperations.h"

#include "model/ElementBorrows.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace ward {
namespace {

/// How deep accessors that call accessors are followed.
constexpr unsigned MaxReadDepth = 4;

/// The only expression of \p Body, with or without `return`; null if there is more.
const Expr *onlyExpression(const Stmt *Body) {
  if (const auto *Block = dyn_cast_or_null<CompoundStmt>(Body)) {
    if (Block->size() != 1)
      return nullptr;
    Body = Block->body_front();
  }
  if (const auto *Return = dyn_cast_or_null<ReturnStmt>(Body))
    return Return->getRetValue();
  return dyn_cast_or_null<Expr>(Body);
}

} // namespace

const std::vector<AtomicOperation> &AtomicOperations::in(const FunctionModel &Function) {
  auto [It, New] = Found.try_emplace(&Function);
  if (!New)
    return It->second;
  for (const CallExpr *Call : Function.Calls)
    if (std::optional<AtomicOperation> Operation = read(Call, MaxReadDepth))
      It->second.push_back(std::move(*Operation));
  for (const Expr *E : Function.Atomics)
    if (std::optional<AtomicOperation> Operation = read(E, MaxReadDepth))
      It->second.push_back(std::move(*Operation));
  return It->second;
}

bool AtomicOperations::sameObject(const AtomicOperation &A, const AtomicOperation &B) const {
  if (!(A.Path == B.Path))
    return false;
  return !A.Path.hasElement() || (!A.Through && !B.Through && sameText(stripped(A.Object), stripped(B.Object), Unit.context()));
}

const AtomicEntry *AtomicOperations::entryOf(QualType Type) {
  if (!Type.isNull() && Type->isPointerType())
    Type = Type->getPointeeType();
  const TagDecl *Class = classOf(Type);
  return Class ? Unit.names().atomic(Class) : nullptr;
}

bool AtomicOperations::isRelaxed(const Expr *Order) {
  const auto *Ref = dyn_cast<DeclRefExpr>(stripped(Order));
  if (Ref && Unit.names().isRelaxedOrder(Ref->getDecl()))
    return true;
  const auto *Literal = dyn_cast<IntegerLiteral>(stripped(Order)); // __ATOMIC_RELAXED
  return Literal && Literal->getValue() == 0 && Literal->getType()->isIntegerType();
}

const Expr *AtomicOperations::relaxedOrder(llvm::ArrayRef<const Expr *> Arguments) {
  auto It = llvm::find_if(Arguments, [&](const Expr *Argument) {
    return !isa<CXXDefaultArgExpr>(Argument) && Argument->getType()->isEnumeralType() && isRelaxed(Argument);
  });
  return It == Arguments.end() ? nullptr : *It;
}

std::optional<AtomicOperation> AtomicOperations::make(const Expr *Where, AtomicAction Action, const Expr *Object) {
  const Expr *Named = stripped(Object);
  // An atomic_ref is an alias of its argument.
  if (const AtomicEntry *Entry = entryOf(Named->getType()); Entry && Entry->Refers) {
    if (const auto *Ref = dyn_cast<DeclRefExpr>(Named))
      if (const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl()); Variable && Variable->getInit())
        Named = stripped(Variable->getInit());
    if (const auto *List = dyn_cast<InitListExpr>(Named); List && List->getNumInits() == 1)
      Named = stripped(List->getInit(0));
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(Named))
      Named = Construct->getNumArgs() == 1 ? Construct->getArg(0) : Named;
    else
      Named = stripped(Object);
  }
  std::optional<AccessPath> Path = pathOf(Named, Unit.names());
  if (!Path)
    return std::nullopt;
  AtomicOperation Operation{Where, Action, Object, std::move(*Path)};
  return Operation;
}

std::optional<AtomicOperation> AtomicOperations::readMember(const CallExpr *Call, const AtomicEntry &Entry, const Expr *Object) {
  const auto *Method = cast<CXXMethodDecl>(Call->getDirectCallee());
  llvm::ArrayRef<const Expr *> Arguments(Call->getArgs(), Call->getNumArgs());
  std::optional<AtomicAction> Action;
  StringRef Strong;
  bool Relaxed = false;
  if (isa<CXXConversionDecl>(Method)) {
    Action = AtomicAction::Load;
  } else if (isa<CXXOperatorCallExpr>(Call) || Method->isOverloadedOperator()) {
    if (isa<CXXOperatorCallExpr>(Call))
      Arguments = Arguments.drop_front();
    switch (Method->getOverloadedOperator()) {
    case OO_Equal:
      Action = AtomicAction::Store;
      break;
    case OO_PlusPlus:
    case OO_MinusMinus:
    case OO_PlusEqual:
    case OO_MinusEqual:
    case OO_AmpEqual:
    case OO_PipeEqual:
    case OO_CaretEqual:
      Action = AtomicAction::Update;
      break;
    default:
      return std::nullopt;
    }
  } else if (Method->getDeclName().isIdentifier()) {
    StringRef Name = Method->getName();
    if (llvm::is_contained(Entry.Load, Name))
      Action = AtomicAction::Load;
    else if (llvm::is_contained(Entry.Store, Name))
      Action = AtomicAction::Store;
    else if (llvm::is_contained(Entry.Update, Name))
      Action = AtomicAction::Update;
    else if (llvm::is_contained(Entry.CompareExchange, Name))
      Action = AtomicAction::CompareExchange;
    for (const WeakOperation &Operation : Entry.WeakCompareExchange)
      if (Operation.Weak == Name) {
        Action = AtomicAction::WeakCompareExchange;
        Strong = Operation.Strong;
      }
    Relaxed = llvm::is_contained(Entry.Relaxed, Name);
  }
  if (!Action)
    return std::nullopt;
  std::optional<AtomicOperation> Operation = make(Call, *Action, Object);
  if (!Operation)
    return std::nullopt;
  Operation->Strong = Strong;
  Operation->Order = relaxedOrder(Arguments);
  Operation->Relaxed = Relaxed || Operation->Order;
  if (*Action == AtomicAction::Store && !Arguments.empty() && Method->getNumParams() > 0 &&
      !(Arguments.size() == 1 && isRelaxed(Arguments[0])) && !isa<CXXDefaultArgExpr>(Arguments[0]))
    Operation->Value = Arguments[0];
  return Operation;
}

std::optional<AtomicOperation> AtomicOperations::readBuiltin(const AtomicExpr *Builtin) {
  AtomicAction Action = AtomicAction::Update;
  const Expr *Value = nullptr;
  switch (Builtin->getOp()) {
  case AtomicExpr::AO__c11_atomic_init:
    return std::nullopt;
  case AtomicExpr::AO__c11_atomic_load:
  case AtomicExpr::AO__atomic_load:
  case AtomicExpr::AO__atomic_load_n:
    Action = AtomicAction::Load;
    break;
  case AtomicExpr::AO__c11_atomic_store:
  case AtomicExpr::AO__atomic_store:
  case AtomicExpr::AO__atomic_store_n:
    Action = AtomicAction::Store;
    Value = Builtin->getVal1();
    break;
  case AtomicExpr::AO__c11_atomic_compare_exchange_weak:
    Action = AtomicAction::WeakCompareExchange;
    break;
  case AtomicExpr::AO__c11_atomic_compare_exchange_strong:
    Action = AtomicAction::CompareExchange;
    break;
  case AtomicExpr::AO__atomic_compare_exchange:
  case AtomicExpr::AO__atomic_compare_exchange_n: {
    Action = AtomicAction::CompareExchange;
    bool Weak = false;
    if (!Builtin->getWeak()->isValueDependent() && Builtin->getWeak()->EvaluateAsBooleanCondition(Weak, Unit.context()) && Weak)
      Action = AtomicAction::WeakCompareExchange;
    break;
  }
  default:
    break;
  }
  std::optional<AtomicOperation> Operation = make(Builtin, Action, Builtin->getPtr());
  if (!Operation)
    return std::nullopt;
  Operation->Value = Value;
  Operation->Relaxed = isRelaxed(Builtin->getOrder());
  return Operation;
}

std::optional<AtomicOperation> AtomicOperations::readCall(const CallExpr *Call, unsigned Depth) {
  const FunctionDecl *Callee = Call->getDirectCallee();
  if (!Callee)
    return std::nullopt;
  const auto *Method = dyn_cast<CXXMethodDecl>(Callee);
  const Expr *Object = CallSite::of(Call).Object;
  // By the type of the object: an implementation may declare the members in a base class of another name.
  if (Method && Object)
    if (const AtomicEntry *Entry = entryOf(stripped(Object)->getType()))
      return readMember(Call, *Entry, Object);
  if (const AtomicFunctionEntry *Entry = Unit.names().atomicFunction(Callee); Entry && Call->getNumArgs() > 0) {
    std::optional<AtomicOperation> Operation = make(Call, Entry->Action, Call->getArg(0));
    if (!Operation)
      return std::nullopt;
    if (Entry->Action == AtomicAction::Store && Call->getNumArgs() > 1 && !Call->getArg(1)->getType()->isEnumeralType())
      Operation->Value = Call->getArg(1);
    Operation->Order = relaxedOrder({Call->getArgs(), Call->getNumArgs()});
    Operation->Relaxed = Operation->Order != nullptr;
    return Operation;
  }
  return readAccessor(Call, Depth);
}

/// `int count() const { return count_.load(); }`, `void setCount(int n) { count_ = n; }`.
std::optional<AtomicOperation> AtomicOperations::readAccessor(const CallExpr *Call, unsigned Depth) {
  const FunctionDecl *Callee = Call->getDirectCallee();
  if (Depth == 0)
    return std::nullopt;
  const FunctionModel *Body = Unit.function(Callee);
  const Expr *Only = Body && !Body->IsPattern ? onlyExpression(Body->Body) : nullptr;
  if (!Only)
    return std::nullopt;
  std::optional<AtomicOperation> Inner = read(Only, Depth - 1);
  if (!Inner || (Inner->isUpdate() && Inner->Action != AtomicAction::Update))
    return std::nullopt;
  CallSite Site = CallSite::of(Call);
  std::optional<AccessPath> Path = atCall(Inner->Path, Site, Unit.names());
  if (!Path)
    return std::nullopt;
  const Expr *Value = nullptr;
  if (Inner->Value) {
    const auto *Ref = dyn_cast<DeclRefExpr>(stripped(Inner->Value));
    const auto *Parameter = Ref ? dyn_cast<ParmVarDecl>(Ref->getDecl()) : nullptr;
    if (Parameter && Parameter->getFunctionScopeIndex() < Site.Arguments.size())
      Value = Site.Arguments[Parameter->getFunctionScopeIndex()];
  }
  AtomicOperation Operation{Call, Inner->Action, Site.Object ? Site.Object : Call, std::move(*Path), Value, Inner->Relaxed, nullptr, Callee};
  return Operation;
}

std::optional<AtomicOperation> AtomicOperations::read(const Expr *E, unsigned Depth) {
  if (const auto *Full = dyn_cast<FullExpr>(E))
    E = Full->getSubExpr();
  if (const auto *Cast = dyn_cast<ImplicitCastExpr>(E)) {
    if (Cast->getCastKind() == CK_AtomicToNonAtomic)
      return make(Cast, AtomicAction::Load, Cast->getSubExpr());
    return read(Cast->getSubExpr(), Depth);
  }
  if (const auto *Call = dyn_cast<CallExpr>(E->IgnoreParens()))
    return readCall(Call, Depth);
  if (const auto *Builtin = dyn_cast<AtomicExpr>(E->IgnoreParens()))
    return readBuiltin(Builtin);
  if (const auto *Binary = dyn_cast<BinaryOperator>(E->IgnoreParens())) {
    if (!Binary->isAssignmentOp() || !Binary->getLHS()->getType()->isAtomicType())
      return std::nullopt;
    bool Plain = Binary->getOpcode() == BO_Assign;
    std::optional<AtomicOperation> Operation =
        make(Binary, Plain ? AtomicAction::Store : AtomicAction::Update, Binary->getLHS());
    if (Operation && Plain)
      Operation->Value = Binary->getRHS();
    return Operation;
  }
  if (const auto *Unary = dyn_cast<UnaryOperator>(E->IgnoreParens()))
    if (Unary->isIncrementDecrementOp() && Unary->getSubExpr()->getType()->isAtomicType())
      return make(Unary, AtomicAction::Update, Unary->getSubExpr());
  return std::nullopt;
}

} // namespace ward
