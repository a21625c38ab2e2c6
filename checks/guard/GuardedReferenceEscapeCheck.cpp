// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "guard/GuardedReferenceEscapeCheck.h"

#include "flow/locks/GuardedPlaces.h"
#include "guard/ElementHandles.h"
#include "model/Callables.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "model/StmtParents.h"

using namespace clang;

namespace ward {
/// A value that refers to protected data and outlives the critical section.
struct GuardedReferenceEscapeCheck::Escape {
  enum Kind { Returned, Stored, UsedLater };
  Kind How;
  SourceLocation Where;
  /// What is returned, stored or bound to Variable, and the type that it is converted to.
  const Expr *Value;
  QualType Type;
  llvm::ArrayRef<LockRef> Locks;
  SourceLocation Acquired;
  /// Of UsedLater: the variable, and its first use without the lock.
  const VarDecl *Variable = nullptr;
  SourceLocation Used = {};
};

namespace {

/// The local variable that \p E names; null for anything else.
const VarDecl *localNamed(const Expr *E) {
  const auto *Ref = E ? dyn_cast<DeclRefExpr>(stripped(E)) : nullptr;
  const auto *Variable = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
  return Variable && Variable->isLocalVarDecl() && !Variable->isStaticLocal() ? Variable : nullptr;
}

/// The target and the value of an assignment; null if \p S is none.
std::pair<const Expr *, const Expr *> assignment(const Stmt *S) {
  if (const auto *Binary = dyn_cast<BinaryOperator>(S); Binary && Binary->getOpcode() == BO_Assign)
    return {Binary->getLHS(), Binary->getRHS()};
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(S);
      Operator && Operator->getOperator() == OO_Equal && Operator->getNumArgs() == 2)
    return {Operator->getArg(0), Operator->getArg(1)};
  return {nullptr, nullptr};
}

/// \p Target names an object that outlives the function: a member, a global, what a parameter refers to.
bool outlivesFunction(const Expr *Target, CatalogIndex &Names) {
  std::optional<AccessPath> Path = pathOf(Target, Names);
  if (!Path)
    return false;
  const VarDecl *Root = Path->root();
  if (!Root)
    return !Path->steps().empty();
  if (Root->hasGlobalStorage())
    return true;
  if (!isa<ParmVarDecl>(Root))
    return false;
  // In `out = p`, a parameter by value is local to the function.
  return Root->getType()->isReferenceType() || !isa<DeclRefExpr>(stripped(Target));
}

bool isInside(const Expr *Target, ArrayRef<LockRef> Locks, CatalogIndex &Names) {
  std::optional<AccessPath> Path = pathOf(Target, Names);
  return Path && llvm::any_of(Locks, [&](const LockRef &Lock) {
           return Lock.Owner ? Path->startsWith(*Lock.Owner) : Path->root() && Path->root()->hasGlobalStorage();
         });
}

/// The field or global into which \p E refers, as the source writes it; empty if it has no such name.
std::string nameOfPlace(const Expr *E, UnitModel &Unit) {
  while (E) {
    E = stripped(E);
    if (const auto *Member = dyn_cast<MemberExpr>(E); Member && isa<FieldDecl>(Member->getMemberDecl())) {
      std::optional<AccessPath> Path = pathOf(Member, Unit.names());
      bool ThroughGuard = !Path || (Path->root() && Unit.types().guard(Path->root()->getType()));
      return ThroughGuard ? Member->getMemberDecl()->getNameAsString() : Path->print();
    }
    if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) {
      const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl());
      if (!Variable || !Variable->getType()->isReferenceType() || Variable->hasGlobalStorage())
        return Variable && Variable->hasGlobalStorage() && !Unit.types().mutex(Variable->getType()) ? Variable->getNameAsString() : "";
      E = Variable->getInit();
    } else if (const auto *Unary = dyn_cast<UnaryOperator>(E)) {
      E = Unary->getSubExpr();
    } else if (const auto *Subscript = dyn_cast<ArraySubscriptExpr>(E)) {
      E = Subscript->getBase();
    } else if (const auto *Construct = dyn_cast<CXXConstructExpr>(E)) {
      E = Construct->getNumArgs() ? Construct->getArg(0) : nullptr;
    } else if (const auto *Call = dyn_cast<CallExpr>(E)) {
      CallSite Site = CallSite::of(Call);
      E = Site.Object ? Site.Object : Site.Arguments.empty() ? nullptr : Site.Arguments.front();
      if (E && (Unit.types().mutex(E->getType()) || Unit.types().guard(E->getType().getNonReferenceType().getUnqualifiedType())))
        return ""; // what a data-owning lock leads to has no name
    } else {
      return "";
    }
  }
  return "";
}

} // namespace

void GuardedReferenceEscapeCheck::analyse(UnitFlow &Unit) {
  UnitModel &Model = Unit.model();
  for (const auto &Function : Model.functions()) {
    if (!Function->hasKnownLocks())
      continue;
    if (Function->touchesLocks())
      checkFunction(*Function, Unit);
    for (const CallExpr *Call : Function->Calls) {
      CallSite Site = CallSite::of(Call);
      const MutexType *Mutex = Site.Object && Site.Callee ? Model.types().mutex(Site.Object->getType()) : nullptr;
      if (!Mutex || !Mutex->Entry || llvm::none_of(Mutex->Entry->With, [&](const GuardFactory &With) {
            return With.Member == Site.Callee->getNameAsString();
          }))
        continue;
      for (const Expr *Argument : Site.Arguments)
        if (const LambdaExpr *Lambda = lambdaOf(Argument, Model.names()))
          if (const FunctionModel *Body = Model.function(Lambda->getCallOperator()))
            checkRunLocked(*Body, Call, Unit);
    }
  }
}

void GuardedReferenceEscapeCheck::checkFunction(const FunctionModel &Function, UnitFlow &Unit) {
  const LockSets &Held = Unit.lockSets(Function);
  if (!Held.known())
    return;
  for (unsigned Site = 0; Site != Held.sites().size(); ++Site)
    checkSite(Function, Site, Unit);
}

void GuardedReferenceEscapeCheck::checkSite(const FunctionModel &Function, unsigned Index, UnitFlow &Unit) {
  const LockSets &Held = Unit.lockSets(Function);
  const LockSite &Site = Held.sites()[Index];
  if (Site.Locked.empty() && !Site.Temporary)
    return;
  // A guard acquires and releases its lock in this function; a lock acquired by a call counts only if the function releases it.
  if (Site.Guard && Site.Guard->How.Kind == Acquisition::Transfers)
    return;
  CatalogIndex &Names = Unit.model().names();
  std::optional<LockSet> AtReturn = Held.atReturn();
  bool EndsHere = Site.Guard || Site.Temporary || (AtReturn && !AtReturn->May.test(Index));
  if (!EndsHere)
    return;
  const VarDecl *Guard = Site.Guard ? Site.Guard->Variable : nullptr;
  GuardedPlaces Places(Guard, Site.Locked, Unit);
  auto InTemporary = [&](const Stmt *S) {
    return Site.Temporary && S && S->getSourceRange().fullyContains(Site.Temporary->getSourceRange());
  };
  auto Refers = [&](const Expr *Value, QualType Into) {
    const auto *Lambda = Value && !Into->isReferenceType() && containsCallable(Into, Names) ? lambdaOf(Value, Names) : nullptr;
    if (Lambda)
      return llvm::any_of(llvm::zip(Lambda->captures(), Lambda->capture_inits()), [&](const auto &Pair) {
        const auto &[Capture, Init] = Pair;
        if (!Capture.capturesVariable())
          return false;
        return Capture.getCaptureKind() == LCK_ByRef ? Places.isPlace(Init) : Places.pointsInto(Init);
      });
    if (!Value || !GuardedPlaces::canRefer(Into, Names))
      return false;
    return Into->isReferenceType() ? Places.isPlace(Value) : Places.pointsInto(Value);
  };

  struct Binding {
    const VarDecl *Variable;
    SourceLocation Where;
    const Expr *Value;
  };
  llvm::SmallVector<Binding, 4> Bindings;
  llvm::DenseMap<const VarDecl *, llvm::SmallVector<std::pair<SourceLocation, bool>, 2>> Writes;
  const SourceManager &Sources = Unit.model().context().getSourceManager();

  // The blocks of the CFG are not visited in execution order: first collect all bindings, then look at the uses.
  for (unsigned Round = 0; Round != 2; ++Round) // a second round for pointers copied from pointers that a later block binds
    Held.forEach([&](const Stmt *S, const LockSet &State) {
      bool Inside = State.May.test(Index) || InTemporary(S);
      if (const auto *Declaration = dyn_cast<DeclStmt>(S)) {
        for (const Decl *D : Declaration->decls()) {
          const auto *Variable = dyn_cast<VarDecl>(D);
          if (!Variable || Variable == Guard || Variable->isImplicit() || Variable->isStaticLocal() || Variable->isCXXForRangeDecl() ||
              !Variable->getInit())
            continue;
          bool Into = Inside && Refers(Variable->getInit(), Variable->getType());
          if (Round == 0)
            Writes[Variable].push_back({Variable->getLocation(), Into});
          if (Into && llvm::none_of(Bindings, [&](const Binding &Other) { return Other.Where == Variable->getLocation(); })) {
            Bindings.push_back({Variable, Variable->getLocation(), Variable->getInit()});
            if (!Variable->getType()->isReferenceType())
              Places.follow(Variable);
          }
        }
        return;
      }
      auto [Target, Value] = assignment(S);
      const VarDecl *Variable = localNamed(Target);
      if (!Variable || Variable->getType()->isReferenceType())
        return;
      SourceLocation Where = S->getBeginLoc();
      bool Into = Inside && Refers(Value, Variable->getType());
      if (Round == 0)
        Writes[Variable].push_back({Where, Into});
      if (Into && llvm::none_of(Bindings, [&](const Binding &Other) { return Other.Where == Where; })) {
        Bindings.push_back({Variable, Where, Value});
        Places.follow(Variable);
      }
    });

  // A guard that is moved away may hold its lock any longer.
  bool Moved = Guard && llvm::any_of(Function.Calls, [&](const CallExpr *Call) {
    const FunctionEntry *Entry = Names.function(Call->getDirectCallee());
    return Entry && Entry->Effect == FunctionEffect::Forward && Call->getNumArgs() == 1 && mentions(Call->getArg(0), Guard);
  });
  SourceLocation Acquired = Site.location();
  QualType Result = Function.Function->getReturnType();
  llvm::DenseSet<const VarDecl *> Reported;
  Held.forEach([&](const Stmt *S, const LockSet &State) {
    bool Inside = State.May.test(Index) || InTemporary(S);
    if (const auto *Return = dyn_cast<ReturnStmt>(S)) {
      const Expr *Value = Return->getRetValue();
      if (Inside && Value && !(Guard && mentions(Value, Guard) && !GuardedPlaces::canRefer(Result, Names)) && Refers(Value, Result) &&
          !isErasureHandle(Result, Function.Function, Unit))
        report({Escape::Returned, Return->getBeginLoc(), Value, Result, Site.Locked, Acquired}, Unit);
      return;
    }
    if (auto [Target, Value] = assignment(S); Target && Inside && !localNamed(Target)) {
      if (outlivesFunction(Target, Names) && !isInside(Target, Site.Locked, Names) && Refers(Value, Target->getType()))
        report({Escape::Stored, S->getBeginLoc(), Value, Target->getType(), Site.Locked, Acquired}, Unit);
      return;
    }
    const auto *Ref = dyn_cast<DeclRefExpr>(S);
    const auto *Variable = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
    if (!Variable || Moved || State.May.test(Index) || Reported.contains(Variable))
      return;
    // The same mutex was acquired again.
    for (unsigned Other : State.May.set_bits())
      if (llvm::any_of(Held.sites()[Other].Locked, [&](const LockRef &Its) {
            return Its.Mutex && llvm::any_of(Site.Locked, [&](const LockRef &Mine) { return Mine.Mutex == Its.Mutex; });
          }))
        return;
    const Binding *Last = nullptr;
    for (const Binding &One : Bindings)
      if (One.Variable == Variable && Sources.isBeforeInTranslationUnit(One.Where, Ref->getBeginLoc()) &&
          (!Last || Sources.isBeforeInTranslationUnit(Last->Where, One.Where)))
        Last = &One;
    if (!Last || InTemporary(S))
      return;
    // Reassigned in between, or being assigned here.
    for (auto [Where, Into] : Writes.lookup(Variable))
      if (!Into && Sources.isBeforeInTranslationUnit(Last->Where, Where) && !Sources.isBeforeInTranslationUnit(Ref->getBeginLoc(), Where))
        return;
    if (Site.Temporary && Last->Where == Ref->getBeginLoc())
      return;
    Reported.insert(Variable);
    report({Escape::UsedLater, Last->Where, Last->Value, Variable->getType(), Site.Locked, Acquired, Variable, Ref->getBeginLoc()}, Unit);
  });
}

void GuardedReferenceEscapeCheck::checkRunLocked(const FunctionModel &Lambda, const CallExpr *Call, UnitFlow &Unit) {
  CatalogIndex &Names = Unit.model().names();
  QualType Result = Lambda.Function->getReturnType();
  const CFG *Graph = Unit.graph(Lambda);
  if (!Graph || !GuardedPlaces::canRefer(Result, Names) || Lambda.Function->getNumParams() == 0)
    return;
  LockRef Lock = lockAt(pathOf(CallSite::of(Call).Object, Names), LockMode::Exclusive, Unit.model().types());
  // The parameter is what the lock protects.
  LockRef Data;
  Data.Owner = AccessPath::ofVariable(Lambda.Function->getParamDecl(0));
  auto IsData = [&](const Expr *E) {
    std::optional<AccessPath> Path = E ? pathOf(E, Names) : std::nullopt;
    return Path && Path->root() == Data.Owner->root();
  };
  for (const CFGBlock *Block : *Graph)
    for (const CFGElement &Element : *Block)
      if (std::optional<CFGStmt> S = Element.getAs<CFGStmt>())
        if (const auto *Return = dyn_cast<ReturnStmt>(S->getStmt()); Return && Return->getRetValue()) {
          const Expr *Value = stripped(Return->getRetValue());
          if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Value); Member && !Result->isReferenceType())
            Value = Member->getImplicitObjectArgument(); // data.begin(), data.c_str()
          if (IsData(Value))
            report({Escape::Returned, Return->getBeginLoc(), Value, Result, Lock, Call->getExprLoc()}, Unit);
        }
}

void GuardedReferenceEscapeCheck::report(const Escape &Found, UnitFlow &Unit) {
  if (!claim(Found.Where, Unit.model().context().getSourceManager()))
    return;
  std::string Lock = Found.Locks.size() == 1 && Found.Locks[0].Mutex ? "'" + Found.Locks[0].Mutex->print() + "'" : "the lock";
  std::string Place = nameOfPlace(Found.Value, Unit.model());
  std::string Data = Place.empty() ? "data that " + Lock + " protects" : "'" + Place + "', which " + Lock + " protects";
  unsigned Form = Found.Type->isReferenceType() ? 0 : Found.Type->isPointerType() ? 1 : 2;
  diag(Found.Where, "possible data race: %select{returns %2 %3, but the lock is released on return; return a copy|stores %2 %3, where "
                    "other code can use it without the lock; store a copy|'%1' refers to %3, and is used after the lock is released; hold "
                    "the lock longer, or use a copy}0")
      << Found.How << (Found.Variable ? Found.Variable->getName() : "")
      << llvm::ArrayRef{"a reference to", "a pointer to", "a value that refers to"}[Form] << Data;
  diag(Found.Acquired, "acquired here", DiagnosticIDs::Note);
  if (Found.Used.isValid())
    diag(Found.Used, "used here without the lock", DiagnosticIDs::Note);
}

} // namespace ward
