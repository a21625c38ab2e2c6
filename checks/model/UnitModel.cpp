// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "model/UnitModel.h"
#include "model/SystemHeaders.h"

#include "clang/AST/DeclTemplate.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Lexer.h"
#include "llvm/ADT/DenseSet.h"

using namespace clang;

namespace ward {
namespace {

/// So many instantiations of one template are looked at: they share their text, and findings are per line of text.
constexpr unsigned MaxInstantiations = 8;

/// The one walk over the unit's AST.
class UnitWalk : public RecursiveASTVisitor<UnitWalk> {
  using Base = RecursiveASTVisitor<UnitWalk>;

public:
  UnitWalk(UnitModel &Model, std::vector<std::unique_ptr<FunctionModel>> &Functions, std::vector<const FieldDecl *> &Fields,
           std::vector<const CXXRecordDecl *> &Classes, std::vector<const VarDecl *> &Statics,
           llvm::DenseMap<const FunctionDecl *, int> &NamedFunctions, llvm::DenseSet<const ValueDecl *> &SetUp)
      : Model(Model), Types(Model.types()), Sources(Model.context().getSourceManager()), Functions(Functions), Fields(Fields),
        Classes(Classes), Statics(Statics), NamedFunctions(NamedFunctions), SetUp(SetUp) {}

  bool shouldVisitTemplateInstantiations() const { return true; }
  bool shouldVisitImplicitCode() const { return false; }
  bool shouldWalkTypesOfTypeLocs() const { return false; }

  // What stands in types is not evaluated.
  bool TraverseType(QualType, bool = true) { return true; }
  bool TraverseTypeLoc(TypeLoc, bool = true) { return true; }
  bool TraverseNestedNameSpecifierLoc(NestedNameSpecifierLoc) { return true; }
  bool TraverseUnaryExprOrTypeTraitExpr(UnaryExprOrTypeTraitExpr *) { return true; }
  bool TraverseCXXNoexceptExpr(CXXNoexceptExpr *) { return true; }
  bool TraverseCXXTypeidExpr(CXXTypeidExpr *) { return true; }
  bool TraverseRequiresExpr(RequiresExpr *) { return true; }
  bool TraverseConceptDecl(ConceptDecl *) { return true; }
  bool TraverseStaticAssertDecl(StaticAssertDecl *) { return true; }

  bool TraverseDecl(Decl *D) {
    if (!D || D->isImplicit())
      return true;
    if (D->getLexicalDeclContext()->isFileContext() && isInSystemHeader(D->getLocation(), Sources))
      return true;
    auto *Function = dyn_cast<FunctionDecl>(D);
    if (!Function)
      return Base::TraverseDecl(D);
    if (!Function->doesThisDeclarationHaveABody() || Function->isInvalidDecl() || Model.names().isInLibraryHeader(Function) ||
        tooManyOf(Function))
      return true;
    Enter In(*this, Function, Function->getBody());
    return Base::TraverseDecl(D);
  }

  bool TraverseLambdaExpr(LambdaExpr *Lambda) {
    // To capture by reference is no access yet.
    for (unsigned I = 0, N = Lambda->capture_size(); I != N; ++I)
      if (const LambdaCapture &Capture = Lambda->capture_begin()[I];
          Capture.capturesVariable() && (Capture.getCaptureKind() == LCK_ByCopy || Lambda->isInitCapture(&Capture)) &&
          !TraverseStmt(const_cast<Expr *>(Lambda->capture_init_begin()[I])))
        return false;
    // A generic lambda is a template: its instantiations say more than its text.
    if (const FunctionTemplateDecl *Template = Lambda->getCallOperator()->getDescribedFunctionTemplate())
      for (const FunctionDecl *Instance : Template->specializations()) {
        if (!Instance->hasBody() || Instance->isInvalidDecl() || Instance->isDependentContext() || tooManyOf(Instance))
          continue;
        Enter In(*this, Instance, Instance->getBody());
        if (!TraverseStmt(Instance->getBody()))
          return false;
      }
    Enter In(*this, Lambda->getCallOperator(), Lambda->getBody());
    return TraverseStmt(Lambda->getBody());
  }

  // Both forms of an initialiser list would be walked: the meaning is in the semantic one.
  bool TraverseInitListExpr(InitListExpr *List) {
    if (InitListExpr *Semantic = List->getSemanticForm())
      List = Semantic;
    for (Stmt *Init : List->children())
      if (!TraverseStmt(Init))
        return false;
    return true;
  }

  // The branch that `if constexpr` throws away is no code.
  bool TraverseIfStmt(IfStmt *If) {
    std::optional<const Stmt *> Kept = If->isConstexpr() ? If->getNondiscardedCase(Model.context()) : std::nullopt;
    if (!Kept)
      return RecursiveASTVisitor::TraverseIfStmt(If);
    return WalkUpFromIfStmt(If) && TraverseStmt(If->getInit()) && (!*Kept || TraverseStmt(const_cast<Stmt *>(*Kept)));
  }

  bool VisitVarDecl(VarDecl *Variable) {
    if (Variable->hasGlobalStorage() && !Variable->isInvalidDecl() && !Variable->getDeclContext()->isDependentContext() &&
        Variable->isThisDeclarationADefinition())
      Statics.push_back(Variable);
    if (!Current || !Variable->isLocalVarDecl() || Variable->isStaticLocal() || Variable->isInvalidDecl())
      return true;
    QualType Type = Variable->getType();
    const Expr *Init = Variable->getInit();
    if (const auto *Record = Type->getBaseElementTypeUnsafe()->getAsCXXRecordDecl();
        Record && Record->hasDefinition() && !Record->hasTrivialDestructor())
      Current->Destroyed.push_back(Variable);
    if (((Type->isPointerType() && !Init) || Type->isArrayType()) && innerParenthesis(Variable) &&
        Types.guard(QualType(Type->getPointeeOrArrayElementType(), 0)))
      Current->Parenthesised.push_back(Variable);
    if (Type->isReferenceType()) {
      if (!Init || !extendsTemporary(Init))
        return true;
      Type = Type.getNonReferenceType();
    }
    if (const GuardType *Guard = Types.guard(Type))
      Current->Guards.push_back({Variable, Guard, readAcquisition(Init, Type, Types)});
    else if (Current->IsPattern && Type->isDependentType() && Variable->getInitStyle() != VarDecl::CInit && isGivenLock(Init))
      Current->HidesLocks = true;
    return true;
  }

  bool VisitCXXRecordDecl(CXXRecordDecl *Class) {
    if (Class->isThisDeclarationADefinition() && !Class->isDependentContext() && !Class->isLambda())
      Classes.push_back(Class);
    return true;
  }
  bool VisitFieldDecl(FieldDecl *Field) {
    if (Field->hasInClassInitializer() && !Field->getParent()->isDependentContext())
      Fields.push_back(Field);
    return true;
  }
  bool VisitDeclRefExpr(DeclRefExpr *Ref) {
    if (const auto *Function = dyn_cast<FunctionDecl>(Ref->getDecl()))
      ++NamedFunctions[Function->getCanonicalDecl()];
    if (Current && isa<VarDecl, BindingDecl>(Ref->getDecl()))
      Current->Accesses.push_back(Ref);
    return true;
  }
  bool VisitMemberExpr(MemberExpr *Member) {
    if (Current && isa<FieldDecl, VarDecl>(Member->getMemberDecl()))
      Current->Accesses.push_back(Member);
    return true;
  }
  bool VisitCallExpr(CallExpr *Call) {
    if (!Current)
      return true;
    Current->Calls.push_back(Call);
    if (const auto *Named = dyn_cast<DeclRefExpr>(Call->getCallee()->IgnoreParenImpCasts()))
      if (const auto *Callee = dyn_cast<FunctionDecl>(Named->getDecl()))
        --NamedFunctions[Callee->getCanonicalDecl()];
    const FunctionEntry *Entry = Call->getNumArgs() > 1 ? Model.names().function(Call->getDirectCallee()) : nullptr;
    if (Entry && Entry->Effect == FunctionEffect::SetUp && !isa<CXXNullPtrLiteralExpr, GNUNullExpr, IntegerLiteral>(stripped(Call->getArg(1))))
      if (std::optional<AccessPath> Path = pathOf(Call->getArg(0), Model.names()))
        SetUp.insert(Path->lastField() ? static_cast<const ValueDecl *>(Path->lastField()) : Path->root());
    bool OnLocks = (!Current->CallsLocks || Current->IsPattern) && Types.effectOf(Call);
    Current->CallsLocks |= OnLocks;
    if (Current->IsPattern && Call->isTypeDependent() && !OnLocks && mayLock(Call))
      Current->HidesLocks = true;
    return true;
  }
  bool VisitAtomicExpr(AtomicExpr *Builtin) {
    if (Current)
      Current->Atomics.push_back(Builtin);
    return true;
  }
  bool VisitImplicitCastExpr(ImplicitCastExpr *Cast) {
    if (Current && Cast->getCastKind() == CK_AtomicToNonAtomic)
      Current->Atomics.push_back(Cast);
    return true;
  }
  bool VisitBinaryOperator(BinaryOperator *Binary) {
    if (Current && Binary->isAssignmentOp() && Binary->getLHS()->getType()->isAtomicType())
      Current->Atomics.push_back(Binary);
    return true;
  }
  bool VisitUnaryOperator(UnaryOperator *Unary) {
    if (Current && Unary->isIncrementDecrementOp() && Unary->getSubExpr()->getType()->isAtomicType())
      Current->Atomics.push_back(Unary);
    return true;
  }
  bool VisitCXXConstructExpr(CXXConstructExpr *Construct) {
    if (Current && (Construct->getNumArgs() > 0 || Construct->getConstructor()->isUserProvided()) &&
        !Construct->getConstructor()->isCopyOrMoveConstructor())
      Current->Constructs.push_back(Construct);
    return true;
  }
  bool VisitCXXBindTemporaryExpr(CXXBindTemporaryExpr *Temporary) {
    if (Current && Types.guard(Temporary->getType()))
      Current->Temporaries.push_back(Temporary);
    return true;
  }

  bool VisitIfStmt(IfStmt *If) {
    branch(If);
    discarded(If->getInit());
    discarded(If->getThen());
    discarded(If->getElse());
    return true;
  }
  bool VisitSwitchStmt(SwitchStmt *Switch) {
    branch(Switch);
    discarded(Switch->getInit());
    discarded(Switch->getBody());
    return true;
  }
  bool VisitWhileStmt(WhileStmt *While) {
    branch(While);
    discarded(While->getBody());
    return true;
  }
  bool VisitForStmt(ForStmt *For) {
    branch(For);
    discarded(For->getInit());
    discarded(For->getInc());
    discarded(For->getBody());
    return true;
  }
  bool VisitCXXForRangeStmt(CXXForRangeStmt *For) {
    branch(For);
    discarded(For->getInit());
    discarded(For->getBody());
    return true;
  }
  bool VisitDoStmt(DoStmt *Do) {
    discarded(Do->getBody());
    return true;
  }
  bool VisitSwitchCase(SwitchCase *Case) {
    discarded(Case->getSubStmt());
    return true;
  }
  bool VisitLabelStmt(LabelStmt *Label) {
    discarded(Label->getSubStmt());
    return true;
  }
  bool VisitAttributedStmt(AttributedStmt *Attributed) {
    discarded(Attributed->getSubStmt());
    return true;
  }
  bool VisitStmtExpr(StmtExpr *Expression) {
    ValueBlocks.insert(Expression->getSubStmt());
    return true;
  }
  bool VisitCompoundStmt(CompoundStmt *Block) {
    for (Stmt *S : Block->body())
      if (S != Block->body_back() || !ValueBlocks.contains(Block))
        discarded(S, Block);
    return true;
  }

  /// Template patterns that were instantiated say nothing that their instantiations don't.
  void dropInstantiatedPatterns() {
    llvm::DenseSet<const FunctionModel *> Dropped;
    for (const auto &Function : Functions)
      if (Function->IsPattern &&
          (Instantiated.contains(Function->Function->getCanonicalDecl()) || Dropped.contains(Function->Enclosing)))
        Dropped.insert(Function.get());
    llvm::erase_if(Functions, [&](const auto &Function) { return Dropped.contains(Function.get()); });
  }

private:
  /// While a function's body is walked, what is found belongs to it.
  class Enter {
  public:
    Enter(UnitWalk &Walk, const FunctionDecl *Function, const Stmt *Body) : Walk(Walk), Saved(Walk.Current) {
      Walk.Functions.push_back(std::make_unique<FunctionModel>());
      Walk.Current = Walk.Functions.back().get();
      Walk.Current->Function = Function;
      Walk.Current->Body = Body;
      Walk.Current->Enclosing = Saved;
      Walk.Current->IsPattern = Function->isDependentContext();
    }
    ~Enter() { Walk.Current = Saved; }
    Enter(const Enter &) = delete;
    Enter &operator=(const Enter &) = delete;

  private:
    UnitWalk &Walk;
    FunctionModel *Saved;
  };

  bool tooManyOf(const FunctionDecl *Function) {
    const FunctionDecl *Pattern = Function->getTemplateInstantiationPattern();
    if (!Pattern)
      return false;
    Instantiated.insert(Pattern->getCanonicalDecl());
    return ++Instances[Pattern->getCanonicalDecl()] > MaxInstantiations;
  }

  static bool extendsTemporary(const Expr *Init) {
    if (const auto *Full = dyn_cast<FullExpr>(Init))
      Init = Full->getSubExpr();
    const auto *Temporary = dyn_cast<MaterializeTemporaryExpr>(Init->IgnoreImpCasts());
    return Temporary && Temporary->getExtendingDecl();
  }

  /// An initialiser of something of a type that is not known yet names a mutex, or what may be one.
  bool isGivenLock(const Expr *Init) {
    return Init && llvm::any_of(Init->children(), [&](const Stmt *Child) {
             const auto *Argument = dyn_cast_or_null<Expr>(Child);
             return Argument && (Argument->isTypeDependent() || Types.mutex(Argument->getType()));
           });
  }

  /// \p Call, of a function that is not known yet, has a name that speaks of locks, or is given a guard.
  bool mayLock(const CallExpr *Call) {
    const Expr *Callee = Call->getCallee()->IgnoreParenImpCasts();
    DeclarationName Name;
    const Expr *Object = nullptr;
    if (const auto *Member = dyn_cast<CXXDependentScopeMemberExpr>(Callee)) {
      Name = Member->getMember();
      Object = Member->isImplicitAccess() ? nullptr : Member->getBase();
    } else if (const auto *Overloaded = dyn_cast<OverloadExpr>(Callee)) {
      Name = Overloaded->getName();
    } else if (const auto *Scoped = dyn_cast<DependentScopeDeclRefExpr>(Callee)) {
      Name = Scoped->getDeclName();
    }
    if (Name.isIdentifier() && Name.getAsIdentifierInfo() && Name.getAsIdentifierInfo()->getName().contains_insensitive("lock"))
      return true;
    if (CallSite::of(Call).Callee)
      return false;
    auto IsGuard = [&](const Expr *E) { return E && Types.guard(stripped(E)->getType()); };
    return IsGuard(Object) || llvm::any_of(Call->arguments(), IsGuard);
  }

  void branch(const Stmt *S) {
    if (Current)
      Current->Branches.push_back(S);
  }

  /// Notes \p S if it is an expression that throws away a value which a check may care for.
  void discarded(const Stmt *S, const CompoundStmt *Block = nullptr) {
    const auto *Whole = dyn_cast_or_null<Expr>(S);
    if (!Current || !Whole || Whole->containsErrors())
      return;
    const Expr *Value = thrownAway(Whole);
    if (const auto *Conditional = dyn_cast<ConditionalOperator>(Value); Conditional && Conditional->getType()->isVoidType()) {
      discarded(Conditional->getTrueExpr());
      discarded(Conditional->getFalseExpr());
      return;
    }
    if (!Types.guardMadeBy(Value)) {
      const auto *Call = dyn_cast<CallExpr>(stripped(Value));
      std::optional<FunctionEffect> Effect = Call ? effectOf(Call) : std::nullopt;
      if (Effect != FunctionEffect::TryLock && Effect != FunctionEffect::SharedTryLock)
        return;
    }
    Current->Discarded.push_back({Value, Whole, Block});
  }

  /// What \p Call does to a mutex or to a guard.
  std::optional<FunctionEffect> effectOf(const CallExpr *Call) {
    const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
    if (const CXXMethodDecl *Method = Member ? Member->getMethodDecl() : nullptr)
      if (const GuardType *Guard = Types.guard(Member->getImplicitObjectArgument()->getType()))
        return Types.guardEffect(*Guard, Method);
    std::optional<LockEffect> Effect = Types.effectOf(Call);
    return Effect ? std::optional(Effect->Effect) : std::nullopt;
  }

  /// Looks through `(void)e`, `static_cast<void>(e)` and `std::ignore = e`.
  const Expr *thrownAway(const Expr *E) {
    while (true) {
      if (const auto *Full = dyn_cast<FullExpr>(E))
        E = Full->getSubExpr();
      E = E->IgnoreParens();
      if (const auto *Cast = dyn_cast<ExplicitCastExpr>(E); Cast && Cast->getType()->isVoidType()) {
        E = Cast->getSubExpr();
        continue;
      }
      if (const auto *Assign = dyn_cast<CXXOperatorCallExpr>(E); Assign && Assign->getOperator() == OO_Equal)
        if (const auto *Left = dyn_cast<DeclRefExpr>(Assign->getArg(0)->IgnoreParenImpCasts());
            Left && Model.names().isSink(Left->getDecl())) {
          E = Assign->getArg(1);
          if (const auto *Temporary = dyn_cast<MaterializeTemporaryExpr>(E))
            E = Temporary->getSubExpr();
          continue;
        }
      if (const auto *Assign = dyn_cast<BinaryOperator>(E); Assign && Assign->getOpcode() == BO_Assign) // a template's pattern
        if (const auto *Left = dyn_cast<DeclRefExpr>(Assign->getLHS()->IgnoreParenImpCasts());
            Left && Model.names().isSink(Left->getDecl())) {
          E = Assign->getRHS();
          continue;
        }
      return E;
    }
  }

  UnitModel &Model;
  LockTypes &Types;
  const SourceManager &Sources;
  std::vector<std::unique_ptr<FunctionModel>> &Functions;
  std::vector<const FieldDecl *> &Fields;
  std::vector<const CXXRecordDecl *> &Classes;
  std::vector<const VarDecl *> &Statics;
  llvm::DenseMap<const FunctionDecl *, int> &NamedFunctions;
  llvm::DenseSet<const ValueDecl *> &SetUp;
  FunctionModel *Current = nullptr;
  llvm::DenseSet<const CompoundStmt *> ValueBlocks;
  llvm::DenseSet<const FunctionDecl *> Instantiated;
  llvm::DenseMap<const FunctionDecl *, unsigned> Instances;
};

} // namespace

ParenTypeLoc innerParenthesis(const VarDecl *Variable) {
  const TypeSourceInfo *Info = Variable->getTypeSourceInfo();
  TypeLoc Loc = Info ? Info->getTypeLoc().getUnqualifiedLoc() : TypeLoc();
  while (Loc) {
    if (auto Pointer = Loc.getAs<PointerTypeLoc>())
      Loc = Pointer.getPointeeLoc();
    else if (auto Array = Loc.getAs<ArrayTypeLoc>())
      Loc = Array.getElementLoc();
    else
      return Loc.getAs<ParenTypeLoc>();
    Loc = Loc.getUnqualifiedLoc();
  }
  return {};
}

const GuardVariable *FunctionModel::guardVariable(const ValueDecl *Decl) const {
  if (const auto *Binding = dyn_cast_or_null<BindingDecl>(Decl))
    Decl = Binding->getDecomposedDecl();
  for (const GuardVariable &Guard : Guards)
    if (Guard.Variable == Decl)
      return &Guard;
  return nullptr;
}

bool UnitModel::mayBeReentrant(const LockRef &Lock) const {
  if (!Lock.Type || Lock.Type->MayBeReentrant || !Lock.Mutex)
    return true;
  const FieldDecl *Field = Lock.Mutex->lastField();
  const ValueDecl *Decl = Field ? static_cast<const ValueDecl *>(Field) : Lock.Mutex->root();
  if (!Decl || !Lock.Type->Entry)
    return false;
  if (SetUp.contains(Decl))
    return true;
  const auto *Variable = dyn_cast<VarDecl>(Decl);
  const Expr *Init = Field ? Field->getInClassInitializer() : Variable ? Variable->getAnyInitializer() : nullptr;
  if (!Init || !Init->getBeginLoc().isMacroID())
    return false;
  llvm::StringRef Macro = Lexer::getImmediateMacroName(Init->getBeginLoc(), Context.getSourceManager(), Context.getLangOpts());
  return llvm::is_contained(Lock.Type->Entry->RecursiveInitializers, Macro.str());
}

UnitModel::UnitModel(ASTContext &Context, std::shared_ptr<const Catalog> Catalog)
    : Context(Context), Names(std::move(Catalog)), Types(Names) {
  UnitWalk Walk(*this, Functions, Fields, Classes, Statics, NamedFunctions, SetUp);
  // clangd asks for the open file's declarations only.
  for (Decl *D : Context.getTraversalScope())
    if (auto *Unit = dyn_cast<TranslationUnitDecl>(D)) {
      for (Decl *Child : Unit->decls())
        Walk.TraverseDecl(Child);
    } else {
      Walk.TraverseDecl(D);
    }
  Walk.dropInstantiatedPatterns();
  for (const auto &Function : Functions)
    ByDefinition.try_emplace(Function->Function->getCanonicalDecl(), Function.get());
}

const FunctionModel *UnitModel::function(const FunctionDecl *Function) const {
  if (!Function)
    return nullptr;
  if (const FunctionModel *Found = ByDefinition.lookup(Function->getCanonicalDecl()))
    return Found;
  if (const FunctionTemplateDecl *Template = Function->getDescribedFunctionTemplate())
    for (const FunctionDecl *Instance : Template->specializations())
      if (const FunctionModel *Found = ByDefinition.lookup(Instance->getCanonicalDecl()))
        return Found;
  return nullptr;
}

} // namespace ward
