// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "model/UnknownCallees.h"

#include "model/Callables.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Lexer.h"

using namespace clang;

namespace ward {
namespace {

/// The declaration that \p E names: a variable, a field, or the container of an element.
const ValueDecl *declarationOf(const Expr *E) {
  E = stripped(E);
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(E); Construct && Construct->getNumArgs() == 1)
    return declarationOf(Construct->getArg(0));
  if (const auto *Unary = dyn_cast<UnaryOperator>(E))
    return declarationOf(Unary->getSubExpr());
  if (const auto *Subscript = dyn_cast<ArraySubscriptExpr>(E))
    return declarationOf(Subscript->getBase());
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E); Operator && Operator->getNumArgs() > 0)
    return declarationOf(Operator->getArg(0));
  if (const auto *Member = dyn_cast<MemberExpr>(E))
    return Member->getMemberDecl();
  const auto *Ref = dyn_cast<DeclRefExpr>(E);
  return Ref ? Ref->getDecl() : nullptr;
}

std::string nameOf(const Expr *E, llvm::StringRef Otherwise) {
  const ValueDecl *Decl = declarationOf(E);
  std::string Name = Decl && Decl->getDeclName().isIdentifier() ? Decl->getNameAsString() : "";
  return Name.empty() ? Otherwise.str() : Name;
}

/// The type of \p E is a template parameter, `F f`, and so chosen by the caller.
bool isOfParameterType(const Expr *E) {
  const ValueDecl *Decl = declarationOf(E);
  if (!Decl || isLibraryCode(Decl)) // the `second` of a map's pair
    return false;
  // `[](auto &f) { f(); }` is usually defined next to the call that passes the argument.
  if (const auto *Operator = dyn_cast<CXXMethodDecl>(Decl->getDeclContext()); Operator && Operator->getParent()->isLambda())
    return false;
  if (Decl->getType().getNonReferenceType()->getAs<SubstTemplateTypeParmType>())
    return true;
  // For an lvalue, the type of `F &&f` does not show F; the pattern does.
  const auto *Parameter = dyn_cast<ParmVarDecl>(Decl);
  const auto *Function = Parameter ? dyn_cast<FunctionDecl>(Parameter->getDeclContext()) : nullptr;
  const FunctionDecl *Pattern = Function ? Function->getTemplateInstantiationPattern() : nullptr;
  unsigned Index = Parameter ? Parameter->getFunctionScopeIndex() : 0;
  return Pattern && Index < Pattern->getNumParams() &&
         Pattern->getParamDecl(Index)->getType().getNonReferenceType()->isTemplateTypeParmType();
}

/// \p E is a function by its name: `f`, `&f`.
bool namesFunction(const Expr *E) {
  const auto *Ref = dyn_cast<DeclRefExpr>(withoutAddressOf(E));
  return Ref && isa<FunctionDecl>(Ref->getDecl());
}

/// \p E is a function by its name, or a lambda.
bool isNamedOrLambda(const Expr *E, CatalogIndex &Names) {
  if (lambdaOf(E, Names))
    return true;
  const auto *Construct = dyn_cast<CXXConstructExpr>(stripped(E));
  return Construct && Construct->getNumArgs() == 1 ? isNamedOrLambda(Construct->getArg(0), Names) : namesFunction(E);
}

/// The function of \p Parameter is called in this unit only, always with functions by name or lambdas.
bool isAlwaysKnown(const ParmVarDecl *Parameter, UnitModel &Unit) {
  const auto *Function = dyn_cast<FunctionDecl>(Parameter->getDeclContext());
  if (!Function || (Function->isExternallyVisible() && Function->getAccess() != AS_private) || Unit.isAddressTaken(Function))
    return false;
  bool Called = false;
  for (const auto &Caller : Unit.functions())
    for (const CallExpr *Call : Caller->Calls) {
      CallSite Site = CallSite::of(Call);
      if (!Site.Callee || Site.Callee->getCanonicalDecl() != Function->getCanonicalDecl())
        continue;
      unsigned Index = Parameter->getFunctionScopeIndex();
      if (Index >= Site.Arguments.size() || !isNamedOrLambda(Site.Arguments[Index], Unit.names()))
        return false;
      Called = true;
    }
  return Called;
}

/// \p E is a variable that holds the function or lambda that initialises it: a constant or a local variable.
bool isKnown(const Expr *E, UnitModel &Unit) {
  const auto *Variable = dyn_cast_or_null<VarDecl>(declarationOf(E));
  if (const auto *Parameter = dyn_cast_or_null<ParmVarDecl>(Variable); Parameter && isAlwaysKnown(Parameter, Unit))
    return true;
  if (!Variable || isa<ParmVarDecl>(Variable) || !Variable->getInit())
    return lambdaOf(E, Unit.names()) != nullptr;
  if (lambdaOf(E, Unit.names()))
    return true;
  const Expr *Init = stripped(Variable->getInit());
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(Init); Construct && Construct->getNumArgs() == 1)
    Init = Construct->getArg(0);
  return namesFunction(Init) &&
         (Variable->isLocalVarDecl() || Variable->getType().isConstQualified() || Variable->isConstexpr());
}

bool isFunctionPointer(QualType Type) {
  Type = Type.getNonReferenceType();
  return Type->isFunctionPointerType() || Type->isMemberFunctionPointerType();
}

/// The unknown callee of a call of \p E; none if it is known.
std::optional<UnknownCallee> heldCallable(const Expr *E, UnitModel &Unit) {
  const Expr *Bare = stripped(originalValue(E, Unit.names()));
  QualType Type = Bare->getType();
  if (isOfParameterType(Bare) || isKnown(Bare, Unit))
    return std::nullopt;
  if (const TagDecl *Class = classOf(Type)) {
    if (Unit.names().isSignal(Class))
      return UnknownCallee{UnknownCallee::Signal, nameOf(Bare, "signal")};
    if (Unit.names().isCallback(Class))
      return UnknownCallee{UnknownCallee::Callback, nameOf(Bare, "callback")};
    return std::nullopt;
  }
  if (isFunctionPointer(Type) && !isa_and_nonnull<FunctionDecl>(declarationOf(Bare))) {
    std::optional<AccessPath> Path = pathOf(Bare, Unit.names());
    bool IsHook = Path && Path->root() && Path->root()->hasGlobalStorage();
    return UnknownCallee{UnknownCallee::Pointer, nameOf(Bare, "function pointer"), IsHook};
  }
  return std::nullopt;
}

/// Unknown classes may override \p Method.
bool isOpenForOverriding(const CXXMethodDecl *Method) {
  const CXXRecordDecl *Class = Method->getParent();
  return Method->isVirtual() && !isLibraryCode(Method) && !Class->isEffectivelyFinal() && !Class->isInAnonymousNamespace() &&
         !Class->isLocalClass() && !Method->isInvalidDecl();
}

/// The word before \p Location is a macro that precedes signals: `emit changed();`.
bool followsSignalMacro(SourceLocation Location, UnitModel &Unit) {
  const SourceManager &Sources = Unit.context().getSourceManager();
  if (!Location.isFileID())
    return false;
  bool Invalid = false;
  auto [File, Offset] = Sources.getDecomposedLoc(Location);
  llvm::StringRef Text = Sources.getBufferData(File, &Invalid);
  if (Invalid || Offset > Text.size())
    return false;
  llvm::StringRef Before = Text.take_front(Offset).rtrim();
  size_t Start = Before.find_last_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");
  llvm::StringRef Word = Start == llvm::StringRef::npos ? Before : Before.drop_front(Start + 1);
  if (Word.empty() || !Unit.names().isSignalMacro(Word))
    return false;
  // Not the last word of a comment.
  size_t Line = Before.rfind('\n') + 1;
  Lexer Raw(Sources.getLocForStartOfFile(File), Unit.context().getLangOpts(), Text.begin(), Text.begin() + Line, Text.end());
  Token Read;
  const char *Last = nullptr;
  while (!Raw.LexFromRawLexer(Read) && Sources.getFileOffset(Read.getLocation()) < Before.size())
    Last = Text.begin() + Sources.getFileOffset(Read.getLocation());
  return Last == Word.begin();
}

/// \p Method is declared in a section of its class that a macro such as `signals:` begins.
bool isInSignalSection(const CXXMethodDecl *Method, UnitModel &Unit) {
  const AccessSpecDecl *Section = nullptr;
  for (const Decl *Member : Method->getParent()->decls()) {
    if (const auto *Access = dyn_cast<AccessSpecDecl>(Member))
      Section = Access;
    if (Member->getCanonicalDecl() == Method->getCanonicalDecl())
      break;
  }
  if (!Section || !Section->getAccessSpecifierLoc().isMacroID())
    return false;
  return Unit.names().isSignalMacro(Lexer::getImmediateMacroName(
      Section->getAccessSpecifierLoc(), Unit.context().getSourceManager(), Unit.context().getLangOpts()));
}

} // namespace

std::optional<UnknownCallee> unknownCallee(const CallExpr *Call, UnitModel &Unit) {
  if (Call->isTypeDependent())
    return std::nullopt;
  const FunctionDecl *Callee = Call->getDirectCallee();
  if (!Callee) {
    const Expr *Target = Call->getCallee()->IgnoreParenImpCasts();
    if (const auto *Pointer = dyn_cast<BinaryOperator>(Target); Pointer && Pointer->isPtrMemOp())
      Target = Pointer->getRHS();
    if (const auto *Deref = dyn_cast<UnaryOperator>(Target); Deref && Deref->getOpcode() == UO_Deref)
      Target = Deref->getSubExpr();
    return heldCallable(Target, Unit);
  }
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call); Operator && Operator->getOperator() == OO_Call)
    return heldCallable(Operator->getArg(0), Unit);
  CallSite Site = CallSite::of(Call);
  const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
  if (const CXXMethodDecl *Method = Member ? Member->getMethodDecl() : nullptr) {
    const CXXRecordDecl *Class = Member->getImplicitObjectArgument()->IgnoreParenImpCasts()->getType()->getAsCXXRecordDecl();
    if (Method->getDeclName().getCXXOverloadedOperator() == OO_Call && Class)
      return heldCallable(Member->getImplicitObjectArgument(), Unit);
    if (isInSignalSection(Method, Unit) || followsSignalMacro(Call->getBeginLoc(), Unit))
      return UnknownCallee{UnknownCallee::Signal, Method->getNameAsString()};
    const auto *Access = dyn_cast<MemberExpr>(Member->getCallee()->IgnoreParens());
    const Expr *Object = Member->getImplicitObjectArgument();
    if (!Access || !Access->performsVirtualDispatch(Unit.context().getLangOpts()) || !isOpenForOverriding(Method) ||
        isa<CXXThisExpr>(stripped(Object)) || Method->getDevirtualizedMethod(Object, /*IsAppleKext=*/false) || isa<CXXDestructorDecl>(Method))
      return std::nullopt;
    // The class of an object by value is that of its declaration.
    if (const ValueDecl *Declared = declarationOf(Object);
        Declared && isa<DeclRefExpr, MemberExpr>(stripped(Object)) && Declared->getType()->isRecordType() &&
        !Unit.names().isPointer(classOf(Declared->getType())))
      return std::nullopt;
    return UnknownCallee{UnknownCallee::Virtual, Method->getNameAsString()};
  }
  if (followsSignalMacro(Call->getBeginLoc(), Unit) && isa<CXXMethodDecl>(Callee))
    return UnknownCallee{UnknownCallee::Signal, Callee->getNameAsString()};
  if (Unit.names().isRunner(Callee))
    for (const Expr *Argument : Site.Arguments)
      if (std::optional<UnknownCallee> Found = heldCallable(Argument, Unit))
        return Found;
  return std::nullopt;
}

} // namespace ward
