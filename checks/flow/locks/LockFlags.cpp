// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/locks/LockFlags.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace ward {
namespace {

/// The states of a function are at most two to the power of this.
constexpr size_t MaxFlags = 3;

const Expr *bare(const Expr *E) {
  while (E) {
    const Expr *Before = E;
    E = E->IgnoreParenImpCasts();
    if (const auto *Full = dyn_cast<FullExpr>(E))
      E = Full->getSubExpr();
    else if (const auto *Cast = dyn_cast<ExplicitCastExpr>(E); Cast && Cast->getType()->isBooleanType())
      E = Cast->getSubExpr(); // static_cast<bool>(flag)
    else if (const auto *Default = dyn_cast<CXXDefaultArgExpr>(E))
      E = Default->getExpr();
    if (E == Before)
      break;
  }
  return E;
}

/// Any use of \p Variable in \p S other than reading its value, or assigning it by `=` outside of closures.
bool changesOtherwise(const Stmt *S, const ValueDecl *Variable, bool InClosure, bool &Assigned) {
  if (!S)
    return false;
  if (const auto *Cast = dyn_cast<ImplicitCastExpr>(S); Cast && Cast->getCastKind() == CK_LValueToRValue)
    if (const Expr *Read = Cast->getSubExpr()->IgnoreParens(); isa<DeclRefExpr, MemberExpr>(Read)) {
      const auto *Member = dyn_cast<MemberExpr>(Read);
      return Member && changesOtherwise(Member->getBase(), Variable, InClosure, Assigned);
    }
  if (const auto *Ref = dyn_cast<DeclRefExpr>(S))
    return Ref->getDecl() == Variable;
  if (const auto *Member = dyn_cast<MemberExpr>(S); Member && Member->getMemberDecl() == Variable)
    return true;
  if (const auto *Lambda = dyn_cast<LambdaExpr>(S)) {
    for (const LambdaCapture &Capture : Lambda->captures())
      if (Capture.capturesVariable() && Capture.getCapturedVar() == Variable && Capture.getCaptureKind() != LCK_ByCopy &&
          changesOtherwise(Lambda->getBody(), Variable, true, Assigned))
        return true;
    if (isa<FieldDecl>(Variable))
      return changesOtherwise(Lambda->getBody(), Variable, true, Assigned);
    return false;
  }
  if (const auto *Assign = dyn_cast<BinaryOperator>(S); Assign && Assign->getOpcode() == BO_Assign) {
    const Expr *Left = Assign->getLHS()->IgnoreParens();
    const auto *Ref = dyn_cast<DeclRefExpr>(Left);
    const auto *Member = dyn_cast<MemberExpr>(Left);
    if ((Ref && Ref->getDecl() == Variable) || (Member && Member->getMemberDecl() == Variable)) {
      Assigned = true;
      return InClosure || changesOtherwise(Assign->getRHS(), Variable, InClosure, Assigned);
    }
  }
  return llvm::any_of(S->children(),
                      [&](const Stmt *Child) { return changesOtherwise(Child, Variable, InClosure, Assigned); });
}

bool leaves(const Stmt *S) {
  return S && !isa<LambdaExpr>(S) &&
         (isa<ReturnStmt, GotoStmt, BreakStmt, ContinueStmt>(S) || llvm::any_of(S->children(), leaves));
}

} // namespace

const ValueDecl *LockFlags::named(const Expr *E) {
  E = bare(E);
  if (const auto *Ref = dyn_cast_or_null<DeclRefExpr>(E))
    return dyn_cast<VarDecl>(Ref->getDecl());
  const auto *Member = dyn_cast_or_null<MemberExpr>(E);
  if (Member && isa<CXXThisExpr>(Member->getBase()->IgnoreParenImpCasts()))
    return dyn_cast<FieldDecl>(Member->getMemberDecl());
  return nullptr;
}

std::optional<int64_t> LockFlags::constant(const Expr *E) const {
  E = bare(E);
  if (!E || E->isValueDependent() || E->isTypeDependent() || E->getType().isNull())
    return std::nullopt;
  ASTContext &Context = Sites.unit().context();
  if (E->isNullPointerConstant(Context, Expr::NPC_ValueDependentIsNotNull))
    return 0;
  if (!E->getType()->isIntegralOrEnumerationType())
    return std::nullopt;
  Expr::EvalResult Result;
  if (E->EvaluateAsInt(Result, Context) && !Result.HasSideEffects)
    return Result.Val.getInt().getExtValue();
  // A local that keeps its first value.
  const auto *Local = dyn_cast_or_null<VarDecl>(named(E));
  if (Local && Local->isLocalVarDecl() && !Local->isStaticLocal() && Local->getInit() &&
      Sites.unit().names().rebindings().isNeverReassigned(Local) && !Local->getInit()->isValueDependent() &&
      Local->getInit()->EvaluateAsInt(Result, Context))
    return Result.Val.getInt().getExtValue();
  return std::nullopt;
}

bool LockFlags::isTracked(const ValueDecl *Variable) {
  QualType Type = Variable->getType();
  if (Type->isDependentType() || Type.isVolatileQualified() ||
      !(Type->isIntegralOrEnumerationType() || Type->isPointerType()))
    return false;
  auto [It, New] = Tracked.try_emplace(Variable, false);
  if (!New)
    return It->second;
  bool Assigned = false;
  const FunctionDecl *Function = Sites.function().Function;
  bool Result = !changesOtherwise(Sites.function().Body, Variable, /*InClosure=*/false, Assigned);
  const auto *Local = dyn_cast<VarDecl>(Variable);
  bool IsOwn = Local && Local->hasLocalStorage() && Local->getDeclContext() == Function && !isa<ParmVarDecl>(Local);
  // What others may change counts as long as the function itself does not.
  Result = Result && (IsOwn || !Assigned) && !(Local && Local->hasLocalStorage() && Local->getDeclContext() != Function);
  return Tracked[Variable] = Result;
}

void LockFlags::add(const Expr *Condition) {
  Condition = bare(Condition);
  if (!Condition)
    return;
  if (const auto *Unary = dyn_cast<UnaryOperator>(Condition); Unary && Unary->getOpcode() == UO_LNot)
    return add(Unary->getSubExpr());
  const auto *Binary = dyn_cast<BinaryOperator>(Condition);
  if (Binary && Binary->isLogicalOp()) {
    add(Binary->getLHS());
    add(Binary->getRHS());
    return;
  }
  const ValueDecl *Variable = named(Condition);
  std::optional<int64_t> Value;
  if (Binary && Binary->isEqualityOp()) {
    Variable = named(Binary->getLHS());
    Value = constant(Binary->getRHS());
    if (!Variable || !Value) {
      Variable = named(Binary->getRHS());
      Value = constant(Binary->getLHS());
    }
    if (!Value)
      return;
  }
  if (!Variable || Flags.size() == MaxFlags || !isTracked(Variable))
    return;
  // Of a boolean whether it is true, of a number or pointer in a condition whether it is zero.
  if (Variable->getType()->isBooleanType())
    Value = 1;
  else if (!Value)
    Value = 0;
  if (llvm::none_of(Flags, [&](const Flag &Known) { return Known.Variable == Variable && Known.Value == *Value; }))
    Flags.push_back({Variable, *Value});
}

LockFlags::LockFlags(const LockSites &Sites) : Sites(Sites) {
  if (!Sites.function().IsPattern && Sites.function().Function && (Sites.size() || !Sites.releasedPaths().empty()))
    collect();
}

void LockFlags::collect() {
  auto Changes = [&](const Stmt *Arm, bool OrCalls) {
    auto Find = [&](auto &&Self, const Stmt *S) -> bool {
      if (!S || isa<LambdaExpr>(S))
        return false;
      if (Sites.ofStmt(S))
        return true;
      if (const auto *Declaration = dyn_cast<DeclStmt>(S))
        for (const Decl *D : Declaration->decls())
          if (Sites.ofVariable(dyn_cast<ValueDecl>(D)))
            return true;
      if (const auto *Call = dyn_cast<CallExpr>(S)) {
        if (!Sites.releasedBy(Call).empty() || (OrCalls && Sites.unit().function(Call->getDirectCallee())))
          return true;
        if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
            Member && Sites.ofGuardNamedBy(Member->getImplicitObjectArgument()))
          return true;
      }
      return llvm::any_of(S->children(), [&](const Stmt *Child) { return Self(Self, Child); });
    };
    return Arm && Find(Find, Arm);
  };
  for (int Round = 0; Round != 3; ++Round) // what acquires or releases first, then what leaves early, then what calls
    for (const Stmt *Branch : Sites.function().Branches) {
      const auto *If = dyn_cast<IfStmt>(Branch);
      if (!If || If->isConstexpr() || If->getConditionVariable())
        continue;
      bool Matters = Round == 1 ? leaves(If->getThen()) || leaves(If->getElse())
                                : Changes(If->getThen(), Round == 2) || Changes(If->getElse(), Round == 2);
      if (Matters)
        add(If->getCond());
    }
}

bool LockFlags::anyParameter() const {
  return llvm::any_of(Flags, [](const Flag &Each) { return isa<ParmVarDecl>(Each.Variable); });
}

FlagStates LockFlags::atEntry() const {
  FlagStates Result = 0;
  for (unsigned State = 0; State != states(); ++State) {
    bool Possible = true;
    for (unsigned I = 0; I != Flags.size(); ++I)
      if (State >> I & 1) {
        const auto *Local = dyn_cast<VarDecl>(Flags[I].Variable);
        // A local has no value before its declaration; a variable has one value.
        Possible &= !(Local && Local->isLocalVarDecl() && !Local->isStaticLocal());
        for (unsigned J = 0; J != I; ++J)
          Possible &= !(State >> J & 1 && Flags[J].Variable == Flags[I].Variable);
      }
    if (Possible)
      Result |= 1U << State;
  }
  return Result;
}

std::optional<bool> LockFlags::equals(const ValueDecl *Variable, int64_t Value, unsigned State) const {
  std::optional<bool> Other;
  for (unsigned I = 0; I != Flags.size(); ++I) {
    if (Flags[I].Variable != Variable)
      continue;
    bool Set = State >> I & 1;
    if (Flags[I].Value == Value)
      return Set;
    if (Variable->getType()->isBooleanType())
      return Value == 0 && !Set;
    if (Set) // it has another value
      Other = false;
  }
  return Other;
}

std::optional<bool> LockFlags::decide(const Expr *Condition, unsigned State) const {
  Condition = bare(Condition);
  if (!Condition || Flags.empty())
    return std::nullopt;
  if (const auto *Unary = dyn_cast<UnaryOperator>(Condition); Unary && Unary->getOpcode() == UO_LNot) {
    std::optional<bool> Inner = decide(Unary->getSubExpr(), State);
    return Inner ? std::optional(!*Inner) : std::nullopt;
  }
  if (const auto *Binary = dyn_cast<BinaryOperator>(Condition)) {
    if (Binary->isLogicalOp()) {
      std::optional<bool> Left = decide(Binary->getLHS(), State), Right = decide(Binary->getRHS(), State);
      bool Decisive = Binary->getOpcode() == BO_LOr;
      if (Left == Decisive || Right == Decisive)
        return Decisive;
      return Left && Right ? std::optional(!Decisive) : std::nullopt;
    }
    if (!Binary->isEqualityOp())
      return std::nullopt;
    for (bool Swapped : {false, true}) {
      const ValueDecl *Variable = named(Swapped ? Binary->getRHS() : Binary->getLHS());
      std::optional<int64_t> Value = Variable ? constant(Swapped ? Binary->getLHS() : Binary->getRHS()) : std::nullopt;
      if (std::optional<bool> Equal = Value ? equals(Variable, *Value, State) : std::nullopt)
        return *Equal == (Binary->getOpcode() == BO_EQ);
    }
    return std::nullopt;
  }
  const ValueDecl *Variable = named(Condition);
  if (!Variable)
    return std::nullopt;
  std::optional<bool> IsZero = equals(Variable, 0, State);
  return IsZero ? std::optional(!*IsZero) : std::nullopt;
}

FlagStates LockFlags::after(const Stmt *S, unsigned State) const {
  FlagStates Result = 1U << State;
  if (Flags.empty())
    return Result;
  auto Set = [&](const ValueDecl *Variable, const Expr *To) {
    std::optional<int64_t> Value = To ? constant(To) : std::nullopt;
    int64_t Known = Value.value_or(0);
    for (unsigned I = 0; I != Flags.size(); ++I) {
      if (Flags[I].Variable != Variable)
        continue;
      std::optional<bool> Truth;
      if (Value)
        Truth = Known == Flags[I].Value || (Variable->getType()->isBooleanType() && Known != 0);
      else if (To && (Variable->getType()->isBooleanType() || Flags[I].Value == 0))
        if (std::optional<bool> Decided = decide(To, State))
          Truth = *Decided == Variable->getType()->isBooleanType();
      FlagStates Next = 0;
      for (unsigned Each = 0; Each != states(); ++Each)
        if (Result >> Each & 1) {
          if (Truth != true)
            Next |= 1U << (Each & ~(1U << I));
          if (Truth != false)
            Next |= 1U << (Each | 1U << I);
        }
      Result = Next;
    }
  };
  if (const auto *Declaration = dyn_cast<DeclStmt>(S)) {
    for (const Decl *D : Declaration->decls())
      if (const auto *Variable = dyn_cast<VarDecl>(D); Variable && !Variable->isStaticLocal())
        Set(Variable, Variable->getInit());
  } else if (const auto *Assign = dyn_cast<BinaryOperator>(S); Assign && Assign->getOpcode() == BO_Assign) {
    if (const ValueDecl *Variable = named(Assign->getLHS()))
      Set(Variable, Assign->getRHS());
  }
  return Result;
}

FlagStates LockFlags::sameParameters(unsigned State) const {
  FlagStates Result = 0;
  for (unsigned Each = 0; Each != states(); ++Each) {
    bool Same = true;
    for (unsigned I = 0; I != Flags.size(); ++I)
      Same &= !isa<ParmVarDecl>(Flags[I].Variable) || (Each >> I & 1) == (State >> I & 1);
    if (Same)
      Result |= 1U << Each;
  }
  return Result;
}

FlagStates LockFlags::startedBy(const CallSite &Call, const LockFlags &OfCaller, unsigned State,
                                bool OnlyConstants) const {
  FlagStates Result = all();
  for (unsigned I = 0; I != Flags.size(); ++I) {
    const auto *Parameter = dyn_cast<ParmVarDecl>(Flags[I].Variable);
    unsigned Index = Parameter ? Parameter->getFunctionScopeIndex() : 0;
    if (!Parameter || Index >= Call.Arguments.size())
      continue;
    const Expr *Argument = Call.Arguments[Index];
    std::optional<bool> Truth;
    if (std::optional<int64_t> Value = constant(Argument))
      Truth = Parameter->getType()->isBooleanType() ? *Value != 0 : *Value == Flags[I].Value;
    else if (const auto *Address = dyn_cast<UnaryOperator>(bare(Argument));
             Address && Address->getOpcode() == UO_AddrOf && Flags[I].Value == 0)
      Truth = false; // not null
    else if (OnlyConstants)
      continue;
    else if (Parameter->getType()->isBooleanType() || Flags[I].Value == 0) {
      if (std::optional<bool> Decided = OfCaller.decide(Argument, State))
        Truth = *Decided == Parameter->getType()->isBooleanType();
    } else if (const ValueDecl *Variable = named(Argument)) {
      Truth = OfCaller.equals(Variable, Flags[I].Value, State);
    }
    for (unsigned Each = 0; Truth && Each != states(); ++Each)
      if ((Each >> I & 1) != unsigned(*Truth))
        Result &= ~(1U << Each);
  }
  return Result;
}

} // namespace ward
