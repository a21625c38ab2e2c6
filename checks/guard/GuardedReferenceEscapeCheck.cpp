// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "guard/GuardedReferenceEscapeCheck.h"

#include "flow/locks/GuardedPlaces.h"
#include "model/Callables.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "model/StmtParents.h"

using namespace clang;

namespace ward {
namespace {

enum EscapeKind { Returned, Stored, UsedLater };

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

/// What \p Target names lives on when the function returns: a member, a global, what a parameter refers to.
bool livesOn(const Expr *Target, CatalogIndex &Names) {
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
  // `out = p` of a parameter by value is the function's own.
  return Root->getType()->isReferenceType() || !isa<DeclRefExpr>(stripped(Target));
}

bool isInside(const Expr *Target, ArrayRef<LockRef> Locks, CatalogIndex &Names) {
  std::optional<AccessPath> Path = pathOf(Target, Names);
  return Path && llvm::any_of(Locks, [&](const LockRef &Lock) {
           return Lock.Owner ? Path->startsWith(*Lock.Owner) : Path->root() && Path->root()->hasGlobalStorage();
         });
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
  // A guard that takes a lock here and gives it back here; what was locked by hand stays locked unless this gives it back.
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
  };
  llvm::SmallVector<Binding, 4> Bindings;
  llvm::DenseMap<const VarDecl *, llvm::SmallVector<std::pair<SourceLocation, bool>, 2>> Writes;
  const SourceManager &Sources = Unit.model().context().getSourceManager();

  // The CFG has no order across blocks that suits: first all that is bound, then what is used.
  for (unsigned Round = 0; Round != 2; ++Round) // pointers made from pointers that are made further down the list of blocks
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
            Bindings.push_back({Variable, Variable->getLocation()});
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
        Bindings.push_back({Variable, Where});
        Places.follow(Variable);
      }
    });

  // Whoever the guard is handed to decides how long it lives.
  bool Moved = Guard && llvm::any_of(Function.Calls, [&](const CallExpr *Call) {
    const FunctionEntry *Entry = Names.function(Call->getDirectCallee());
    return Entry && Entry->Effect == FunctionEffect::Forward && Call->getNumArgs() == 1 && mentions(Call->getArg(0), Guard);
  });
  SourceLocation Taken = Site.location();
  QualType Result = Function.Function->getReturnType();
  llvm::DenseSet<const VarDecl *> Told;
  Held.forEach([&](const Stmt *S, const LockSet &State) {
    bool Inside = State.May.test(Index) || InTemporary(S);
    if (const auto *Return = dyn_cast<ReturnStmt>(S)) {
      const Expr *Value = Return->getRetValue();
      if (Inside && Value && !(Guard && mentions(Value, Guard) && !GuardedPlaces::canRefer(Result, Names)) && Refers(Value, Result))
        report(Return->getBeginLoc(), Returned, "", Taken, {}, Unit);
      return;
    }
    if (auto [Target, Value] = assignment(S); Target && Inside && !localNamed(Target)) {
      if (livesOn(Target, Names) && !isInside(Target, Site.Locked, Names) && Refers(Value, Target->getType()))
        report(S->getBeginLoc(), Stored, "", Taken, {}, Unit);
      return;
    }
    const auto *Ref = dyn_cast<DeclRefExpr>(S);
    const auto *Variable = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
    if (!Variable || Moved || State.May.test(Index) || Told.contains(Variable))
      return;
    // Another lock of the same mutex is held by now.
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
    // Assigned anew in between, or just being assigned.
    for (auto [Where, Into] : Writes.lookup(Variable))
      if (!Into && Sources.isBeforeInTranslationUnit(Last->Where, Where) && !Sources.isBeforeInTranslationUnit(Ref->getBeginLoc(), Where))
        return;
    if (Site.Temporary && Last->Where == Ref->getBeginLoc())
      return;
    Told.insert(Variable);
    report(Last->Where, UsedLater, Variable->getName(), Taken, Ref->getBeginLoc(), Unit);
  });
}

void GuardedReferenceEscapeCheck::checkRunLocked(const FunctionModel &Lambda, const CallExpr *Call, UnitFlow &Unit) {
  CatalogIndex &Names = Unit.model().names();
  QualType Result = Lambda.Function->getReturnType();
  const CFG *Graph = Unit.graph(Lambda);
  if (!Graph || !GuardedPlaces::canRefer(Result, Names) || Lambda.Function->getNumParams() == 0)
    return;
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
            report(Return->getBeginLoc(), Returned, "", Call->getExprLoc(), {}, Unit);
        }
}

void GuardedReferenceEscapeCheck::report(SourceLocation Where, unsigned How, llvm::StringRef Variable, SourceLocation Taken,
                                         SourceLocation Used, UnitFlow &Unit) {
  if (!claim(Where, Unit.model().context().getSourceManager()))
    return;
  diag(Where, "%select{what is returned here refers to data that the lock protects, and the lock is released on the way out|what is "
              "stored here refers to data that the lock protects, and outlives it|'%1' refers to data that the lock protects, and is "
              "used after it is released}0; return or keep a copy, or hold the lock as long as it is used")
      << How << Variable;
  diag(Taken, "the lock is taken here", DiagnosticIDs::Note);
  if (Used.isValid())
    diag(Used, "used here, without the lock", DiagnosticIDs::Note);
}

} // namespace ward
