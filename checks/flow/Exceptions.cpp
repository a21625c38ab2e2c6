// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/Exceptions.h"

#include "flow/Rethrows.h"
#include "model/Callables.h"

#include "clang/AST/Attr.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/ExprConcepts.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace ward {
namespace {

/// How many different exceptions of one function are kept.
constexpr size_t MaxPaths = 8;

QualType plain(QualType Type) { return Type.getNonReferenceType().getCanonicalType().getUnqualifiedType(); }

/// A handler for \p Caught catches an exception of type \p Thrown; false if that is null, for unknown.
bool catches(QualType Caught, QualType Thrown) {
  if (Thrown.isNull())
    return false;
  Caught = plain(Caught);
  Thrown = plain(Thrown);
  if (Caught == Thrown)
    return true;
  if (Caught->isPointerType() && Thrown->isPointerType()) {
    Caught = plain(Caught->getPointeeType());
    Thrown = plain(Thrown->getPointeeType());
    if (Caught == Thrown || Caught->isVoidType())
      return true;
  }
  const CXXRecordDecl *Base = Caught->getAsCXXRecordDecl();
  const CXXRecordDecl *Derived = Thrown->getAsCXXRecordDecl();
  return Base && Derived && Derived->hasDefinition() && Derived->isDerivedFrom(Base);
}

void addPath(std::vector<ThrowPath> &Into, ThrowPath Path) {
  if (Into.size() < MaxPaths && llvm::none_of(Into, [&](const ThrowPath &Other) {
        return Other.Opaque == Path.Opaque && Other.Type.isNull() == Path.Type.isNull() &&
               (Path.Type.isNull() || plain(Other.Type) == plain(Path.Type));
      }))
    Into.push_back(std::move(Path));
}

/// \p Call of \p Callee is dispatched at run time.
bool isDispatched(const Expr *Call, const FunctionDecl *Callee) {
  const auto *Method = dyn_cast<CXXMethodDecl>(Callee);
  const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
  if (!Method || !Member || !Method->isVirtual() || Method->hasAttr<FinalAttr>() ||
      Method->getParent()->hasAttr<FinalAttr>())
    return false;
  const auto *Name = dyn_cast<MemberExpr>(Member->getCallee()->IgnoreParens());
  if (Name && Name->hasQualifier())
    return false;
  // The dynamic type of a variable is its static type, if it is no pointer or reference.
  const auto *Object = dyn_cast<DeclRefExpr>(Member->getImplicitObjectArgument()->IgnoreParenImpCasts());
  return !Object || Object->getDecl()->getType()->isReferenceType() || Object->getDecl()->getType()->isPointerType();
}

} // namespace

bool isNoexcept(const FunctionDecl *Function) {
  const auto *Type = Function->getType()->getAs<FunctionProtoType>();
  if (!Type)
    return false;
  if (isUnresolvedExceptionSpec(Type->getExceptionSpecType())) // not evaluated so far: implicit, or a template's
    return Function->isImplicit() || Function->isDefaulted() || isa<CXXDestructorDecl>(Function);
  return Type->isNothrow();
}

bool Exceptions::isIgnored(QualType Type) const {
  const TagDecl *Class = classOf(Type);
  return Class && llvm::is_contained(Ignored, qualifiedName(*Class));
}

const std::vector<ThrowPath> &Exceptions::leaving(const FunctionModel &Function) {
  auto [It, New] = Known.try_emplace(&Function); // empty while it is computed: a recursive call throws nothing
  if (!New || isNoexcept(Function.Function) || Function.IsPattern || isa<CoroutineBodyStmt>(Function.Body))
    return It->second;
  Paths Found;
  if (const auto *Constructor = dyn_cast<CXXConstructorDecl>(Function.Function))
    for (const CXXCtorInitializer *Init : Constructor->inits())
      collect(Init->getInit(), nullptr, Found);
  collect(Function.Body, nullptr, Found);
  Paths &Slot = Known[&Function];
  Slot = std::move(Found);
  return Slot;
}

std::vector<ThrowPath> Exceptions::thrownBy(const Expr *E) {
  Paths Found;
  if (const auto *Call = dyn_cast<CallExpr>(E)) {
    if (const FunctionDecl *Callee = Call->getDirectCallee())
      collectCall(Call, Callee, CallSite::of(Call).Arguments, Found);
    else if (Strict && !Call->isTypeDependent())
      addPath(Found, {Call, QualType(), {}, true});
  } else if (const auto *Construct = dyn_cast<CXXConstructExpr>(E)) {
    collectCall(Construct, Construct->getConstructor(), {Construct->getArgs(), Construct->getNumArgs()}, Found);
  }
  return Found;
}

void Exceptions::follow(const FunctionModel &Callee, const Expr *Call, Paths &Into) {
  for (const ThrowPath &Inner : leaving(Callee)) {
    ThrowPath Outer = Inner;
    Outer.Calls.insert(Outer.Calls.begin(), Call);
    addPath(Into, std::move(Outer));
  }
}

void Exceptions::collectCall(const Expr *Call, const FunctionDecl *Callee, ArrayRef<const Expr *> Arguments,
                             Paths &Into) {
  CatalogIndex &Names = Unit.names();
  const FunctionEntry *Entry = Names.function(Callee);
  if (Entry && Entry->Effect == FunctionEffect::Throw) {
    QualType Type = !Arguments.empty() ? Arguments.front()->getType().getNonReferenceType() : QualType();
    if (Arguments.empty() || Names.type(classOf(Type))) // an exception_ptr: the type is unknown
      Type = QualType();
    if (Type.isNull() || !isIgnored(Type))
      addPath(Into, {Call, Type, {}});
    return;
  }
  if (isNoexcept(Callee) || Callee->getBuiltinID())
    return;
  // A smart pointer that throws on null checks a precondition, which the caller is assumed to keep.
  if (Callee->getOverloadedOperator() == OO_Arrow || (Callee->getOverloadedOperator() == OO_Star && Arguments.empty()))
    return;
  const FunctionModel *Body = Unit.function(Callee);
  if (Body && !isDispatched(Call, Callee))
    return follow(*Body, Call, Into);
  // A library's algorithm calls its arguments. Binding, moving or starting a thread does not.
  const SpawnEntry *Starts = Names.spawn(Callee);
  if (Callee->isInStdNamespace() && isa<CallExpr>(Call) && !isa<CXXMethodDecl>(Callee) &&
      (!Starts || !Starts->Needs.empty()) && !Names.isEmplacer(Callee) &&
      (!Entry || Entry->Effect == FunctionEffect::Once))
    for (const Expr *Argument : Arguments)
      if (const LambdaExpr *Lambda = lambdaOf(Argument, Names))
        if (const FunctionModel *Inner = Unit.function(Lambda->getCallOperator()))
          follow(*Inner, Call, Into);
  if (Strict && !(isa<CXXConstructExpr>(Call) && Callee->isImplicit()) &&
      (!Entry || Entry->Effect == FunctionEffect::ClosureKept))
    addPath(Into, {Call, QualType(), {}, true});
}

void Exceptions::collectTry(const CXXTryStmt *Try, const Handling *In, Paths &Into) {
  Paths Inner;
  collect(Try->getTryBlock(), In, Inner);
  std::vector<Paths> Caught(Try->getNumHandlers());
  for (ThrowPath &Path : Inner) {
    unsigned By = 0;
    for (; By != Try->getNumHandlers(); ++By) {
      QualType Type = Try->getHandler(By)->getCaughtType();
      if (Type.isNull() || catches(Type, Path.Type))
        break;
    }
    addPath(By == Try->getNumHandlers() ? Into : Caught[By], std::move(Path));
  }
  for (unsigned I = 0; I != Try->getNumHandlers(); ++I) {
    const CXXCatchStmt *Handler = Try->getHandler(I);
    Handling Here{*Handler, Caught[I], tellsOfException(*Handler, *Try, Unit)};
    collect(Handler->getHandlerBlock(), &Here, Into);
  }
}

void Exceptions::collectThrow(const CXXThrowExpr *Throw, const Handling *In, Paths &Into) {
  QualType Type = Throw->getSubExpr() ? Throw->getSubExpr()->getType() : In ? In->Handler.getCaughtType() : QualType();
  if (!Throw->getSubExpr() && Type.isNull() && In) { // what `catch (...)` has caught
    for (const ThrowPath &Path : In->Caught)
      addPath(Into, Path);
    if (Strict && In->Caught.empty())
      addPath(Into, {Throw, Type, {}});
    return;
  }
  if (!Throw->containsErrors() && (Type.isNull() || !isIgnored(Type)))
    addPath(Into, {Throw, Type, {}});
}

void Exceptions::collect(const Stmt *S, const Handling *In, Paths &Into) {
  if (!S || isa<LambdaExpr, UnaryExprOrTypeTraitExpr, CXXNoexceptExpr, CXXTypeidExpr, RequiresExpr>(S))
    return;
  if (const auto *Try = dyn_cast<CXXTryStmt>(S))
    return collectTry(Try, In, Into);
  if (const auto *If = dyn_cast<IfStmt>(S)) {
    if (If->isConstexpr())
      if (std::optional<const Stmt *> Kept = If->getNondiscardedCase(Unit.context()))
        return collect(*Kept, In, Into);
    bool Holds = false; // `if (false)`, as a macro leaves it
    if (!If->getCond()->isValueDependent() && If->getCond()->EvaluateAsBooleanCondition(Holds, Unit.context()))
      return collect(Holds ? If->getThen() : If->getElse(), In, Into);
  }
  for (const Stmt *Child : S->children())
    collect(Child, In, Into);
  if (In && In->Told && throwsAgain(S, In->Handler, Unit.names()))
    return;
  if (const auto *Throw = dyn_cast<CXXThrowExpr>(S)) {
    collectThrow(Throw, In, Into);
  } else if (isa<CallExpr, CXXConstructExpr>(S)) {
    for (ThrowPath &Path : thrownBy(cast<Expr>(S)))
      addPath(Into, std::move(Path));
  } else if (const auto *Declaration = dyn_cast<DeclStmt>(S)) {
    // A destructor throws only if it is declared noexcept(false).
    for (const Decl *D : Declaration->decls())
      if (const auto *Variable = dyn_cast<VarDecl>(D); Variable && Variable->hasLocalStorage() && Variable->getInit()) {
        const auto *Record = Variable->getType()->getAsCXXRecordDecl();
        const CXXDestructorDecl *Destructor = Record && Record->hasDefinition() ? Record->getDestructor() : nullptr;
        const FunctionModel *Body = Destructor && !isNoexcept(Destructor) ? Unit.function(Destructor) : nullptr;
        if (Body)
          follow(*Body, Variable->getInit(), Into);
      }
  }
}

} // namespace ward
