// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "model/AccessPath.h"

#include "model/SharedCount.h"

#include "clang/AST/Attr.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/Stmt.h"

using namespace clang;

namespace ward {
namespace {

/// Deep enough for real code, and ends the recursion for expressions that refer to themselves.
constexpr unsigned MaxPathDepth = 16;

std::optional<AccessPath> resolve(const Expr *E, CatalogIndex &Names, unsigned Depth);

std::optional<AccessPath> withStep(std::optional<AccessPath> Base, AccessPath::Step Step) {
  if (Base)
    Base->push(Step);
  return Base;
}

/// Objects of \p Type, or what it points to, are locks or have one inside. All elements of a container have one name for their locks; for
/// other data the name of each loop variable is its own.
bool holdsLock(QualType Type, CatalogIndex &Names, unsigned Depth = 3) {
  Type = Type.getNonReferenceType();
  if (Type->isPointerType())
    Type = Type->getPointeeType();
  const TagDecl *Class = classOf(Type);
  if (Class && Names.isPointer(Class))
    if (QualType Pointee = firstTypeArgument(Type); !Pointee.isNull())
      Class = classOf(Pointee);
  if (Class && Names.mutex(Class))
    return true;
  const auto *Record = dyn_cast_or_null<CXXRecordDecl>(Class);
  Record = Record && Depth ? Record->getDefinition() : nullptr;
  return Record && !Record->isDependentContext() && !Record->isInStdNamespace() &&
         (llvm::any_of(Record->fields(),
                       [&](const FieldDecl *Field) {
                         return !Field->getType()->isPointerType() && holdsLock(Field->getType(), Names, Depth - 1);
                       }) ||
          llvm::any_of(Record->bases(), [&](const CXXBaseSpecifier &Base) { return holdsLock(Base.getType(), Names, Depth - 1); }));
}

/// The range of whose elements \p Variable, of a range-for, names one at a time, if it is a reference or a pointer; null for other
/// variables.
const Expr *rangeOf(const VarDecl *Variable, CatalogIndex &Names) {
  QualType Type = Variable->getType();
  if (!Variable->isCXXForRangeDecl() || !Variable->getInit() || Type->isDependentType() || !holdsLock(Type, Names) ||
      !(Type->isReferenceType() ||
        ((Type->isPointerType() || Names.isPointer(classOf(Type))) && Names.rebindings().isNeverReassigned(Variable))))
    return nullptr;
  // The initialiser is `*__begin`, whose own is `__range.begin()` or `__range`, a reference to the range.
  auto Hidden = [](const Stmt *S, auto &&Self) -> const VarDecl * {
    if (const auto *Ref = dyn_cast_or_null<DeclRefExpr>(S))
      if (const auto *Named = dyn_cast<VarDecl>(Ref->getDecl()); Named && Named->isImplicit())
        return Named;
    if (S)
      for (const Stmt *Child : S->children())
        if (const VarDecl *Found = Self(Child, Self))
          return Found;
    return nullptr;
  };
  const VarDecl *Begin = Hidden(Variable->getInit(), Hidden);
  const VarDecl *Range = Begin && Begin->getInit() ? Hidden(Begin->getInit(), Hidden) : nullptr;
  return Range ? Range->getInit() : nullptr;
}

/// The container over which the iterator \p E goes, a variable that is initialised by `begin()`; null for other expressions.
const Expr *iteratedBy(const Expr *E, CatalogIndex &Names) {
  const auto *Ref = dyn_cast<DeclRefExpr>(stripped(E));
  const auto *Variable = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
  if (!Variable || !Variable->isLocalVarDecl() || Variable->isImplicit() || !Variable->getInit() ||
      Variable->getType()->isReferenceType() || Variable->getType()->isDependentType())
    return nullptr;
  const Expr *Init = stripped(Variable->getInit());
  while (const auto *Construct = dyn_cast<CXXConstructExpr>(Init)) { // a const_iterator from an iterator
    if (Construct->getNumArgs() != 1)
      return nullptr;
    Init = stripped(Construct->getArg(0));
  }
  const auto *Call = dyn_cast<CXXMemberCallExpr>(Init);
  const CXXMethodDecl *Method = Call ? Call->getMethodDecl() : nullptr;
  if (!Method || !Method->getDeclName().isIdentifier() || Call->getNumArgs() > 0 || !Names.isValue(Method->getParent()))
    return nullptr;
  llvm::StringRef Name = Method->getName();
  return Name == "begin" || Name == "cbegin" || Name == "rbegin" || Name == "crbegin" ? Call->getImplicitObjectArgument() : nullptr;
}

std::optional<AccessPath> resolveVariable(const ValueDecl *Decl, CatalogIndex &Names, unsigned Depth) {
  if (const auto *Binding = dyn_cast<BindingDecl>(Decl))
    return Binding->getBinding() ? resolve(Binding->getBinding(), Names, Depth) : std::nullopt;
  const auto *Variable = dyn_cast<VarDecl>(Decl);
  if (!Variable)
    return std::nullopt;
  if (const Expr *Container = rangeOf(Variable, Names))
    if (std::optional<AccessPath> Elements = withStep(resolve(Container, Names, Depth), AccessPath::Step::element()))
      return Elements;
  // A reference is an alias of the object that it is bound to; so is a pointer that is never reassigned, as long as its source
  // is not reassigned either.
  QualType Type = Variable->getType();
  bool Pointer = Type->isPointerType() || Names.isPointer(classOf(Type));
  bool Alias = Type->isReferenceType() || (Type->isPointerType() && Type.isConstQualified()) ||
               (Pointer && Names.rebindings().isNeverReassigned(Variable));
  // `s = &object;`, once: what it then points to does not change unless the variable there does.
  const Expr *Value = Variable->getInit();
  if (Pointer && !Value && Variable->isLocalVarDecl() && !Variable->isStaticLocal()) {
    Value = Names.rebindings().soleValue(Variable);
    Alias = Value != nullptr;
  }
  auto IsFixed = [&](const AccessPath &Target) {
    const VarDecl *Root = Target.root();
    return Variable->getInit() || !Root || !Root->hasLocalStorage() || !Root->getType()->isPointerType() || !Names.rebindings().isReassignedAfter(Root, Variable);
  };
  if (Alias && !isa<ParmVarDecl>(Variable) && Value && !Variable->isInitCapture())
    if (std::optional<AccessPath> Target = resolve(Value, Names, Depth);
        Target && IsFixed(*Target) && (!Pointer || llvm::all_of(Target->steps(), [&](const AccessPath::Step &Step) {
                     const FieldDecl *Field = Step.asField();
                     bool IsPointer = Field && (Field->getType()->isPointerType() || Names.isPointer(classOf(Field->getType())));
                     return !Step.isElement() && (!IsPointer || Names.rebindings().isFieldNeverReassigned(Variable, Field));
                   })))
      return Target;
  return AccessPath::ofVariable(Variable);
}

std::optional<AccessPath> substituted(const AccessPath &Inner, const CallSite &Call, CatalogIndex &Names, unsigned Depth) {
  const VarDecl *Root = Inner.root();
  const Expr *Replacement = nullptr;
  if (!Root && Call.OnThis)
    return Inner;
  if (!Root)
    Replacement = Call.Object;
  else if (const auto *Parameter = dyn_cast<ParmVarDecl>(Root)) {
    const auto *Owner = dyn_cast<FunctionDecl>(Parameter->getDeclContext());
    unsigned Index = Parameter->getFunctionScopeIndex();
    if (Owner && Owner->getCanonicalDecl() == Call.Callee->getCanonicalDecl() && Index < Call.Arguments.size())
      Replacement = Call.Arguments[Index];
  } else if (Root->hasGlobalStorage())
    return Inner;
  std::optional<AccessPath> NewRoot = resolve(Replacement, Names, Depth);
  return NewRoot ? std::optional(Inner.rebase(*NewRoot)) : std::nullopt;
}

std::optional<AccessPath> resolveReturned(const FunctionDecl *Accessor, CatalogIndex &Names, unsigned Depth) {
  if (const auto *Attr = Accessor->getAttr<LockReturnedAttr>())
    return resolve(Attr->getArg(), Names, Depth);
  if (const Expr *Only = onlyReturn(Accessor))
    return resolve(Only, Names, Depth);
  // A reference or pointer to the same place at every `return`, whatever stands before them.
  const FunctionDecl *Definition = nullptr;
  QualType Type = Accessor->getReturnType();
  if (!(Type->isReferenceType() || Type->isPointerType()) || !Accessor->hasBody(Definition) ||
      Definition->isDependentContext())
    return std::nullopt;
  std::optional<AccessPath> Result;
  for (const Expr *Value : Names.returnedBy(Definition)) {
    std::optional<AccessPath> Place = resolve(Value, Names, Depth);
    if (!Place || (Result && !(*Result == *Place)))
      return std::nullopt;
    Result = std::move(Place);
  }
  return Result;
}

/// `object.getMutex()`, which only returns a member, or `mutex()`, which returns a static.
std::optional<AccessPath> resolveAccessor(const CallExpr *Call, CatalogIndex &Names, unsigned Depth) {
  std::optional<AccessPath> Inner = resolveReturned(Call->getDirectCallee(), Names, Depth);
  return Inner ? substituted(*Inner, CallSite::of(Call), Names, Depth) : std::nullopt;
}

std::optional<AccessPath> resolveCall(const CallExpr *Call, CatalogIndex &Names, unsigned Depth) {
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call)) {
    switch (Operator->getOperator()) {
    case OO_Arrow:
    case OO_Star:
      if (Operator->getNumArgs() != 1)
        return std::nullopt;
      if (const Expr *Container = holdsLock(Operator->getType(), Names) ? iteratedBy(Operator->getArg(0), Names) : nullptr)
        return withStep(resolve(Container, Names, Depth), AccessPath::Step::element());
      return resolve(Operator->getArg(0), Names, Depth);
    case OO_Subscript:
      return withStep(resolve(Operator->getArg(0), Names, Depth), AccessPath::Step::element());
    default:
      return std::nullopt;
    }
  }
  const FunctionDecl *Callee = Call->getDirectCallee();
  if (!Callee)
    return std::nullopt;
  if (const FunctionEntry *Entry = Names.function(Callee))
    // A function of C that locks and returns a pointer returns a guard: a name for the lock.
    if (Call->getNumArgs() >= 1 &&
        (Entry->Effect == FunctionEffect::Forward ||
         ((Entry->Effect == FunctionEffect::Lock || Entry->Effect == FunctionEffect::SharedLock) && Call->getType()->isPointerType())))
      return resolve(Call->getArg(0), Names, Depth);
  if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call))
    if (const CXXMethodDecl *Method = Member->getMethodDecl()) {
      const Expr *Object = Member->getImplicitObjectArgument();
      if (Names.isPointer(Method->getParent()) || pointsToItsObject(Method))
        return resolve(Object, Names, Depth); // p.get(), *opt.value(), shared_from_this()
      if (Call->isLValue() && Names.isValue(Method->getParent()))
        return withStep(resolve(Object, Names, Depth), AccessPath::Step::element()); // v.at(i), v.front()
    }
  return resolveAccessor(Call, Names, Depth);
}

std::optional<AccessPath> resolve(const Expr *E, CatalogIndex &Names, unsigned Depth) {
  if (!E || Depth == 0)
    return std::nullopt;
  --Depth;
  E = stripped(E);
  if (isa<CXXThisExpr>(E))
    return AccessPath::ofThis();
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E))
    return resolveVariable(Ref->getDecl(), Names, Depth);
  if (const auto *Member = dyn_cast<MemberExpr>(E)) {
    if (const auto *Static = dyn_cast<VarDecl>(Member->getMemberDecl()))
      return AccessPath::ofVariable(Static);
    if (const auto *Field = dyn_cast<FieldDecl>(Member->getMemberDecl()))
      return withStep(resolve(Member->getBase(), Names, Depth), AccessPath::Step::field(Field));
    return std::nullopt;
  }
  if (const auto *Member = dyn_cast<CXXDependentScopeMemberExpr>(E)) {
    const IdentifierInfo *Name = Member->getMember().getAsIdentifierInfo();
    if (!Name)
      return std::nullopt;
    std::optional<AccessPath> Base =
        Member->isImplicitAccess() ? std::optional(AccessPath::ofThis()) : resolve(Member->getBase(), Names, Depth);
    return withStep(std::move(Base), AccessPath::Step::name(Name));
  }
  if (const auto *Unary = dyn_cast<UnaryOperator>(E)) {
    if (Unary->getOpcode() == UO_Deref || Unary->getOpcode() == UO_AddrOf)
      return resolve(Unary->getSubExpr(), Names, Depth);
    return std::nullopt;
  }
  if (const auto *Subscript = dyn_cast<ArraySubscriptExpr>(E))
    return withStep(resolve(Subscript->getBase(), Names, Depth), AccessPath::Step::element());
  if (const auto *Call = dyn_cast<CallExpr>(E))
    return resolveCall(Call, Names, Depth);
  if (const auto *Statements = dyn_cast<StmtExpr>(E)) {
    const CompoundStmt *Block = Statements->getSubStmt();
    const auto *Last = Block->body_empty() ? nullptr : dyn_cast<Expr>(Block->body_back());
    return resolve(Last, Names, Depth);
  }
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(E))
    // A copy of a pointer-like object points to the same place.
    if (Construct->getNumArgs() == 1 && Names.isPointer(Construct->getConstructor()->getParent()))
      return resolve(Construct->getArg(0), Names, Depth);
  return std::nullopt;
}

} // namespace

std::string AccessPath::Step::name() const {
  if (Field)
    return Field->getNameAsString();
  return Name ? Name->getName().str() : "";
}

AccessPath AccessPath::parent() const {
  AccessPath Result = *this;
  Result.Steps.pop_back();
  return Result;
}

AccessPath AccessPath::rebase(const AccessPath &NewRoot) const {
  AccessPath Result = NewRoot;
  return Result.append(Steps);
}

bool AccessPath::startsWith(const AccessPath &Prefix) const {
  return Root == Prefix.Root && Steps.size() >= Prefix.Steps.size() &&
         llvm::ArrayRef(Steps).take_front(Prefix.Steps.size()) == llvm::ArrayRef(Prefix.Steps);
}

std::string AccessPath::print() const { return printPath(Root, Steps); }

const Expr *stripped(const Expr *E) {
  while (E) {
    const Expr *Before = E;
    E = E->IgnoreParenCasts();
    if (const auto *Full = dyn_cast<FullExpr>(E))
      E = Full->getSubExpr();
    else if (const auto *Temporary = dyn_cast<MaterializeTemporaryExpr>(E))
      E = Temporary->getSubExpr();
    else if (const auto *Bound = dyn_cast<CXXBindTemporaryExpr>(E))
      E = Bound->getSubExpr();
    else if (const auto *Default = dyn_cast<CXXDefaultInitExpr>(E))
      E = Default->getExpr();
    else if (const auto *Substituted = dyn_cast<SubstNonTypeTemplateParmExpr>(E))
      E = Substituted->getReplacement();
    if (E == Before)
      break;
  }
  return E;
}

const Expr *withoutAddressOf(const Expr *E) {
  E = stripped(E);
  if (const auto *Address = dyn_cast_or_null<UnaryOperator>(E); Address && Address->getOpcode() == UO_AddrOf)
    E = stripped(Address->getSubExpr());
  return E;
}

/// In a template pattern: the only function of that name that takes so many arguments; null if there are several.
static const FunctionDecl *onlyCandidate(const OverloadExpr *Named, unsigned Arguments) {
  const FunctionDecl *Found = nullptr;
  for (const NamedDecl *Candidate : Named->decls()) {
    const FunctionDecl *Function = Candidate->getUnderlyingDecl()->getAsFunction();
    if (!Function)
      return nullptr;
    if (Arguments < Function->getMinRequiredArguments() || (Arguments > Function->getNumParams() && !Function->isVariadic()))
      continue;
    if (Found)
      return nullptr;
    Found = Function;
  }
  return Found;
}

bool CallSite::isOnThis() const { return OnThis || (Object && isa<CXXThisExpr>(stripped(Object))); }

CallSite CallSite::of(const CallExpr *Call) {
  CallSite Site{Call->getDirectCallee(), nullptr, {Call->getArgs(), Call->getNumArgs()}, false};
  if (!Site.Callee && Call->isTypeDependent())
    // Only for members: argument-dependent lookup at instantiation may find other functions.
    if (const auto *Overloaded = dyn_cast<UnresolvedMemberExpr>(Call->getCallee()->IgnoreParens())) {
      Site.Callee = onlyCandidate(Overloaded, Call->getNumArgs());
      const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Site.Callee);
      Site.OnThis = Method && !Method->isStatic() && Overloaded->isImplicitAccess();
      if (Method && !Method->isStatic() && !Site.OnThis)
        Site.Object = Overloaded->getBase();
      return Site;
    }
  if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call))
    Site.Object = Member->getImplicitObjectArgument();
  else if (isa<CXXOperatorCallExpr>(Call) && isa_and_nonnull<CXXMethodDecl>(Site.Callee) && !Site.Arguments.empty()) {
    Site.Object = Site.Arguments.front();
    Site.Arguments = Site.Arguments.drop_front();
  } else if (const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Site.Callee); Method && !Method->isStatic()) {
    // In a template pattern, a call of a member is a plain CallExpr.
    if (const auto *Named = dyn_cast<MemberExpr>(Call->getCallee()->IgnoreParens()))
      Site.Object = Named->getBase();
  }
  return Site;
}

CallSite CallSite::of(const CXXConstructExpr *Construct) {
  return {Construct->getConstructor(), nullptr, {Construct->getArgs(), Construct->getNumArgs()}, false};
}

std::optional<AccessPath> atCall(const AccessPath &Inner, const CallSite &Call, CatalogIndex &Names) {
  return substituted(Inner, Call, Names, MaxPathDepth);
}

std::optional<AccessPath> pathOf(const Expr *E, CatalogIndex &Names) { return resolve(E, Names, MaxPathDepth); }

std::optional<AccessPath> accessedBy(const FunctionDecl *Accessor, CatalogIndex &Names) {
  return resolveReturned(Accessor, Names, MaxPathDepth);
}

const Expr *onlyReturn(const FunctionDecl *Function) {
  const FunctionDecl *Definition = nullptr;
  if (!Function || !Function->hasBody(Definition) || Definition->isDependentContext())
    return nullptr;
  const Expr *Returned = nullptr;
  const auto *Body = dyn_cast_or_null<CompoundStmt>(Definition->getBody());
  if (!Body)
    return nullptr;
  for (const Stmt *S : Body->body()) {
    if (const auto *Return = dyn_cast<ReturnStmt>(S))
      Returned = Return->getRetValue();
    else if (const auto *Declaration = dyn_cast<DeclStmt>(S); !Declaration || Returned)
      return nullptr; // more than declarations (such as a static local) and one return
  }
  return Returned;
}

} // namespace ward
