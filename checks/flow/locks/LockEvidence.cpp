// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/locks/LockEvidence.h"

#include "flow/UnitFlow.h"
#include "flow/locks/LockSets.h"

#include "clang/AST/DeclCXX.h"

using namespace clang;

namespace ward {
namespace {

const VarDecl *variableMutex(const LockRef &Ref) {
  return Ref.Mutex && Ref.Mutex->root() && Ref.Mutex->steps().empty() ? Ref.Mutex->root() : nullptr;
}

/// \p Function constructs or destroys the object of the field \p Accessed: other threads do not share it yet, or any
/// more.
bool constructsOrDestroys(const FunctionDecl *Function, const ValueDecl *Accessed) {
  return isa<CXXConstructorDecl, CXXDestructorDecl>(Function) && isa<FieldDecl>(Accessed) &&
         cast<CXXMethodDecl>(Function)->getParent()->getCanonicalDecl() ==
             cast<CXXRecordDecl>(cast<FieldDecl>(Accessed)->getParent())->getCanonicalDecl();
}

/// For a function without a CFG, as a template's pattern: calls \p Visit for each expression in \p S that is in the
/// scope of \p Guard, whether it is released there or not.
void forEachInScope(const Stmt *S, const VarDecl *Guard, bool InScope, llvm::function_ref<void(const Expr *)> Visit) {
  if (!S)
    return;
  if (const auto *E = dyn_cast<Expr>(S); E && InScope)
    Visit(E);
  auto Declares = [&](const Stmt *Child) {
    const auto *Declaration = dyn_cast_or_null<DeclStmt>(Child);
    return Declaration && llvm::is_contained(Declaration->decls(), Guard);
  };
  for (const Stmt *Child : S->children()) {
    forEachInScope(Child, Guard, InScope, Visit);
    InScope = InScope || Declares(Child); // its scope ends with S, whether that is a block or a statement with an init
  }
}

} // namespace

bool LockEvidence::isShared(const VarDecl *Variable) const {
  if (Variable->hasGlobalStorage() || Captured.contains(Variable->getCanonicalDecl()))
    return true;
  if (!Variable->getType()->isReferenceType())
    return false;
  // Another name for a local: `auto &first = mine.front();`, the hidden variable of a range-for.
  std::optional<AccessPath> Named;
  if (Variable->isLocalVarDecl() && Variable->getInit())
    Named = pathOf(Variable->getInit(), Types.names());
  return !Named || !Named->root() || Named->root() == Variable || isShared(Named->root());
}

const ValueDecl *LockEvidence::accessed(const Expr *E) const {
  const ValueDecl *Decl = nullptr;
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E))
    Decl = dyn_cast<VarDecl>(Ref->getDecl());
  else if (const auto *Member = dyn_cast<MemberExpr>(E))
    Decl = Member->getMemberDecl();
  if (!Decl || !isa<VarDecl, FieldDecl>(Decl) || Types.isSynchronised(Decl->getType()) || Types.guard(Decl->getType()))
    return nullptr;
  if (const auto *Variable = dyn_cast<VarDecl>(Decl); Variable && !isShared(Variable))
    return nullptr;
  if (Decl->getType().isConstQualified() && !Decl->getType()->isPointerType())
    return nullptr;
  return cast<ValueDecl>(Decl->getCanonicalDecl());
}

LockEvidence::LockEvidence(UnitFlow &Flow) : Types(Flow.model().types()) {
  UnitModel &Unit = Flow.model();
  for (const auto &Function : Unit.functions())
    for (const Expr *Access : Function->Accesses)
      if (const auto *Ref = dyn_cast<DeclRefExpr>(Access); Ref && Ref->refersToEnclosingVariableOrCapture())
        if (const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl()))
          Captured.insert(Variable->getCanonicalDecl());
  auto Count = [&](Counts &Into, const FunctionModel &Function, const Expr *E) {
    const ValueDecl *Decl = accessed(E);
    if (Decl && !constructsOrDestroys(Function.Function, Decl))
      ++Into[Decl];
  };
  for (const auto &Function : Unit.functions()) {
    for (const Expr *Access : Function->Accesses)
      Count(All, *Function, Access);
    if (!Flow.acquiresOrReleases(*Function))
      continue;
    const LockSets &Locks = Flow.lockSets(*Function);
    bool AnyVariable = llvm::any_of(Locks.sites(), [](const LockSite &Site) {
      return llvm::any_of(Site.Locked, [](const LockRef &Ref) { return variableMutex(Ref); });
    });
    if (!AnyVariable)
      continue;
    if (!Locks.known()) {
      for (const LockSite &Site : Locks.sites())
        for (const LockRef &Ref : Site.Locked)
          if (const VarDecl *Mutex = variableMutex(Ref); Mutex && Site.Guard && Site.Guard->How.mayHold())
            forEachInScope(Function->Body, Site.Guard->Variable, /*InScope=*/false,
                           [&](const Expr *E) { Count(Held[Mutex], *Function, E); });
      continue;
    }
    Locks.forEach([&](const Stmt *S, const LockSet &State) {
      const auto *E = dyn_cast<Expr>(S);
      if (!E)
        return;
      for (unsigned Site : State.May.set_bits())
        for (const LockRef &Ref : Locks.sites()[Site].Locked)
          if (const VarDecl *Mutex = variableMutex(Ref)) {
            Count(Held[Mutex], *Function, E);
            // A lambda that is created under the lock is assumed to run under it.
            if (const auto *Lambda = dyn_cast<LambdaExpr>(E))
              if (const FunctionModel *Inner = Unit.function(Lambda->getCallOperator()))
                for (const Expr *Access : Inner->Accesses)
                  Count(Held[Mutex], *Inner, Access);
          }
    });
  }
}

bool LockEvidence::protects(const VarDecl *Mutex, const ValueDecl *Accessed) const {
  auto It = Held.find(Mutex->getCanonicalDecl());
  if (It == Held.end())
    return false;
  return 2 * It->second.lookup(Accessed) > All.lookup(Accessed);
}

} // namespace ward
