// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "model/Reentrancy.h"

#include "compat/LockAttributes.h"
#include "model/LockEffects.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Lex/Lexer.h"

using namespace clang;

namespace ward {
namespace {

/// Lock functions are followed from `lock()` through a helper or two.
constexpr unsigned MaxHelperDepth = 2;

template <class F> bool anyWithin(const Stmt *S, F Matches) {
  return S && (Matches(S) || llvm::any_of(S->children(), [&](const Stmt *Child) { return anyWithin(Child, Matches); }));
}

llvm::StringRef macroOf(const Expr *E, const ASTContext &Context) {
  SourceLocation Begin = E->getBeginLoc();
  return Begin.isMacroID() ? Lexer::getImmediateMacroName(Begin, Context.getSourceManager(), Context.getLangOpts())
                           : llvm::StringRef();
}

/// What an expression says about the kind of a C mutex.
enum class MutexKind { Plain, Recursive, Unknown };

MutexKind kindOf(const Expr *Kind, const MutexEntry &Mutex, const ASTContext &Context) {
  bool Recursive = false, Unknown = false;
  anyWithin(Kind, [&](const Stmt *S) {
    const auto *E = dyn_cast<Expr>(S);
    if (!E)
      return false;
    const auto *Ref = dyn_cast<DeclRefExpr>(E);
    Recursive |= llvm::is_contained(Mutex.RecursiveKinds, macroOf(E, Context).str()) ||
                 (Ref && llvm::is_contained(Mutex.RecursiveKinds, Ref->getDecl()->getNameAsString()));
    Unknown |= (Ref && !isa<EnumConstantDecl>(Ref->getDecl())) || isa<CallExpr, MemberExpr>(E) || E->isTypeDependent();
    return false;
  });
  return Recursive ? MutexKind::Recursive : Unknown ? MutexKind::Unknown : MutexKind::Plain;
}

const ValueDecl *declNamedBy(const Expr *E) {
  E = withoutAddressOf(E);
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E))
    return Ref->getDecl();
  const auto *Member = dyn_cast<MemberExpr>(E);
  return Member ? Member->getMemberDecl() : nullptr;
}

/// A C mutex has no functions of its own.
bool isPlainC(const MutexType &Mutex) {
  return Mutex.Entry && Mutex.Entry->Lock.empty() && Mutex.Entry->Guards.empty();
}

/// The C mutex \p Field, a member of \p Record, may be initialised as reentrant. If the functions that could initialise
/// it are defined elsewhere, it may.
bool mayBeSetUpReentrant(const CXXRecordDecl *Record, const FieldDecl *Field, const MutexEntry &Entry,
                         CatalogIndex &Names) {
  const ASTContext &Context = Record->getASTContext();
  bool Initialised = false, Hidden = false, Reentrant = false;
  if (const Expr *Init = Field->getInClassInitializer()) {
    Initialised = true;
    Reentrant |= isRecursiveInitialiser(Init, Entry, Context);
  }
  for (const CXXMethodDecl *Method : Record->methods()) {
    if (!Method->isUserProvided() || Method->isDeleted())
      continue;
    const FunctionDecl *Definition = visibleDefinition(Method);
    if (!Definition) {
      Hidden |= !Method->isStatic() && !isa<CXXDestructorDecl>(Method);
      continue;
    }
    if (const auto *Constructor = dyn_cast<CXXConstructorDecl>(Definition))
      for (const CXXCtorInitializer *Init : Constructor->inits())
        if (Init->isWritten() && Init->getAnyMember() == Field) {
          Initialised = true;
          Reentrant |= isRecursiveInitialiser(Init->getInit(), Entry, Context);
        }
    anyWithin(Definition->getBody(), [&](const Stmt *S) {
      const auto *Call = dyn_cast<CallExpr>(S);
      const FunctionEntry *Function =
          Call && Call->getNumArgs() > 1 ? Names.function(Call->getDirectCallee()) : nullptr;
      if (Function && Function->Effect == FunctionEffect::SetUp && declNamedBy(Call->getArg(0)) == Field) {
        Initialised = true;
        Reentrant |= mayMakeReentrant(Call, Definition->getBody(), Names);
      } else if (Call && !Function) {
        for (unsigned I = 0; I != Call->getNumArgs(); ++I)
          if (declNamedBy(Call->getArg(I)) == Field)
            if (std::optional<bool> ByHelper = mayHelperMakeReentrant(Call, I, Names)) {
              Initialised = true;
              Reentrant |= *ByHelper;
            }
      }
      return false;
    });
  }
  return Reentrant || (!Initialised && Hidden);
}

/// The locks that a lock function acquires, as far as its body shows.
struct OwnAcquisitions {
  bool Any = false, Reentrant = false;
  /// The body calls functions that may acquire a lock unseen.
  bool Opaque = false;
};

class OwnLockReader {
public:
  OwnLockReader(const CXXRecordDecl *Record, LockTypes &Types) : Record(Record), Types(Types) {}

  void read(const Stmt *S, unsigned Depth) {
    if (!S)
      return;
    if (const auto *Call = dyn_cast<CallExpr>(S))
      readCall(Call, Depth);
    for (const Stmt *Child : S->children())
      read(Child, Depth);
  }

  OwnAcquisitions Found;

private:
  void readCall(const CallExpr *Call, unsigned Depth) {
    CallSite Site = CallSite::of(Call);
    std::optional<LockEffect> Effect = Types.effectOf(Call);
    if (Effect && acquires(Effect->Effect)) {
      bool OnSelf = false;
      for (const Expr *Object : Effect->Objects) {
        const TagDecl *Class =
            classOf(Object->getType()->isPointerType() ? Object->getType()->getPointeeType() : Object->getType());
        OnSelf |=
            isa<CXXThisExpr>(stripped(Object)) && Class && Class->getCanonicalDecl() == Record->getCanonicalDecl();
        if (const MutexType *Mutex = OnSelf ? nullptr : Types.mutex(Object->getType())) {
          Found.Any = true;
          const auto *Field = dyn_cast_or_null<FieldDecl>(declNamedBy(Object));
          Found.Reentrant |= Mutex->MayBeReentrant ||
                             (isPlainC(*Mutex) && (!Field || Field->getParent() != Record ||
                                                   mayBeSetUpReentrant(Record, Field, *Mutex->Entry, Types.names())));
        }
      }
      if (!OnSelf)
        return;
    }
    if (!Site.Callee || isLibraryCode(Site.Callee) || Site.Callee->getBuiltinID()) {
      Found.Opaque |= !Site.Callee || !(Site.Callee->getBuiltinID() || isOnAtomic(Site) ||
                                        llvm::StringRef(qualifiedName(*Site.Callee)).starts_with("std::"));
      return;
    }
    bool OnThis = Site.Object && isa<CXXThisExpr>(stripped(Site.Object));
    const FunctionDecl *Definition = Depth > 0 && OnThis ? visibleDefinition(Site.Callee) : nullptr;
    if (Definition)
      read(Definition->getBody(), Depth - 1);
    else
      Found.Opaque |= !isOnAtomic(Site);
  }

  bool isOnAtomic(const CallSite &Site) {
    const TagDecl *Class = Site.Object ? classOf(Site.Object->IgnoreParenImpCasts()->getType()) : nullptr;
    return Class && Types.names().isAtomic(Class);
  }

  const CXXRecordDecl *Record;
  LockTypes &Types;
};

bool isComparison(const Stmt *S) {
  if (const auto *Binary = dyn_cast<BinaryOperator>(S))
    return Binary->isEqualityOp();
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(S))
    return Operator->getOperator() == OO_EqualEqual || Operator->getOperator() == OO_ExclaimEqual;
  if (isa<CXXRewrittenBinaryOperator>(S))
    return true;
  // pthread_equal(), isMine(), and the like
  const auto *Call = dyn_cast<CallExpr>(S);
  const FunctionDecl *Callee = Call ? Call->getDirectCallee() : nullptr;
  return Callee &&
         (Callee->getReturnType()->isBooleanType() || llvm::StringRef(Callee->getNameAsString()).ends_with("equal"));
}

} // namespace

bool counts(const Stmt *S) {
  return anyWithin(S, [](const Stmt *Part) {
    if (const auto *Unary = dyn_cast<UnaryOperator>(Part))
      return Unary->isIncrementDecrementOp();
    if (const auto *Compound = dyn_cast<CompoundAssignOperator>(Part))
      return Compound->isAdditiveOp() || Compound->getOpcode() == BO_AddAssign || Compound->getOpcode() == BO_SubAssign;
    if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Part))
      return Operator->getOperator() == OO_PlusPlus || Operator->getOperator() == OO_MinusMinus;
    const auto *Member = dyn_cast<MemberExpr>(Part);
    if (!Member || !Member->getMemberDecl()->getDeclName().isIdentifier())
      return false;
    llvm::StringRef Name = Member->getMemberDecl()->getName();
    return Name == "fetch_add" || Name == "fetch_sub";
  });
}

bool countsOwner(const Stmt *Body, LockTypes &Types) {
  if (!counts(Body))
    return false;
  auto Locks = [&](const Stmt *S) {
    const auto *Call = dyn_cast<CallExpr>(S);
    return Call && Types.effectOf(Call).has_value();
  };
  return anyWithin(Body, [&](const Stmt *S) {
    const auto *If = dyn_cast<IfStmt>(S);
    return If && anyWithin(If->getCond(), isComparison) && !anyWithin(If->getCond(), Locks);
  });
}

bool isRecursiveInitialiser(const Expr *Init, const MutexEntry &Mutex, const ASTContext &Context) {
  return llvm::is_contained(Mutex.RecursiveInitializers, macroOf(Init, Context).str());
}

bool mayMakeReentrant(const CallExpr *SetUp, const Stmt *Body, CatalogIndex &Names) {
  const Expr *Attributes = SetUp->getArg(1);
  const TagDecl *Class = classOf(withoutPointers(SetUp->getArg(0)->getType())); // some set the pointer to a mutex that they make
  const MutexEntry *Mutex = Class ? Names.mutex(Class) : nullptr;
  if (!Mutex)
    return false;
  const ASTContext &Context = Class->getASTContext();
  if (Attributes->getType()->isIntegralOrEnumerationType())
    return kindOf(Attributes, *Mutex, Context) != MutexKind::Plain;
  if (isa<CXXNullPtrLiteralExpr, GNUNullExpr, IntegerLiteral>(stripped(Attributes)))
    return false;
  const ValueDecl *Object = declNamedBy(Attributes);
  if (!Object)
    return true;
  // What sets the kind of these attributes, beside the initialisation of the mutex. Without any, they have the default
  // kind.
  bool Reentrant = !isa<VarDecl>(Object) || isa<ParmVarDecl>(Object) || !cast<VarDecl>(Object)->hasLocalStorage();
  bool AllKnown = true, Any = false;
  anyWithin(Body, [&](const Stmt *S) {
    const auto *Call = dyn_cast<CallExpr>(S);
    if (!Call ||
        llvm::none_of(Call->arguments(), [&](const Expr *Argument) { return declNamedBy(Argument) == Object; }))
      return false;
    const FunctionDecl *Callee = Call->getDirectCallee();
    const FunctionEntry *Entry = Callee ? Names.function(Callee) : nullptr;
    if (Entry && Entry->Effect == FunctionEffect::SetKind && Call->getNumArgs() > 1) {
      Any = true;
      AllKnown &= kindOf(Call->getArg(1), *Mutex, Context) == MutexKind::Plain;
    } else if (!Callee || !isLibraryCode(Callee)) {
      AllKnown = false;
    }
    return false;
  });
  return Any ? !AllKnown : Reentrant || !AllKnown;
}

std::optional<bool> mayHelperMakeReentrant(const CallExpr *Call, unsigned Index, CatalogIndex &Names) {
  const FunctionDecl *Callee = Call->getDirectCallee();
  if (isa<CXXOperatorCallExpr>(Call) || !Callee || Index >= Callee->getNumParams() || isLibraryCode(Callee) ||
      Names.function(Callee))
    return std::nullopt;
  const FunctionDecl *Definition = visibleDefinition(Callee);
  if (!Definition) { // its name may say that it initialises the mutex, and nothing says how
    std::string Name = Callee->getNameAsString();
    return llvm::StringRef(Name).contains_insensitive("init") || llvm::StringRef(Name).contains_insensitive("create")
               ? std::optional(true)
               : std::nullopt;
  }
  std::optional<bool> Result;
  anyWithin(Definition->getBody(), [&](const Stmt *S) {
    const auto *SetUp = dyn_cast<CallExpr>(S);
    const FunctionEntry *Entry = SetUp && SetUp->getNumArgs() > 1 ? Names.function(SetUp->getDirectCallee()) : nullptr;
    if (Entry && Entry->Effect == FunctionEffect::SetUp &&
        declNamedBy(SetUp->getArg(0)) == Definition->getParamDecl(Index))
      Result = Result.value_or(false) || mayMakeReentrant(SetUp, Definition->getBody(), Names);
    return false;
  });
  return Result;
}

bool LockTypes::mayBeReentrant(const CXXRecordDecl *Record) {
  if (isReentrantCapability(Record))
    return true;
  for (const CXXBaseSpecifier &Base : Record->bases())
    if (const MutexType *Inside = mutex(Base.getType()); Inside && Inside->MayBeReentrant)
      return true;
  // What its own lock functions do. They may allow the owner to acquire it again, and show which lock they acquire.
  OwnLockReader Reader(Record, *this);
  bool Visible = false;
  for (const CXXMethodDecl *Method : Record->methods()) {
    std::optional<FunctionEffect> Effect =
        Method->isStatic() || !Method->getDeclName().isIdentifier() ? std::nullopt : effectOf(Method);
    if (!Effect && Method->getDeclName().isIdentifier() && !Method->isStatic())
      Effect = conventionalEffect(Method->getName());
    if (Effect != FunctionEffect::Lock)
      continue;
    const FunctionDecl *Definition = visibleDefinition(Method);
    if (!Definition)
      continue;
    if (countsOwner(Definition->getBody(), *this))
      return true;
    Visible = true;
    Reader.read(Definition->getBody(), MaxHelperDepth);
  }
  if (Reader.Found.Any)
    return Reader.Found.Reentrant;
  // The mutex inside decides, whatever the functions look like.
  const FieldDecl *Only = nullptr;
  unsigned Locks = 0;
  for (const FieldDecl *Field : Record->fields())
    if (!Field->getType()->isReferenceType() && !Field->getType()->isPointerType() && mutex(Field->getType())) {
      Only = Field;
      ++Locks;
    }
  if (Locks == 1) {
    const MutexType *Inside = mutex(Only->getType());
    return Inside->MayBeReentrant || (isPlainC(*Inside) && mayBeSetUpReentrant(Record, Only, *Inside->Entry, Names));
  }
  bool DerivesFromMutex =
      llvm::any_of(Record->bases(), [&](const CXXBaseSpecifier &Base) { return mutex(Base.getType()); });
  if (Locks == 0 && DerivesFromMutex)
    return false;
  // An annotated capability is not reentrant, nor is a spin lock whose functions only use atomics. Any other one may
  // be.
  return !Record->hasAttr<CapabilityAttr>() && !(Visible && Locks == 0 && !Reader.Found.Opaque);
}

} // namespace ward
