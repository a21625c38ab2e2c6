// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "guard/DiscardedGuardCheck.h"

#include "base/SourceEdit.h"

#include "clang/AST/ExprCXX.h"
#include "clang/AST/TypeLoc.h"

using namespace clang;

namespace ward {
namespace {

/// Every use of \p Variable in \p S only queries or ends the guard: none can acquire the lock or pass the guard on to code
/// that does.
bool isOnlyQueried(const VarDecl *Variable, const GuardVariable &Guard, const Stmt *S, LockTypes &Types) {
  if (!S)
    return true;
  auto IsGuard = [&](const Expr *E) {
    const auto *Ref = dyn_cast<DeclRefExpr>(stripped(E));
    return Ref && Ref->getDecl() == Variable;
  };
  if (const auto *Call = dyn_cast<CXXMemberCallExpr>(S); Call && IsGuard(Call->getImplicitObjectArgument())) {
    const CXXMethodDecl *Method = Call->getMethodDecl();
    std::optional<FunctionEffect> Effect = Method ? Types.guardEffect(*Guard.Type, Method) : std::nullopt;
    return Method && (Types.isStatusQuery(*Guard.Type, Method) || Effect == FunctionEffect::Unlock || Effect == FunctionEffect::Drop);
  }
  if (const auto *Cast = dyn_cast<ExplicitCastExpr>(S); Cast && Cast->getType()->isVoidType() && IsGuard(Cast->getSubExpr()))
    return true;
  if (const auto *Ref = dyn_cast<DeclRefExpr>(S))
    return Ref->getDecl() != Variable;
  if (const auto *Lambda = dyn_cast<LambdaExpr>(S)) {
    for (const LambdaCapture &Capture : Lambda->captures())
      if (Capture.capturesVariable() && Capture.getCapturedVar() == Variable)
        return false;
    return true;
  }
  return llvm::all_of(S->children(), [&](const Stmt *Child) { return isOnlyQueried(Variable, Guard, Child, Types); });
}

/// \p S queries whether the guard \p Tried owns its lock, or passes the guard on.
bool isQueried(const GuardVariable &Tried, const Stmt *S, LockTypes &Types) {
  if (!S)
    return false;
  if (const auto *Call = dyn_cast<CXXMemberCallExpr>(S))
    if (const auto *Ref = dyn_cast<DeclRefExpr>(stripped(Call->getImplicitObjectArgument()));
        Ref && Ref->getDecl() == Tried.Variable && Call->getMethodDecl() && Types.guardEffect(*Tried.Type, Call->getMethodDecl()))
      return false; // an operation, not a query
  if (const auto *Ref = dyn_cast<DeclRefExpr>(S))
    return Ref->getDecl() == Tried.Variable;
  return llvm::any_of(S->children(), [&](const Stmt *Child) { return isQueried(Tried, Child, Types); });
}

/// The parenthesis before the name in `T(m);`, which declares a variable m; invalid if \p Variable is not written so.
SourceLocation parenBeforeName(const VarDecl *Variable) {
  ParenTypeLoc Paren = innerParenthesis(Variable);
  return Paren ? Paren.getLParenLoc() : SourceLocation();
}

/// \p Variable is written `g()` or `g{}`, perhaps with a parameter pack that is empty.
bool hasWrittenArguments(const VarDecl *Variable) {
  const auto *Construct = Variable->getInit() ? dyn_cast<CXXConstructExpr>(stripped(Variable->getInit())) : nullptr;
  return !Construct || Construct->getParenOrBraceRange().isValid();
}

bool isMutexNamed(DeclarationName Name, const DeclContext *Context, LockTypes &Types) {
  auto AnyMutex = [&](DeclContext::lookup_result Found) {
    return llvm::any_of(Found, [&](const NamedDecl *Decl) {
      const auto *Value = dyn_cast<ValueDecl>(Decl);
      return Value && isa<VarDecl, FieldDecl>(Value) &&
             (Types.mutex(Value->getType()) || Types.mutex(QualType(Value->getType()->getBaseElementTypeUnsafe(), 0)));
    });
  };
  if (AnyMutex(Context->lookup(Name)))
    return true;
  const auto *Record = dyn_cast<CXXRecordDecl>(Context);
  return Record && Record->hasDefinition() && llvm::any_of(Record->bases(), [&](const CXXBaseSpecifier &Base) {
           const CXXRecordDecl *Parent = Base.getType()->getAsCXXRecordDecl();
           return Parent && isMutexNamed(Name, Parent, Types);
         });
}

/// \p Variable hides a mutex of the same name, which a named guard could lock.
bool hidesMutex(const VarDecl *Variable, const FunctionModel &Function, LockTypes &Types) {
  for (const ParmVarDecl *Parameter : Function.Function->parameters())
    if (Parameter->getDeclName() == Variable->getDeclName())
      return Types.mutex(Parameter->getType()) != nullptr;
  for (const DeclContext *Context = Function.Function->getParent(); Context; Context = Context->getParent())
    if (isMutexNamed(Variable->getDeclName(), Context, Types))
      return true;
  return false;
}

/// Where the arguments of `T{m}` or `T(m)` begin; invalid for any other expression.
SourceLocation argumentsOf(const Expr *Value) {
  Value = Value->IgnoreImplicit();
  if (const auto *Cast = dyn_cast<CXXFunctionalCastExpr>(Value)) {
    if (Cast->getLParenLoc().isValid())
      return Cast->getLParenLoc();
    return Cast->getSubExpr()->IgnoreImplicit()->getBeginLoc() == Cast->getBeginLoc()
               ? argumentsOf(Cast->getSubExpr())
               : Cast->getSubExpr()->getBeginLoc();
  }
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(Value))
    return Construct->getParenOrBraceRange().getBegin();
  if (const auto *List = dyn_cast<InitListExpr>(Value))
    return List->getLBraceLoc();
  if (const auto *Unresolved = dyn_cast<CXXUnresolvedConstructExpr>(Value))
    return Unresolved->getLParenLoc();
  return {};
}

bool isConstruction(const Expr *Value) {
  return isa<CXXFunctionalCastExpr, CXXConstructExpr, InitListExpr, CXXUnresolvedConstructExpr>(Value->IgnoreImplicit());
}

bool isInstantiated(const FunctionModel &Function) {
  for (const FunctionModel *Current = &Function; Current; Current = Current->Enclosing)
    if (Current->Function->isTemplateInstantiation())
      return true;
  return false;
}

/// The text of the file from \p Begin up to \p End.
std::optional<std::string> textBetween(SourceLocation Begin, SourceLocation End, const ASTContext &Context) {
  if (Begin.isInvalid() || End.isInvalid() || Begin.isMacroID() || End.isMacroID())
    return std::nullopt;
  llvm::StringRef Text =
      Lexer::getSourceText(CharSourceRange::getCharRange(Begin, End), Context.getSourceManager(), Context.getLangOpts());
  return Text.empty() ? std::nullopt : std::optional(Text.rtrim().str());
}

/// The member function \p Callee keeps its result in a member of its object, where other code can read it.
bool keepsResult(const FunctionDecl *Callee) {
  const FunctionDecl *Definition = isa_and_nonnull<CXXMethodDecl>(Callee) ? visibleDefinition(Callee) : nullptr;
  auto Assigns = [](const Stmt *S, auto &&Self) -> bool {
    if (!S || isa<LambdaExpr>(S))
      return false;
    if (const auto *Assign = dyn_cast<BinaryOperator>(S); Assign && Assign->getOpcode() == BO_Assign)
      if (const auto *Member = dyn_cast<MemberExpr>(Assign->getLHS()->IgnoreParens());
          Member && isa<CXXThisExpr>(Member->getBase()->IgnoreParenImpCasts()) && Member->getType()->isBooleanType())
        return true;
    return llvm::any_of(S->children(), [&](const Stmt *Child) { return Self(Child, Self); });
  };
  return Definition && Assigns(Definition->getBody(), Assigns);
}

} // namespace

void DiscardedGuardCheck::analyse(UnitFlow &Unit) {
  for (const auto &Function : Unit.model().functions()) {
    unsigned FixesBefore = 0;
    for (const DiscardedValue &Discarded : Function->Discarded)
      checkDiscarded(*Function, Discarded, Unit, FixesBefore);
    for (const GuardVariable &Guard : Function->Guards)
      checkVariable(*Function, Guard, Unit);
    LockTypes &Types = Unit.model().types();
    for (const VarDecl *Variable : Function->Parenthesised)
      if (hidesMutex(Variable, *Function, Types) && claim(Variable->getLocation(), Unit.model().context().getSourceManager()))
        reportDeclaration(*Function, Variable, Types);
  }
}

void DiscardedGuardCheck::checkDiscarded(const FunctionModel &Function, const DiscardedValue &Discarded, UnitFlow &Unit,
                                         unsigned &Fixes) {
  LockTypes &Types = Unit.model().types();
  const ASTContext &Context = Unit.model().context();
  const Expr *Value = Discarded.Value;
  const auto *Call = dyn_cast<CallExpr>(stripped(Value));
  const FunctionDecl *Callee = Call ? Call->getDirectCallee() : nullptr;
  if (!Types.guardMadeBy(Value)) {
    bool IsLocal = false;
    if (const auto *Member = dyn_cast_or_null<CXXMemberCallExpr>(Call))
      if (const auto *Ref = dyn_cast<DeclRefExpr>(stripped(Member->getImplicitObjectArgument())))
        if (const GuardVariable *Tried = Function.guardVariable(Ref->getDecl())) {
          IsLocal = true;
          if (isQueried(*Tried, Function.Body, Types))
            return;
        }
    if ((!IsLocal && keepsResult(Callee)) || !claim(Value->getBeginLoc(), Context.getSourceManager()))
      return;
    diag(Value->getBeginLoc(), "the result of %select{this attempt to lock|'%1'}0 is discarded; the code that follows may run without "
                               "the lock")
        << (Callee != nullptr) << (Callee ? Callee->getNameAsString() : "");
    diag(Value->getBeginLoc(), "test the result, or use a guard that tries to lock and test whether it owns the lock",
         DiagnosticIDs::Note);
    return;
  }
  Acquisition How = readAcquisition(Value, Value->getType(), Types);
  if (How.Kind == Acquisition::Transfers)
    return; // `std::unique_lock(std::move(g));` releases the lock of g intentionally
  if (!claim(Value->getBeginLoc(), Context.getSourceManager()))
    return;
  bool Made = isConstruction(Value);
  DiagnosticBuilder Warning =
      diag(Value->getBeginLoc(), "%select{the guard returned by '%1' is discarded|this guard has no name}0 and releases its lock at the "
                                 "end of the statement; the code that follows runs without the lock")
      << (Made || !Callee) << (Callee ? Callee->getNameAsString() : "");
  if (!Discarded.Block || Discarded.Block->body_back() == Discarded.Whole || isAcquiredAgain(Function, Discarded, How, Unit))
    return;
  CharSourceRange Whole = charactersOf(Discarded.Whole->getSourceRange(), Context);
  std::string Name = unusedName("guard", Function.Body);
  if (Fixes)
    Name += std::to_string(Fixes + 1);
  std::optional<std::string> Text;
  if (Made) {
    SourceLocation Arguments = argumentsOf(Value);
    std::optional<std::string> Type = textBetween(Value->getBeginLoc(), Arguments, Context);
    std::optional<std::string> Rest =
        textBetween(Arguments, Lexer::getLocForEndOfToken(Value->getEndLoc(), 0, Context.getSourceManager(), Context.getLangOpts()),
                    Context);
    if (Type && Rest && How.Kind != Acquisition::Unassociated)
      Text = *Type + " " + Name + *Rest;
  } else if (std::optional<std::string> Expression = textOf(Value->getSourceRange(), Context);
             Expression && !isa<BinaryOperator>(Value)) {
    Text = "auto " + Name + " = " + *Expression;
  }
  if (!Text || Whole.isInvalid())
    return;
  Warning << FixItHint::CreateReplacement(Whole, *Text);
  ++Fixes;
}

bool DiscardedGuardCheck::isAcquiredAgain(const FunctionModel &Function, const DiscardedValue &Discarded, const Acquisition &How,
                                          UnitFlow &Unit) {
  const SourceManager &Sources = Unit.model().context().getSourceManager();
  for (const LockSite &Site : Unit.lockSets(Function).sites()) {
    SourceLocation Where = Site.Guard       ? Site.Guard->Variable->getBeginLoc()
                           : Site.Temporary ? Site.Temporary->getBeginLoc()
                                            : Site.Call->getBeginLoc();
    if (!Sources.isBeforeInTranslationUnit(Discarded.Whole->getEndLoc(), Where) ||
        !Sources.isBeforeInTranslationUnit(Where, Discarded.Block->getEndLoc()))
      continue;
    for (const LockRef &Later : Site.Locked)
      for (const LockRef &Mine : How.Locked)
        if (!Later.Mutex || !Mine.Mutex || *Later.Mutex == *Mine.Mutex)
          return true;
  }
  return false;
}

void DiscardedGuardCheck::checkVariable(const FunctionModel &Function, const GuardVariable &Guard, UnitFlow &Unit) {
  bool Unassociated = Guard.How.Kind == Acquisition::Unassociated;
  if ((!Unassociated && Guard.How.Kind != Acquisition::Defers) || Guard.Type->Form != GuardType::Catalogued ||
      !Guard.Type->Entry->Associates)
    return;
  LockTypes &Types = Unit.model().types();
  const VarDecl *Variable = Guard.Variable;
  // `scoped_lock g(mutexes...);` of an empty pack correctly locks nothing.
  if (Unassociated && hasWrittenArguments(Variable) && isInstantiated(Function))
    return;
  if (!isOnlyQueried(Variable, Guard, Function.Body, Types) || !claim(Variable->getLocation(), Unit.model().context().getSourceManager()))
    return;
  if (!Unassociated) {
    std::string Mutex = Guard.How.Locked.size() == 1 && Guard.How.Locked[0].Mutex ? Guard.How.Locked[0].Mutex->print() : "";
    diag(Variable->getLocation(), "'%0' defers locking %select{its mutex|'%2'}1 and is never locked; the code in its scope runs without the lock")
        << Variable->getName() << !Mutex.empty() << Mutex;
    diag(Variable->getLocation(), "call '%0.lock()' where the lock is needed, or remove the tag that defers locking", DiagnosticIDs::Note)
        << Variable->getName();
    return;
  }
  if (parenBeforeName(Variable).isInvalid())
    diag(Variable->getLocation(), "'%0' is never associated with a mutex; it locks nothing") << Variable->getName();
  else
    reportDeclaration(Function, Variable, Types);
}

void DiscardedGuardCheck::reportDeclaration(const FunctionModel &Function, const VarDecl *Variable, LockTypes &Types) {
  SourceLocation Paren = parenBeforeName(Variable);
  DiagnosticBuilder Warning =
      diag(Variable->getLocation(), "this declares a variable named '%0', which locks nothing; to lock '%0', give the guard a name of its own")
      << Variable->getName();
  if (Paren.isFileID() && hidesMutex(Variable, Function, Types))
    Warning << FixItHint::CreateInsertion(Paren, (llvm::Twine(" ") + unusedName("guard", Function.Body)).str());
}

} // namespace ward
