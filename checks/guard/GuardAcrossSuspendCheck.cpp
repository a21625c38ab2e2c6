// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "guard/GuardAcrossSuspendCheck.h"

#include "model/Suspensions.h"

#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "model/StmtParents.h"

using namespace clang;

namespace ward {
namespace {

/// \p S is part of the initialiser of \p Variable.
bool initialises(const VarDecl *Variable, const Stmt *S) {
  return Variable && contains(Variable->getInit(), S);
}

/// The first suspension in \p S that lies in the scope of \p Guard; \p InScope is true if S itself does.
const Expr *suspensionAfter(const Stmt *S, const VarDecl *Guard, bool InScope) {
  if (!S || isa<LambdaExpr>(S))
    return nullptr;
  if (InScope)
    if (const Expr *Found = suspensionIn(S))
      return Found;
  for (const Stmt *Child : S->children()) {
    if (const Expr *Found = suspensionAfter(Child, Guard, InScope))
      return Found;
    const auto *Declaration = dyn_cast_or_null<DeclStmt>(Child);
    InScope = InScope || (Declaration && llvm::is_contained(Declaration->decls(), Guard));
  }
  return nullptr;
}

} // namespace

void GuardAcrossSuspendCheck::analyse(UnitFlow &Unit) {
  for (const auto &Function : Unit.model().functions()) {
    if (!isa_and_nonnull<CoroutineBodyStmt>(Function->Body) && !(Function->IsPattern && !Function->Guards.empty()))
      continue;
    if (Function->IsPattern || !Unit.lockSets(*Function).known())
      checkPattern(*Function, Unit);
    else
      checkFlow(*Function, Unit);
  }
}

void GuardAcrossSuspendCheck::checkFlow(const FunctionModel &Function, UnitFlow &Unit) {
  LockTypes &Types = Unit.model().types();
  const LockSets &Held = Unit.lockSets(Function);
  const Expr *First = nullptr;
  Held.forEach([&](const Stmt *S, const LockSet &State) {
    const Expr *Suspension = maySuspend(S);
    if (!Suspension)
      return;
    if (!First || Suspension->getExprLoc() < First->getExprLoc())
      First = Suspension;
    for (unsigned Index : State.May.set_bits()) {
      const LockSite &Site = Held.sites()[Index];
      if (Site.Guard) {
        if (!isAsyncGuard(Site.Guard->Variable->getType(), Site.Guard->Variable->getInit(), Site.Locked, Types) &&
            !initialises(Site.Guard->Variable, S))
          report(Site.Guard->Variable->getLocation(), Site.Guard->Variable, Suspension, Unit);
      } else if (Site.Temporary) {
        // A temporary that initialises a guard variable is that guard, or lives as long.
        bool IsVariable = llvm::any_of(Function.Guards, [&](const GuardVariable &Guard) {
          return Guard.Variable->getInit() && stripped(Guard.Variable->getInit()) == stripped(Site.Temporary);
        });
        if (!IsVariable && !isAsyncGuard(Site.Temporary->getType(), Site.Temporary, Site.Locked, Types))
          report(Site.Temporary->getBeginLoc(), nullptr, Suspension, Unit);
      } else if (Site.Call && !isAwaitable(Site.Call->getType()) &&
                 !isAsyncGuard(Site.Call->getType(), nullptr, Site.Locked, Types)) {
        report(Site.Call->getExprLoc(), nullptr, Suspension, Unit);
      }
    }
  });
  if (First)
    checkParameters(Function, First, Unit);
}

void GuardAcrossSuspendCheck::checkPattern(const FunctionModel &Function, UnitFlow &Unit) {
  LockTypes &Types = Unit.model().types();
  for (const GuardVariable &Guard : Function.Guards) {
    if (!Guard.How.mayHold() || isAsyncGuard(Guard.Variable->getType(), Guard.Variable->getInit(), Guard.How.Locked, Types))
      continue;
    // Any use of the guard may release it.
    const Expr *Suspension = suspensionAfter(Function.Body, Guard.Variable, /*InScope=*/false);
    if (Suspension && !mentions(Function.Body, Guard.Variable))
      report(Guard.Variable->getLocation(), Guard.Variable, Suspension, Unit);
  }
}

void GuardAcrossSuspendCheck::checkParameters(const FunctionModel &Function, const Expr *Suspension, UnitFlow &Unit) {
  LockTypes &Types = Unit.model().types();
  for (const ParmVarDecl *Parameter : Function.Function->parameters())
    if (Types.guard(Parameter->getType()) && !isAsyncGuard(Parameter->getType(), nullptr, {}, Types)) {
      const auto *Body = cast<CoroutineBodyStmt>(Function.Body);
      if (!mentions(Body->getBody(), Parameter)) // any use may release it
        report(Parameter->getLocation(), Parameter, Suspension, Unit);
    }
}

void GuardAcrossSuspendCheck::report(SourceLocation Location, const ValueDecl *Guard, const Expr *Suspension, UnitFlow &Unit) {
  if (!claim(Location, Unit.model().context().getSourceManager()))
    return;
  std::string What = Guard ? "'" + Guard->getNameAsString() + "'" : "the lock acquired here";
  diag(Location, "%0 is held while the coroutine is suspended; other threads that need the lock are blocked until the coroutine "
                 "resumes, possibly on another thread, where the release is undefined behaviour")
      << What;
  diag(Suspension->getExprLoc(), "the coroutine suspends here", DiagnosticIDs::Note);
}

} // namespace ward
