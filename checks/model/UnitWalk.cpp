// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "model/UnitWalk.h"

#include "model/LockEffects.h"
#include "model/Reentrancy.h"
#include "model/SystemHeaders.h"

#include "clang/AST/DeclTemplate.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/DenseSet.h"

using namespace clang;

namespace ward {
namespace {

/// How many instantiations of one template are analysed: they share their source, and findings are per source line.
constexpr unsigned MaxInstantiations = 8;

/// The only walk over the AST of a unit.
class UnitWalk : public RecursiveASTVisitor<UnitWalk> {
  using Base = RecursiveASTVisitor<UnitWalk>;

public:
  UnitWalk(ASTContext &Context, CatalogIndex &Names, LockTypes &Types, UnitContents &Out)
      : Context(Context), Names(Names), Types(Types), Sources(Context.getSourceManager()), Out(Out) {}

  bool shouldVisitTemplateInstantiations() const { return true; }
  bool shouldVisitImplicitCode() const { return false; }
  bool shouldWalkTypesOfTypeLocs() const { return false; }

  // Expressions in types are not evaluated.
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
    if (!Function->doesThisDeclarationHaveABody() || Function->isInvalidDecl() || Names.isInLibraryHeader(Function) ||
        tooManyOf(Function))
      return true;
    Enter In(*this, Function, Function->getBody());
    return Base::TraverseDecl(D);
  }

  bool TraverseVarTemplateSpecializationDecl(VarTemplateSpecializationDecl *D) {
    // Clang asserts that no implicit instantiation has its arguments as written, but a redeclared member template's has.
    if (D->getTemplateSpecializationKind() == TSK_ImplicitInstantiation && D->getTemplateArgsAsWritten())
      return WalkUpFromVarTemplateSpecializationDecl(D) && TraverseStmt(D->getInit());
    return Base::TraverseVarTemplateSpecializationDecl(D);
  }

  bool TraverseLambdaExpr(LambdaExpr *Lambda) {
    // A capture by reference is no access.
    for (unsigned I = 0, N = Lambda->capture_size(); I != N; ++I)
      if (const LambdaCapture &Capture = Lambda->capture_begin()[I];
          Capture.capturesVariable() && (Capture.getCaptureKind() == LCK_ByCopy || Lambda->isInitCapture(&Capture)) &&
          !TraverseStmt(const_cast<Expr *>(Lambda->capture_init_begin()[I])))
        return false;
    // A generic lambda is a template: its instantiations show more than its pattern.
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

  // Walks the semantic form of an initialiser list only, not both forms.
  bool TraverseInitListExpr(InitListExpr *List) {
    if (InitListExpr *Semantic = List->getSemanticForm())
      List = Semantic;
    for (Stmt *Init : List->children())
      if (!TraverseStmt(Init))
        return false;
    return true;
  }

  // Skips the discarded branch of `if constexpr`.
  bool TraverseIfStmt(IfStmt *If) {
    std::optional<const Stmt *> Kept = If->isConstexpr() ? If->getNondiscardedCase(Context) : std::nullopt;
    if (!Kept)
      return RecursiveASTVisitor::TraverseIfStmt(If);
    return WalkUpFromIfStmt(If) && TraverseStmt(If->getInit()) && (!*Kept || TraverseStmt(const_cast<Stmt *>(*Kept)));
  }

  bool VisitVarDecl(VarDecl *Variable) {
    if (Variable->hasGlobalStorage() && !Variable->isInvalidDecl() && !Variable->getDeclContext()->isDependentContext() &&
        Variable->isThisDeclarationADefinition())
      Out.Statics.push_back(Variable);
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
    else if (Current->IsPattern && Type->isDependentType() && Variable->getInitStyle() != VarDecl::CInit && mayBeLockArgument(Init))
      Current->HasUnknownLocks = true;
    return true;
  }

  bool VisitCXXRecordDecl(CXXRecordDecl *Class) {
    if (Class->isThisDeclarationADefinition() && !Class->isDependentContext() && !Class->isLambda())
      Out.Classes.push_back(Class);
    return true;
  }
  bool VisitFieldDecl(FieldDecl *Field) {
    if (Field->hasInClassInitializer() && !Field->getParent()->isDependentContext())
      Out.InitialisedFields.push_back(Field);
    return true;
  }
  bool VisitDeclRefExpr(DeclRefExpr *Ref) {
    if (const auto *Function = dyn_cast<FunctionDecl>(Ref->getDecl()))
      ++Out.NamedFunctions[Function->getCanonicalDecl()];
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
        --Out.NamedFunctions[Callee->getCanonicalDecl()];
    auto Initialises = [&](unsigned Index, bool MayMakeReentrant) {
      if (std::optional<AccessPath> Path = pathOf(Call->getArg(Index), Names))
        (MayMakeReentrant ? Out.InitialisedWithAttributes : Out.InitialisedPlainly)
            .insert(Path->lastField() ? static_cast<const ValueDecl *>(Path->lastField()) : Path->root());
    };
    const FunctionEntry *Entry = Call->getNumArgs() > 0 ? Names.function(Call->getDirectCallee()) : nullptr;
    if (Entry && Entry->Effect == FunctionEffect::SetUp && (Entry->Recursive || Call->getNumArgs() > 1))
      Initialises(0, Entry->Recursive || mayMakeReentrant(Call, Current->Body, Names));
    for (unsigned I = 0; !Entry && I != Call->getNumArgs(); ++I)
      if (const MutexType *Mutex = isa<UnaryOperator>(Call->getArg(I)->IgnoreParenImpCasts())
                                       ? Types.mutex(Call->getArg(I)->getType())
                                       : nullptr;
          Mutex && Mutex->Entry && mayHelperMakeReentrant(Call, I, Names).value_or(false))
        Initialises(I, /*MayMakeReentrant=*/true);
    QualType Contained;
    bool OnLocks = (!Current->CallsLocks || Current->IsPattern) &&
                   (Types.effectOf(Call) || asksForOwner(Call, Types) || guardContainer(Call, Contained, Types));
    Current->CallsLocks |= OnLocks;
    if (Current->IsPattern && Call->isTypeDependent() && !OnLocks && mayLock(Call))
      Current->HasUnknownLocks = true;
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
  bool VisitCXXDeleteExpr(CXXDeleteExpr *Delete) {
    if (Current)
      Current->Deletes.push_back(Delete);
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

  /// Removes the template patterns with instantiations, which represent them.
  void dropInstantiatedPatterns() {
    llvm::DenseSet<const FunctionModel *> Dropped;
    for (const auto &Function : Out.Functions)
      if (Function->IsPattern &&
          (Instantiated.contains(Function->Function->getCanonicalDecl()) || Dropped.contains(Function->Enclosing)))
        Dropped.insert(Function.get());
    llvm::erase_if(Out.Functions, [&](const auto &Function) { return Dropped.contains(Function.get()); });
  }

private:
  /// While one exists, the contents that are found belong to its function.
  class Enter {
  public:
    Enter(UnitWalk &Walk, const FunctionDecl *Function, const Stmt *Body) : Walk(Walk), Saved(Walk.Current) {
      Walk.Out.Functions.push_back(std::make_unique<FunctionModel>());
      Walk.Current = Walk.Out.Functions.back().get();
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

  /// An argument of \p Init, the initialiser of a variable of dependent type, is a mutex or may be one.
  bool mayBeLockArgument(const Expr *Init) {
    return Init && llvm::any_of(Init->children(), [&](const Stmt *Child) {
             const auto *Argument = dyn_cast_or_null<Expr>(Child);
             return Argument && (Argument->isTypeDependent() || Types.mutex(Argument->getType()));
           });
  }

  /// \p Call of an unknown function may acquire or release a lock: its name contains "lock", or it is passed a guard.
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

  void discarded(const Stmt *S, const CompoundStmt *Block = nullptr) {
    if (Current)
      collectDiscarded(S, Block, Types, Current->Discarded);
  }

  ASTContext &Context;
  CatalogIndex &Names;
  LockTypes &Types;
  const SourceManager &Sources;
  UnitContents &Out;
  FunctionModel *Current = nullptr;
  llvm::DenseSet<const CompoundStmt *> ValueBlocks;
  llvm::DenseSet<const FunctionDecl *> Instantiated;
  llvm::DenseMap<const FunctionDecl *, unsigned> Instances;
};

} // namespace

UnitContents walkUnit(ASTContext &Context, CatalogIndex &Names, LockTypes &Types) {
  UnitContents Result;
  UnitWalk Walk(Context, Names, Types, Result);
  // clangd limits the scope to the declarations of the open file.
  for (Decl *D : Context.getTraversalScope())
    if (auto *Unit = dyn_cast<TranslationUnitDecl>(D)) {
      for (Decl *Child : Unit->decls())
        Walk.TraverseDecl(Child);
    } else {
      Walk.TraverseDecl(D);
    }
  Walk.dropInstantiatedPatterns();
  return Result;
}

} // namespace ward
