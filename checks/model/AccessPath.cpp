// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "model/AccessPath.h"

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

std::optional<AccessPath> resolveVariable(const ValueDecl *Decl, CatalogIndex &Names, unsigned Depth) {
  if (const auto *Binding = dyn_cast<BindingDecl>(Decl))
    return Binding->getBinding() ? resolve(Binding->getBinding(), Names, Depth) : std::nullopt;
  const auto *Variable = dyn_cast<VarDecl>(Decl);
  if (!Variable)
    return std::nullopt;
  // A reference is an alias of the object that it is bound to; so is a pointer that is never reassigned, as long as its source
  // is not reassigned either.
  QualType Type = Variable->getType();
  bool Pointer = Type->isPointerType() || Names.isPointer(classOf(Type));
  bool Alias = Type->isReferenceType() || (Type->isPointerType() && Type.isConstQualified()) ||
               (Pointer && Names.rebindings().isNeverReassigned(Variable));
  if (Alias && !isa<ParmVarDecl>(Variable) && Variable->getInit() && !Variable->isInitCapture())
    if (std::optional<AccessPath> Target = resolve(Variable->getInit(), Names, Depth);
        Target && (!Pointer || llvm::all_of(Target->steps(), [&](const AccessPath::Step &Step) {
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
  const auto *Attr = Accessor->getAttr<LockReturnedAttr>();
  return resolve(Attr ? Attr->getArg() : onlyReturn(Accessor), Names, Depth);
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
      if (Operator->getNumArgs() == 1)
        return resolve(Operator->getArg(0), Names, Depth);
      return std::nullopt;
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
    if (Entry->Effect == FunctionEffect::Forward && Call->getNumArgs() >= 1)
      return resolve(Call->getArg(0), Names, Depth);
  if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call))
    if (const CXXMethodDecl *Method = Member->getMethodDecl()) {
      const Expr *Object = Member->getImplicitObjectArgument();
      if (Names.isPointer(Method->getParent()))
        return resolve(Object, Names, Depth); // p.get(), *opt.value()
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
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(E))
    // A copy of a pointer-like object points to the same place.
    if (Construct->getNumArgs() == 1 && Names.isPointer(Construct->getConstructor()->getParent()))
      return resolve(Construct->getArg(0), Names, Depth);
  return std::nullopt;
}

} // namespace

std::string AccessPath::Step::print() const {
  if (Field)
    return Field->getNameAsString();
  return Name ? Name->getName().str() : "[]";
}

AccessPath AccessPath::parent() const {
  AccessPath Result = *this;
  Result.Steps.pop_back();
  return Result;
}

AccessPath AccessPath::rebase(const AccessPath &NewRoot) const {
  AccessPath Result = NewRoot;
  Result.Steps.append(Steps.begin(), Steps.end());
  return Result;
}

bool AccessPath::startsWith(const AccessPath &Prefix) const {
  return Root == Prefix.Root && Steps.size() >= Prefix.Steps.size() &&
         llvm::ArrayRef(Steps).take_front(Prefix.Steps.size()) == llvm::ArrayRef(Prefix.Steps);
}

std::string AccessPath::print() const {
  std::string Result = Root ? Root->getNameAsString() : Steps.empty() ? "*this" : "";
  for (const Step &Next : Steps) {
    std::string Text = Next.print();
    if (!Result.empty() && Text != "[]")
      Result += '.';
    Result += Text;
  }
  return Result;
}

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
