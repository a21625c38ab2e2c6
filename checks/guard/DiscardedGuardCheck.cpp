// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "guard/DiscardedGuardCheck.h"

#include "base/SourceEdit.h"

#include "clang/AST/ExprCXX.h"
#include "clang/AST/TypeLoc.h"

using namespace clang;

namespace ward {
namespace {

/// Every mention of \p Variable in \p S only asks about the guard or ends it: none could take the lock or give the guard
/// to somebody who does.
bool isOnlyAskedAbout(const VarDecl *Variable, const GuardVariable &Guard, const Stmt *S, LockTypes &Types) {
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
  return llvm::all_of(S->children(), [&](const Stmt *Child) { return isOnlyAskedAbout(Variable, Guard, Child, Types); });
}

/// Somewhere in \p S the guard \p Tried is asked whether it holds its lock, or is given to somebody who can ask.
bool isAsked(const GuardVariable &Tried, const Stmt *S, LockTypes &Types) {
  if (!S)
    return false;
  if (const auto *Call = dyn_cast<CXXMemberCallExpr>(S))
    if (const auto *Ref = dyn_cast<DeclRefExpr>(stripped(Call->getImplicitObjectArgument()));
        Ref && Ref->getDecl() == Tried.Variable && Call->getMethodDecl() && Types.guardEffect(*Tried.Type, Call->getMethodDecl()))
      return false; // worked, not asked
  if (const auto *Ref = dyn_cast<DeclRefExpr>(S))
    return Ref->getDecl() == Tried.Variable;
  return llvm::any_of(S->children(), [&](const Stmt *Child) { return isAsked(Tried, Child, Types); });
}

/// `T(m);` declares an m. The parentheses around the name, if that is how \p Variable is written.
SourceLocation parenBeforeName(const VarDecl *Variable) {
  ParenTypeLoc Paren = innerParenthesis(Variable);
  return Paren ? Paren.getLParenLoc() : SourceLocation();
}

/// `g()` or `g{}` stands in the text, perhaps with a pack in it that turned out empty.
bool hasWrittenArguments(const VarDecl *Variable) {
  const auto *Construct = Variable->getInit() ? dyn_cast<CXXConstructExpr>(stripped(Variable->getInit())) : nullptr;
  return !Construct || Construct->getParenOrBraceRange().isValid();
}

bool isMutexCalled(DeclarationName Name, const DeclContext *Context, LockTypes &Types) {
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
           return Parent && isMutexCalled(Name, Parent, Types);
         });
}

/// The mutex that \p Variable hides by bearing its name is in sight, so that a named guard could lock it.
bool hidesMutex(const VarDecl *Variable, const FunctionModel &Function, LockTypes &Types) {
  for (const ParmVarDecl *Parameter : Function.Function->parameters())
    if (Parameter->getDeclName() == Variable->getDeclName())
      return Types.mutex(Parameter->getType()) != nullptr;
  for (const DeclContext *Context = Function.Function->getParent(); Context; Context = Context->getParent())
    if (isMutexCalled(Variable->getDeclName(), Context, Types))
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

/// Text of the file from \p Begin up to \p End.
std::optional<std::string> textBetween(SourceLocation Begin, SourceLocation End, const ASTContext &Context) {
  if (Begin.isInvalid() || End.isInvalid() || Begin.isMacroID() || End.isMacroID())
    return std::nullopt;
  llvm::StringRef Text =
      Lexer::getSourceText(CharSourceRange::getCharRange(Begin, End), Context.getSourceManager(), Context.getLangOpts());
  return Text.empty() ? std::nullopt : std::optional(Text.rtrim().str());
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
    if (const auto *Member = dyn_cast_or_null<CXXMemberCallExpr>(Call))
      if (const auto *Ref = dyn_cast<DeclRefExpr>(stripped(Member->getImplicitObjectArgument())))
        if (const GuardVariable *Tried = Function.guardVariable(Ref->getDecl()); Tried && isAsked(*Tried, Function.Body, Types))
          return;
    if (!claim(Value->getBeginLoc(), Context.getSourceManager()))
      return;
    diag(Value->getBeginLoc(), "the result of %select{this attempt to lock|'%1'}0 is thrown away: nothing knows whether the lock is "
                               "held from here on")
        << (Callee != nullptr) << (Callee ? Callee->getNameAsString() : "");
    diag(Value->getBeginLoc(), "lock only if it succeeds, or take a guard that tries and ask it whether it holds the lock",
         DiagnosticIDs::Note);
    return;
  }
  Acquisition How = readAcquisition(Value, Value->getType(), Types);
  if (How.Kind == Acquisition::Transfers)
    return; // `std::unique_lock(std::move(g));` ends g on purpose
  if (!claim(Value->getBeginLoc(), Context.getSourceManager()))
    return;
  bool Made = isConstruction(Value);
  DiagnosticBuilder Warning =
      diag(Value->getBeginLoc(), "%select{the guard that '%1' returns is thrown away|this guard has no name}0: its lock is released at "
                                 "the end of this statement, and what follows runs without it")
      << (Made || !Callee) << (Callee ? Callee->getNameAsString() : "");
  if (!Discarded.Block || Discarded.Block->body_back() == Discarded.Whole || locksAgain(Function, Discarded, How, Unit))
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

bool DiscardedGuardCheck::locksAgain(const FunctionModel &Function, const DiscardedValue &Discarded, const Acquisition &How,
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
  // `scoped_lock g(mutexes...);` of an empty pack has nothing to lock, and rightly so.
  if (Unassociated && hasWrittenArguments(Variable) && isInstantiated(Function))
    return;
  if (!isOnlyAskedAbout(Variable, Guard, Function.Body, Types) || !claim(Variable->getLocation(), Unit.model().context().getSourceManager()))
    return;
  if (!Unassociated) {
    std::string Mutex = Guard.How.Locked.size() == 1 && Guard.How.Locked[0].Mutex ? Guard.How.Locked[0].Mutex->print() : "";
    diag(Variable->getLocation(), "'%0' is told not to lock %select{its mutex|'%2'}1 yet, and nothing locks it later")
        << Variable->getName() << !Mutex.empty() << Mutex;
    diag(Variable->getLocation(), "call %0.lock() where the lock is needed, or leave out the tag that defers it", DiagnosticIDs::Note)
        << Variable->getName();
    return;
  }
  if (parenBeforeName(Variable).isInvalid())
    diag(Variable->getLocation(), "'%0' is never given a mutex: it locks nothing") << Variable->getName();
  else
    reportDeclaration(Function, Variable, Types);
}

void DiscardedGuardCheck::reportDeclaration(const FunctionModel &Function, const VarDecl *Variable, LockTypes &Types) {
  SourceLocation Paren = parenBeforeName(Variable);
  DiagnosticBuilder Warning =
      diag(Variable->getLocation(), "this declares a variable named '%0' that locks nothing; a guard of '%0' needs a name of its own")
      << Variable->getName();
  if (Paren.isFileID() && hidesMutex(Variable, Function, Types))
    Warning << FixItHint::CreateInsertion(Paren, (llvm::Twine(" ") + unusedName("guard", Function.Body)).str());
}

} // namespace ward
