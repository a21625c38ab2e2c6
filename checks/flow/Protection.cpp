// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/Protection.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace ward {
namespace {

/// How far calls are followed into functions of the unit.
constexpr unsigned MaxCallDepth = 3;

bool isUnevaluated(const Stmt *S) {
  if (const auto *TypeId = dyn_cast<CXXTypeidExpr>(S))
    return !TypeId->isPotentiallyEvaluated();
  return isa<UnaryExprOrTypeTraitExpr, CXXNoexceptExpr, RequiresExpr>(S);
}

/// A member of an object whose type, or whose overload, a template's pattern does not know yet.
std::optional<AccessPath> objectOfUnresolved(const Expr *E, CatalogIndex &Names) {
  const auto *Member = dyn_cast<UnresolvedMemberExpr>(E);
  if (!Member)
    return std::nullopt;
  return Member->isImplicitAccess() ? AccessPath::ofThis() : pathOf(Member->getBase(), Names);
}

bool canChange(const FieldDecl *Field, LockTypes &Types) {
  QualType Type = Field->getType();
  if (Types.isSynchronised(Type))
    return false;
  return !Type.isConstQualified() || Type->isPointerType() || Types.names().isPointer(classOf(Type));
}

} // namespace

bool Protection::isGuard(const Expr *E) const {
  const auto *Ref = dyn_cast<DeclRefExpr>(stripped(E));
  return Guard && Ref && Function.guardVariable(Ref->getDecl()) == Guard;
}

const Expr *Protection::find(const Stmt *S, bool Strict) {
  if (!S || isUnevaluated(S))
    return nullptr;
  if (const auto *E = dyn_cast<Expr>(S)) {
    bool Descend = true;
    if (matches(E, Strict, Descend))
      return E;
    if (!Descend)
      return nullptr;
  }
  if (const auto *Lambda = dyn_cast<LambdaExpr>(S)) {
    for (const Expr *Init : Lambda->capture_inits())
      if (const Expr *Found = find(Init, Strict))
        return Found;
    return find(Lambda->getBody(), Strict);
  }
  if (const auto *If = dyn_cast<IfStmt>(S); If && If->isConstexpr())
    if (std::optional<const Stmt *> Taken = If->getNondiscardedCase(Flow.model().context()))
      return find(*Taken, Strict);
  for (const Stmt *Child : S->children())
    if (const Expr *Found = find(Child, Strict))
      return Found;
  return nullptr;
}

bool Protection::matchesGuardCall(const CXXMemberCallExpr *Call, bool Strict, bool &Descend) {
  if (!Strict || !isGuard(Call->getImplicitObjectArgument()))
    return false;
  LockTypes &Types = Flow.model().types();
  const CXXMethodDecl *Method = Call->getMethodDecl();
  // Asking the guard whether it holds the lock, or working it, reads nothing that the lock protects.
  if (Method && (Types.isStatusQuery(*Guard->Type, Method) || Types.guardEffect(*Guard->Type, Method)))
    Descend = false;
  return Descend;
}

bool Protection::matches(const Expr *E, bool Strict, bool &Descend) {
  CatalogIndex &Names = Flow.model().names();
  if (const auto *Call = dyn_cast<CXXMemberCallExpr>(E))
    if (matchesGuardCall(Call, Strict, Descend) || !Descend)
      return Descend;
  if (const auto *Member = dyn_cast<CXXDependentScopeMemberExpr>(E); Member && Strict && !Member->isImplicitAccess())
    if (isGuard(Member->getBase())) { // a template's pattern: g.owns_lock() by its name
      const GuardEntry *Entry = Guard->Type->Entry;
      Descend = !(Entry && llvm::is_contained(Entry->Status, Member->getMember().getAsString()));
      return Descend;
    }
  if (isa<DeclRefExpr>(E)) {
    if (isGuard(E))
      return true;
    if (Borrowed.contains(cast<DeclRefExpr>(E)->getDecl()))
      return true;
  }
  if (matchesEvidence(E))
    return true;
  if (const auto *Call = dyn_cast<CallExpr>(E)) {
    if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call); Member && Member->getMethodDecl()) {
      // A member function of the object that the mutex belongs to.
      if (std::optional<AccessPath> Object = pathOf(Member->getImplicitObjectArgument(), Names))
        for (const LockRef &Lock : Locks)
          if (Lock.Owner && *Object == *Lock.Owner && !(Lock.Mutex && *Object == *Lock.Mutex)) {
            if (!Strict || methodReads(Member->getMethodDecl(), MaxCallDepth))
              return true;
            Descend = false; // the object is judged; what is left are the arguments
            return llvm::any_of(Call->arguments(), [&](const Expr *Argument) { return find(Argument, Strict); });
          }
    }
    if (calleeTouches(Call->getDirectCallee(), Strict, MaxCallDepth))
      return true;
  }
  if (isa<MemberExpr, DeclRefExpr, CXXThisExpr, CXXDependentScopeMemberExpr>(E)) {
    if (const auto *Member = dyn_cast<MemberExpr>(E); Member && isa<CXXMethodDecl>(Member->getMemberDecl()))
      return false; // the callee of a member call: its object follows as a child
    if (std::optional<AccessPath> Path = pathOf(E, Names)) {
      Descend = isa<DeclRefExpr>(E);
      if (matchesPath(E, *Path, Strict))
        return true;
    }
  }
  if (std::optional<AccessPath> Object = objectOfUnresolved(E, Names))
    return matchesPath(E, *Object, Strict);
  return false;
}

bool Protection::matchesPath(const Expr *E, const AccessPath &Path, bool Strict) {
  LockTypes &Types = Flow.model().types();
  for (const LockRef &Lock : Locks) {
    if (!Lock.Owner || (Lock.Mutex && Path == *Lock.Mutex))
      continue;
    const AccessPath &Owner = *Lock.Owner;
    bool Inside = Path.startsWith(Owner);
    if (Inside && Path.steps().size() > Owner.steps().size()) {
      const FieldDecl *Field = Path.steps()[Owner.steps().size()].asField();
      if (!Strict || !Field || canChange(Field, Types))
        return true;
    } else if (Inside || (!Strict && Owner.startsWith(Path))) {
      return true; // the whole object, or one around it, is given to somebody
    }
  }
  if (Strict)
    return false;
  // A pointer or iterator that was made from protected data before.
  const auto *Ref = dyn_cast<DeclRefExpr>(E);
  const auto *Variable = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
  if (!Variable || !Variable->isLocalVarDecl() || !Variable->getInit() || Types.isValue(Variable->getType()))
    return false;
  const Expr *Source = stripped(Variable->getInit());
  if (const auto *Call = dyn_cast<CXXMemberCallExpr>(Source))
    Source = Call->getImplicitObjectArgument();
  std::optional<AccessPath> From = pathOf(Source, Types.names());
  return From && llvm::any_of(Locks, [&](const LockRef &Lock) { return Lock.Owner && From->startsWith(*Lock.Owner); });
}

bool Protection::matchesEvidence(const Expr *E) {
  return llvm::any_of(Locks, [&](const LockRef &Lock) {
    if (!Lock.Mutex || !Lock.Mutex->root() || !Lock.Mutex->steps().empty())
      return false;
    const ValueDecl *Accessed = Flow.evidence().accessed(E);
    return Accessed && Flow.evidence().protects(Lock.Mutex->root(), Accessed);
  });
}

bool Protection::calleeTouches(const FunctionDecl *Callee, bool Strict, unsigned Depth) {
  const FunctionModel *Inner = Depth ? Flow.model().function(Callee) : nullptr;
  if (!Inner || !Visiting.insert(Callee).second)
    return false;
  bool Found = false;
  for (const Expr *Access : Inner->Accesses) {
    Found = Found || matchesEvidence(Access);
    if (std::optional<AccessPath> Path = pathOf(Access, Flow.model().names());
        !Found && Path && Path->root() && Path->root()->hasGlobalStorage())
      Found = matchesPath(Access, *Path, Strict);
  }
  for (const CallExpr *Call : Inner->Calls)
    Found = Found || calleeTouches(Call->getDirectCallee(), Strict, Depth - 1);
  Visiting.erase(Callee);
  return Found;
}

bool Protection::methodReads(const CXXMethodDecl *Method, unsigned Depth) {
  if (Method->isStatic())
    return false;
  const FunctionModel *Inner = Flow.model().function(Method);
  if (!Inner || Depth == 0)
    return true; // it can't be seen: a member function is there to read its object
  LockTypes &Types = Flow.model().types();
  for (const Expr *Access : Inner->Accesses)
    if (const auto *Member = dyn_cast<MemberExpr>(Access); Member && isa<CXXThisExpr>(stripped(Member->getBase())))
      if (const auto *Field = dyn_cast<FieldDecl>(Member->getMemberDecl()); Field && canChange(Field, Types))
        return true;
  for (const CallExpr *Call : Inner->Calls)
    if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
        Member && Member->getMethodDecl() && isa<CXXThisExpr>(stripped(Member->getImplicitObjectArgument())) &&
        Member->getMethodDecl()->getCanonicalDecl() != Method->getCanonicalDecl() &&
        methodReads(Member->getMethodDecl(), Depth - 1))
      return true;
  return false;
}

void Protection::followBorrow(const ValueDecl *Variable, const Expr *Source) {
  if (!Source || (Guard && Variable == Guard->Variable) || Flow.model().types().isValue(Variable->getType()) || !need(Source))
    return;
  Borrowed.insert(Variable);
  if (const auto *Decomposition = dyn_cast<DecompositionDecl>(Variable))
    for (const BindingDecl *Binding : Decomposition->bindings())
      Borrowed.insert(Binding);
}

void Protection::followBorrowsOf(const Stmt *S) {
  if (!S)
    return;
  auto FollowAssignment = [&](const Expr *Left, const Expr *Right) {
    if (const auto *Ref = dyn_cast<DeclRefExpr>(stripped(Left)))
      followBorrow(Ref->getDecl(), Right);
  };
  if (const auto *Declaration = dyn_cast<DeclStmt>(S)) {
    for (const Decl *D : Declaration->decls())
      if (const auto *Variable = dyn_cast<VarDecl>(D))
        followBorrow(Variable, Variable->getInit());
  } else if (const auto *Assign = dyn_cast<BinaryOperator>(S); Assign && Assign->isAssignmentOp()) {
    FollowAssignment(Assign->getLHS(), Assign->getRHS());
  } else if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(S);
             Operator && Operator->getOperator() == OO_Equal && Operator->getNumArgs() == 2) {
    FollowAssignment(Operator->getArg(0), Operator->getArg(1));
  }
  for (const Stmt *Child : S->children())
    followBorrowsOf(Child);
}

std::string Protection::describe(const Expr *Needed) const {
  if (const auto *Call = dyn_cast<CallExpr>(Needed)) {
    if (const FunctionDecl *Callee = Call->getDirectCallee(); Callee && Callee->getDeclName().isIdentifier())
      return Callee->getNameAsString() + "()";
  } else if (const auto *Member = dyn_cast<MemberExpr>(Needed)) {
    return Member->getMemberDecl()->getNameAsString();
  } else if (const auto *Ref = dyn_cast<DeclRefExpr>(Needed)) {
    return Ref->getDecl()->getNameAsString();
  } else if (const auto *Member = dyn_cast<CXXDependentScopeMemberExpr>(Needed)) {
    return Member->getMember().getAsString();
  }
  return "";
}

} // namespace ward
