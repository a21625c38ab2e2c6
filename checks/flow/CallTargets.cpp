// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The edges of the call graph whose callee the call does not name: virtual calls, and calls through pointers.
#include "flow/CallGraph.h"

#include "model/Callables.h"

#include "clang/AST/DeclCXX.h"

using namespace clang;

namespace ward {

/// \p Class can be derived from in this unit only.
static bool isClosed(const CXXRecordDecl *Class) { return !Class->isExternallyVisible(); }

void CallGraph::collectOverriders() {
  auto Add = [&](auto &&Self, const CXXMethodDecl *Method, const CXXMethodDecl *By) -> void {
    for (const CXXMethodDecl *Base : Method->overridden_methods()) {
      Overriders[Base->getCanonicalDecl()].push_back(Unit.function(By));
      Self(Self, Base, By);
    }
  };
  for (const CXXRecordDecl *Class : Unit.classes())
    if (Class->hasDefinition())
      for (const CXXMethodDecl *Method : Class->getDefinition()->methods())
        if (Method->isVirtual() && !Method->isPureVirtual() && !isa<CXXDestructorDecl>(Method))
          Add(Add, Method, Method);
  for (const auto &[Base, By] : Overriders)
    for (const FunctionModel *Override : By)
      if (Override && isClosed(Base->getParent()))
        ClosedOverriders.insert(Override);
  for (const auto &[Base, By] : Overriders) // also known by the name of another base, which others may call
    if (!isClosed(Base->getParent()) || Unit.isAddressTaken(Base))
      for (const FunctionModel *Override : By)
        ClosedOverriders.erase(Override);
}

void CallGraph::addVirtual(const FunctionModel &Function, const Expr *Site, const CallSite &Call) {
  const auto *Named = cast<CXXMethodDecl>(Call.Callee->getCanonicalDecl());
  const FunctionModel *Own = Unit.function(Named);
  auto It = Overriders.find(Named);
  size_t Count = It == Overriders.end() ? 0 : It->second.size();
  bool IsOnly = isClosed(Named->getParent()) && Named->isPureVirtual() && Count == 1;
  // A function that is not pure is called for objects of its own class, whatever overrides it.
  if (Own && !Named->isPureVirtual())
    add({&Function, Site, Own, Call});
  for (size_t I = 0; I != Count; ++I) {
    const FunctionModel *Override = It->second[I];
    if (!Override)
      continue;
    CallEdge Edge{&Function, Site, Override, Call};
    Edge.How.Callee = Override->Function;
    Edge.IsOneOfSeveral = !IsOnly;
    add(std::move(Edge));
  }
}

/// The function or closure that \p E names, looking through variables that keep their first value.
static const FunctionDecl *knownFunction(const Expr *E, UnitModel &Unit) {
  CatalogIndex &Names = Unit.names();
  for (unsigned I = 0; E && I != 4; ++I) {
    E = originalValue(E, Names);
    if (const auto *Address = dyn_cast_or_null<UnaryOperator>(E);
        Address && (Address->getOpcode() == UO_AddrOf || Address->getOpcode() == UO_Deref))
      E = originalValue(Address->getSubExpr(), Names);
    if (const auto *Lambda = dyn_cast_or_null<LambdaExpr>(E))
      return Lambda->getCallOperator();
    const auto *Ref = dyn_cast_or_null<DeclRefExpr>(E);
    if (const auto *Function = Ref ? dyn_cast<FunctionDecl>(Ref->getDecl()) : nullptr)
      return Function;
    const auto *Variable = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
    if (!Variable || isa<ParmVarDecl>(Variable))
      return nullptr;
    bool IsKept = Variable->getType().isConstQualified() || Variable->isConstexpr() ||
                  (Variable->isLocalVarDecl() && !Variable->isStaticLocal() && Names.rebindings().isNeverReassigned(Variable));
    E = IsKept ? Variable->getInit() : nullptr;
  }
  return nullptr;
}

/// What a call through a pointer or an object with operator() names; null if \p Call is neither.
static const Expr *calledObject(const CallExpr *Call) {
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call))
    return Operator->getOperator() == OO_Call ? Operator->getArg(0) : nullptr;
  return Call->getDirectCallee() || isa<CXXMemberCallExpr>(Call) ? nullptr : Call->getCallee();
}

void CallGraph::addIndirect(const FunctionModel &Function, const CallExpr *Call) {
  const Expr *Called = calledObject(Call);
  std::optional<CallSite> Member = invokedBy(Call, Unit.names());
  if (!Member && Called && !Called->isTypeDependent())
    Member = boundIn(Called, Unit.names());
  if (Member) {
    const auto *Method = cast<CXXMethodDecl>(Member->Callee);
    if (Method->isVirtual())
      addVirtual(Function, Call, *Member);
    else if (const FunctionModel *Callee = Unit.function(Method))
      add({&Function, Call, Callee, *Member});
    return;
  }
  if (!Called || Called->isTypeDependent() || (Call->getDirectCallee() && Unit.function(Call->getDirectCallee())))
    return;
  const FunctionDecl *Known = knownFunction(Called, Unit);
  const FunctionModel *Callee = Known ? Unit.function(Known) : nullptr;
  if (!Callee)
    return;
  CallSite How = CallSite::of(Call);
  How.Callee = Callee->Function;
  How.Object = nullptr;
  add({&Function, Call, Callee, How});
}

} // namespace ward
