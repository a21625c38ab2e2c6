// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/locks/Protection.h"

#include "model/Annotations.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace ward {
namespace {

bool isUnevaluated(const Stmt *S) {
  if (const auto *TypeId = dyn_cast<CXXTypeidExpr>(S))
    return !TypeId->isPotentiallyEvaluated();
  return isa<UnaryExprOrTypeTraitExpr, CXXNoexceptExpr, RequiresExpr>(S);
}

/// The object of an unresolved member call in a template's pattern.
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

/// The locks that guard \p Accessed, or what it points to, by annotation; none if one of the annotations can't be read.
AnnotatedLocks annotatedGuards(const ValueDecl *Accessed, CatalogIndex &Names) {
  AnnotatedLocks Result = guardedBy(Accessed, Names);
  Result.append(pointeeGuardedBy(Accessed, Names));
  if (llvm::any_of(Result, [](const AnnotatedLock &Lock) { return !Lock.Path; }))
    Result.clear();
  return Result;
}

const ValueDecl *endOf(const AccessPath &Path) {
  return Path.steps().empty() ? static_cast<const ValueDecl *>(Path.root()) : Path.lastField();
}

const ValueDecl *mutexOf(const LockRef &Lock) { return Lock.Mutex ? endOf(*Lock.Mutex) : nullptr; }

bool isSame(const ValueDecl *A, const ValueDecl *B) { return A && B && A->getCanonicalDecl() == B->getCanonicalDecl(); }

/// \p Lock is one of \p Named: the same field or variable, whatever its object.
bool isAmong(const LockRef &Lock, const AnnotatedLocks &Named) {
  return llvm::any_of(Named,
                      [&](const AnnotatedLock &One) { return One.Path && isSame(endOf(*One.Path), mutexOf(Lock)); });
}

/// A static member of the class that \p Lock belongs to.
bool isStaticNeighbour(const Expr *E, const LockRef &Lock) {
  E = stripped(E);
  const ValueDecl *Named = nullptr;
  if (const auto *Member = dyn_cast<MemberExpr>(E))
    Named = Member->getMemberDecl();
  else if (const auto *Ref = dyn_cast<DeclRefExpr>(E))
    Named = Ref->getDecl();
  const auto *Variable = dyn_cast_or_null<VarDecl>(Named);
  const ValueDecl *Mutex = mutexOf(Lock);
  return Variable && Mutex && Variable->isStaticDataMember() && !Variable->getType().isConstQualified() &&
         Variable->getDeclContext()->Equals(Mutex->getDeclContext());
}

} // namespace

bool Protection::isGuard(const Expr *E) const {
  const auto *Ref = dyn_cast<DeclRefExpr>(stripped(E));
  if (!Guard || !Ref || Function.guardVariable(Ref->getDecl()) != Guard)
    return false;
  // `auto [n, guard] = ...`: n is a copy of its own.
  LockTypes &Types = Flow.model().types();
  return !isa<BindingDecl>(Ref->getDecl()) || !Types.isValue(Ref->getType()) || Types.guard(Ref->getType());
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
    if (std::optional<const Stmt *> Kept = If->getNondiscardedCase(Flow.model().context()))
      return find(*Kept, Strict);
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
  // Asking the guard whether it holds the lock, or locking it by hand, reads nothing that the lock protects.
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
    if (const FunctionDecl *Callee = Call->getDirectCallee()) {
      AnnotatedLocks Required = requiredLocks(Callee, Names);
      if (llvm::any_of(Locks, [&](const LockRef &Lock) { return isAmong(Lock, Required); }))
        return true;
      if (!Strict && llvm::any_of(Required, [](const AnnotatedLock &Lock) { return !Lock.Path; }))
        return true; // an unknown lock: perhaps this one
    }
    if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call); Member && Member->getMethodDecl()) {
      // A member function of the object that the mutex belongs to.
      if (std::optional<AccessPath> Object = pathOf(Member->getImplicitObjectArgument(), Names))
        for (const LockRef &Lock : Locks)
          if (Lock.Owner && *Object == *Lock.Owner && !(Lock.Mutex && *Object == *Lock.Mutex)) {
            if (!Strict || methodReads(Member->getMethodDecl(), MaxCallDepth))
              return true;
            Descend = false; // the object is done; the arguments remain
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
      Descend = false;
      // `auto &data = *guard`: by another name. isGuard() decides for a structured binding.
      bool ByGuard = Path->root() && (Borrowed.contains(Path->root()) || (Guard && Path->root() == Guard->Variable &&
                                                                          !isa<DecompositionDecl>(Guard->Variable)));
      return ByGuard || matchesPath(E, *Path, Strict) || findInPath(E, Strict);
    }
  }
  if (std::optional<AccessPath> Object = objectOfUnresolved(E, Names))
    return matchesPath(E, *Object, Strict);
  return false;
}

bool Protection::findInPath(const Expr *E, bool Strict) {
  while (E) {
    E = stripped(E);
    if (const auto *Member = dyn_cast<MemberExpr>(E)) {
      E = Member->getBase();
    } else if (const auto *Subscript = dyn_cast<ArraySubscriptExpr>(E)) {
      if (find(Subscript->getIdx(), Strict))
        return true;
      E = Subscript->getBase();
    } else if (const auto *Call = dyn_cast<CallExpr>(E)) {
      CallSite Site = CallSite::of(Call);
      if (llvm::any_of(Site.Arguments, [&](const Expr *Argument) { return find(Argument, Strict); }))
        return true;
      E = Site.Object;
    } else {
      return isGuard(E); // g->field
    }
  }
  return false;
}

bool Protection::matchesPath(const Expr *E, const AccessPath &Path, bool Strict) {
  LockTypes &Types = Flow.model().types();
  for (const LockRef &Lock : Locks) {
    if (Lock.Mutex && Path == *Lock.Mutex) {
      // Waited on, unlocked by hand, acquired again (a mistake, but another one): a use of the lock itself.
      if (!Strict && Types.mutex(E->getType()))
        return true;
      continue;
    }
    if (!Strict && isStaticNeighbour(E, Lock))
      return true;
    if (!Lock.Owner)
      continue;
    if (const FieldDecl *Field = Path.lastField())
      if (AnnotatedLocks Declared = annotatedGuards(Field, Types.names());
          !Declared.empty() && mutexOf(Lock) && !isAmong(Lock, Declared))
        continue; // another lock guards it
    const AccessPath &Owner = *Lock.Owner;
    bool Inside = Path.startsWith(Owner);
    if (Inside && Path.steps().size() > Owner.steps().size()) {
      const FieldDecl *Field = Path.steps()[Owner.steps().size()].asField();
      if (Field && Strict ? canChange(Field, Types) : !Field || !Types.mutex(Field->getType()))
        return true; // but another mutex beside this one is not its data
    } else if (Inside || (!Strict && Owner.startsWith(Path))) {
      return true; // the whole object, or one around it, is passed on
    }
  }
  if (Strict)
    return false;
  // A pointer or iterator that was obtained from protected data.
  const VarDecl *Variable = Path.root();
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
    if (const MutexType *Mutex = Flow.model().types().mutex(Lock.Mutex->root()->getType()); Mutex && Mutex->OwnsData)
      return false; // only a guard leads to what it protects
    const ValueDecl *Accessed = Flow.evidence().accessed(E);
    if (AnnotatedLocks Declared = Accessed ? annotatedGuards(Accessed, Flow.model().names()) : AnnotatedLocks();
        !Declared.empty())
      return isAmong(Lock, Declared);
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
    return true; // its body is unknown: a member function is assumed to read its object
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

namespace {

/// \p Function, at an expression that is \p Within, or a function that it calls there, writes a field of its object or
/// a global.
bool writesShared(const FunctionModel &Function, llvm::function_ref<bool(const Expr *)> Within, UnitFlow &Flow,
                  unsigned Depth) {
  LockTypes &Types = Flow.model().types();
  for (const ClassifiedAccess &Access : Flow.accesses(Function))
    if (Access.Kind != AccessKind::Read && Within(Access.Where) && !Types.guard(Access.Where->getType()) &&
        !Types.mutex(Access.Where->getType()) && (!Access.Path.root() || Access.Path.root()->hasGlobalStorage()))
      return true;
  for (const CallExpr *Call : Function.Calls) {
    const FunctionModel *Callee = Depth > 0 && Within(Call) ? Flow.model().function(Call->getDirectCallee()) : nullptr;
    if (!Callee || Callee->IsPattern)
      continue;
    // A member function writes to its own object: that is shared if it is this object or a global.
    const auto *Method = dyn_cast<CXXMethodDecl>(Callee->Function);
    const Expr *Object = CallSite::of(Call).Object;
    std::optional<AccessPath> Path = Object ? pathOf(Object, Flow.model().names()) : std::nullopt;
    bool OnShared = !Method || Method->isStatic() || (Path && (!Path->root() || Path->root()->hasGlobalStorage()));
    if (OnShared && writesShared(
                        *Callee, [](const Expr *) { return true; }, Flow, Depth - 1))
      return true;
  }
  return false;
}

} // namespace

bool Protection::maySerialise(const Stmt *S) const {
  if (llvm::none_of(
          Locks, [](const LockRef &Lock) { return Lock.Mutex && Lock.Mutex->root() && Lock.Mutex->steps().empty(); }))
    return false;
  SourceRange Range = S->getSourceRange();
  return writesShared(
      Function, [&](const Expr *E) { return Range.fullyContains(E->getSourceRange()); }, Flow, MaxCallDepth);
}

void Protection::followBorrow(const ValueDecl *Variable, const Expr *Source) {
  if (!Source || (Guard && Variable == Guard->Variable) || Flow.model().types().isValue(Variable->getType()) ||
      !need(Source))
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
  } else if (const auto *Call = dyn_cast<CallExpr>(S); Call && need(Call)) {
    followResults(Call);
  }
  for (const Stmt *Child : S->children())
    followBorrowsOf(Child);
}

void Protection::followResults(const CallExpr *Call) {
  const FunctionDecl *Callee = Call->getDirectCallee();
  llvm::ArrayRef<const Expr *> Arguments = CallSite::of(Call).Arguments;
  for (unsigned I = 0; I != Arguments.size(); ++I) {
    const Expr *Argument = stripped(Arguments[I]);
    bool ByReference = Callee && I < Callee->getNumParams() &&
                       Callee->getParamDecl(I)->getType()->isLValueReferenceType() &&
                       !Callee->getParamDecl(I)->getType().getNonReferenceType().isConstQualified();
    if (const auto *Unary = dyn_cast<UnaryOperator>(Argument); Unary && Unary->getOpcode() == UO_AddrOf)
      Argument = stripped(Unary->getSubExpr());
    else if (!ByReference)
      continue;
    const auto *Ref = dyn_cast<DeclRefExpr>(Argument);
    const auto *Variable = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
    if (Variable && Variable->isLocalVarDecl() && !Flow.model().types().isValue(Variable->getType()))
      Borrowed.insert(Variable);
  }
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
