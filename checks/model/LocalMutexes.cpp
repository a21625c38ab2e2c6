// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "model/LocalMutexes.h"

#include "model/LocalClosures.h"
#include "model/Records.h"
#include "model/StmtParents.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace ward {
namespace {

/// What a function does with one of its variables.
struct Mentions {
  bool Locked = false;
  /// Other code may refer to it.
  bool Shared = false;
};

/// The mutex that an object of the plain class \p Type contains; null if it has none, or if a constructor may share the object.
const MutexType *mutexInside(QualType Type, LockTypes &Types, unsigned Depth = 2) {
  const RecordDecl *Record = recordOf(Type);
  const auto *Class = dyn_cast_or_null<CXXRecordDecl>(Record);
  if (!Record || isLibraryCode(Record) ||
      (Class && (Class->getNumBases() || Class->hasUserDeclaredConstructor() || Class->hasUserDeclaredDestructor())))
    return nullptr;
  for (const FieldDecl *Field : Record->fields()) {
    if (const MutexType *Mutex = Types.mutex(Field->getType()))
      return Mutex;
    if (const MutexType *Mutex = Depth ? mutexInside(Field->getType(), Types, Depth - 1) : nullptr)
      return Mutex;
  }
  return nullptr;
}

/// Examines every mention of \p Variable in a function. Acquiring it does not share it, and neither does a library function that
/// does not keep it.
class MentionReader {
public:
  /// \p PartsToo: the mutex is a member of the variable, or of a member of it.
  MentionReader(const VarDecl *Variable, UnitModel &Unit, bool PartsToo = false) : Variable(Variable), Unit(Unit), PartsToo(PartsToo) {}

  Mentions read(const Stmt *Body) {
    this->Body = Body;
    visit(Body);
    return Result;
  }

private:
  /// \p E names the mutex: the variable, what it owns, or a member of one of these.
  bool isVariable(const Expr *E) const {
    E = withoutAddressOf(E);
    if (PartsToo && isa<MemberExpr>(E))
      return isPart(E) && (Unit.types().mutex(E->getType()) || Unit.names().condvar(classOf(E->getType())));
    return isWhole(E);
  }

  bool isWhole(const Expr *E) const {
    E = stripped(E);
    if (const auto *Access = dyn_cast<CXXOperatorCallExpr>(E); Access && isAccess(Access))
      E = stripped(Access->getArg(0));
    else if (const auto *Deref = dyn_cast<UnaryOperator>(E); Deref && Deref->getOpcode() == UO_Deref)
      E = stripped(Deref->getSubExpr());
    const auto *Ref = dyn_cast<DeclRefExpr>(E);
    return Ref && Ref->getDecl() == Variable;
  }

  /// \p E names a member of the variable or of what it owns, or of a member of it.
  bool isPart(const Expr *E) const {
    const auto *Member = dyn_cast<MemberExpr>(E);
    for (bool First = true; Member && !Member->getMemberDecl()->getType()->isReferenceType(); First = false) {
      if (isWhole(Member->getBase()))
        return true;
      if (Member->isArrow() && !First)
        return false;
      Member = dyn_cast<MemberExpr>(stripped(Member->getBase()));
    }
    return false;
  }

  /// `*m` and `m->` of a smart pointer that owns its mutex.
  static bool isAccess(const CXXOperatorCallExpr *Call) {
    return Call->getNumArgs() == 1 && (Call->getOperator() == OO_Star || Call->getOperator() == OO_Arrow);
  }

  void visit(const Stmt *S) {
    if (!S || Result.Shared)
      return;
    if (const auto *Ref = dyn_cast<DeclRefExpr>(S)) {
      Result.Shared |= Ref->getDecl() == Variable;
      return;
    }
    if (const auto *Access = dyn_cast<CXXOperatorCallExpr>(S); Access && isAccess(Access))
      return visitAll(S);
    if (const auto *Delete = dyn_cast<CXXDeleteExpr>(S); Delete && isWhole(Delete->getArgument()))
      return;
    // Another member than the mutex leads nowhere else.
    if (const auto *Member = dyn_cast<MemberExpr>(S); Member && PartsToo && isPart(Member) && !Unit.types().mutex(Member->getType()) &&
                                                      !mutexInside(Member->getType(), Unit.types()))
      return;
    if (const auto *Lambda = dyn_cast<LambdaExpr>(S)) {
      // A template's pattern need not have the implicit captures.
      bool Captures = ward::mentions(Lambda->getBody(), Variable);
      for (const LambdaCapture &Capture : Lambda->captures())
        Captures |= Capture.capturesVariable() && Capture.getCapturedVar() == Variable;
      if (Captures && !runsOnlyIn(Lambda, Body, Unit.names())) {
        Result.Shared = true;
        return;
      }
      for (const LambdaCapture &Capture : Lambda->captures())
        if (const auto *Own = Capture.capturesVariable() ? dyn_cast<VarDecl>(Capture.getCapturedVar()) : nullptr; Own && Own->isInitCapture())
          visit(Own->getInit());
      return visit(Lambda->getBody());
    }
    LockTypes &Types = Unit.types();
    // What a call or a guard uses it for ends with that; the other arguments are looked at.
    auto VisitArguments = [&](auto Arguments, bool Locks) {
      for (const Expr *Argument : Arguments)
        if (isVariable(Argument))
          Result.Locked |= Locks;
        else
          visit(Argument);
    };
    if (const auto *Call = dyn_cast<CallExpr>(S)) {
      CallSite Site = CallSite::of(Call);
      std::optional<LockEffect> Effect = Types.effectOf(Call);
      bool Harmless = Effect.has_value();
      // m.lock() of a data-owning mutex returns a guard; wait(m), pthread_mutex_init(&m) and the like use it during the call only.
      if (Site.Object && isVariable(Site.Object)) {
        Harmless = true;
        Result.Locked |= (Effect && Effect->Effect != FunctionEffect::Unlock) || Types.guard(Call->getType());
      } else if (Site.Callee && isLibraryCode(Site.Callee) && !isa<CXXOperatorCallExpr>(Call) && !Unit.names().isEmplacer(Site.Callee) &&
                 !Unit.names().spawn(Site.Callee)) {
        const FunctionEntry *Entry = Unit.names().function(Site.Callee);
        Harmless |= !Entry || Entry->Effect != FunctionEffect::Forward;
        // A library function keeps a reference only in an object that it returns, or in its own object.
        Harmless &= Call->getType()->isVoidType() || Call->getType()->isArithmeticType() || Call->getType()->isEnumeralType() || Effect;
      }
      if (Harmless) {
        bool Acquires = Effect && Effect->Effect != FunctionEffect::Unlock && Effect->Effect != FunctionEffect::Drop;
        if (Site.Object && !isVariable(Site.Object))
          visit(Site.Object);
        return VisitArguments(Site.Arguments, Acquires);
      }
    } else if (const auto *Construct = dyn_cast<CXXConstructExpr>(S)) {
      // A guard of it, which does not leave the function.
      if (Types.guard(Construct->getType()))
        return VisitArguments(Construct->arguments(), /*Locks=*/true);
    } else if (const auto *List = dyn_cast<InitListExpr>(S); List && Types.guard(List->getType())) {
      return VisitArguments(List->inits(), /*Locks=*/true);
    } else if (const auto *Return = dyn_cast<ReturnStmt>(S)) {
      return visit(Return->getRetValue());
    }
    visitAll(S);
  }

  void visitAll(const Stmt *S) {
    for (const Stmt *Child : S->children())
      visit(Child);
  }

  const VarDecl *Variable;
  UnitModel &Unit;
  bool PartsToo;
  const Stmt *Body = nullptr;
  Mentions Result;
};

void collectVariables(const Stmt *S, llvm::SmallVectorImpl<const VarDecl *> &Into) {
  if (!S || isa<LambdaExpr>(S))
    return;
  if (const auto *Declaration = dyn_cast<DeclStmt>(S))
    for (const Decl *D : Declaration->decls())
      if (const auto *Variable = dyn_cast<VarDecl>(D))
        Into.push_back(Variable);
  for (const Stmt *Child : S->children())
    collectVariables(Child, Into);
}

/// A class of the user's whose constructor or lock function takes an argument: that may be the actual mutex, and \p Type a proxy or a
/// guard.
bool mayBeProxy(QualType Type) {
  const auto *Record = Type->getAsCXXRecordDecl();
  if (!Record || !Record->hasDefinition())
    return true;
  Record = Record->getDefinition();
  return llvm::any_of(Record->methods(), [](const CXXMethodDecl *Method) {
    if (const auto *Constructor = dyn_cast<CXXConstructorDecl>(Method))
      return Constructor->getNumParams() > 0 && !Constructor->isCopyOrMoveConstructor();
    return !Method->isImplicit() && Method->getNumParams() > 0 && Method->getDeclName().isIdentifier() &&
           (Method->getName().contains_insensitive("lock") || Method->getName().contains_insensitive("acquire"));
  });
}

/// The type of the object that \p Variable creates and solely owns: `auto m = std::make_unique<std::mutex>();`
std::optional<QualType> solelyOwned(const VarDecl *Variable, CatalogIndex &Names) {
  if (Variable->getType()->isPointerType() && Variable->getInit() && isa<CXXNewExpr>(stripped(Variable->getInit())))
    return Variable->getType()->getPointeeType();
  const auto *Pointer = dyn_cast_or_null<ClassTemplateSpecializationDecl>(Variable->getType()->getAsCXXRecordDecl());
  const TypeEntry *Entry = Pointer && Names.isPointer(Pointer) ? Names.type(Pointer) : nullptr;
  if (!Entry || Entry->Shares || Entry->Borrows || !Variable->getInit() || Pointer->getTemplateArgs().size() == 0 ||
      Pointer->getTemplateArgs()[0].getKind() != TemplateArgument::Type)
    return std::nullopt;
  const Expr *Init = stripped(Variable->getInit());
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(Init); Construct && Construct->getNumArgs() >= 1)
    Init = stripped(Construct->getArg(0));
  const auto *Call = dyn_cast<CallExpr>(Init);
  bool Creates = isa<CXXNewExpr>(Init) || (Call && Call->getDirectCallee() && Names.isEmplacer(Call->getDirectCallee()));
  return Creates ? std::optional(Pointer->getTemplateArgs()[0].getAsType()) : std::nullopt;
}

} // namespace

bool isCopy(const Expr *Init) {
  if (const auto *Read = dyn_cast_or_null<ImplicitCastExpr>(Init); Read && Read->getCastKind() == CK_LValueToRValue)
    return !Read->getSubExpr()->getType().isConstQualified();
  const auto *Construct = Init ? dyn_cast<CXXConstructExpr>(stripped(Init)) : nullptr;
  return Construct && Construct->getConstructor()->isCopyConstructor() && Construct->getNumArgs() >= 1 &&
         Construct->getArg(0)->isLValue() && !isa<MaterializeTemporaryExpr>(Construct->getArg(0));
}

bool isSharedIn(const VarDecl *Variable, const Stmt *Body, UnitModel &Unit) { return MentionReader(Variable, Unit).read(Body).Shared; }

llvm::SmallVector<const VarDecl *, 2> localMutexes(const FunctionModel &Function, UnitModel &Unit) {
  llvm::SmallVector<const VarDecl *, 8> Variables;
  collectVariables(Function.Body, Variables);
  llvm::SmallVector<const VarDecl *, 2> Result;
  for (const VarDecl *Variable : Variables) {
    QualType Type = Variable->getType();
    if (!Variable->hasLocalStorage() || Type->isReferenceType() || Type->isArrayType() || Variable->isInvalidDecl())
      continue;
    if (Type->getAs<SubstTemplateTypeParmType>())
      continue; // generic code tests or benchmarks locks
    if (const std::optional<QualType> Owned = solelyOwned(Variable, Unit.names()))
      Type = *Owned;
    else if (Type->isPointerType())
      continue;
    const MutexType *Mutex = Unit.types().mutex(Type);
    bool IsPart = !Mutex;
    if (IsPart)
      Mutex = mutexInside(Type, Unit.types());
    if (!Mutex || Mutex->IsGuess || (Mutex->Entry && Mutex->Entry->Named) || isCopy(Variable->getInit()))
      continue;
    if (!IsPart && !Mutex->Entry && mayBeProxy(Type))
      continue;
    Mentions Found = MentionReader(Variable, Unit, IsPart).read(Function.Body);
    if (Found.Locked && !Found.Shared)
      Result.push_back(Variable);
  }
  return Result;
}

bool isOnlyLocked(const VarDecl *Variable, UnitModel &Unit) {
  bool Locked = false;
  for (const auto &Function : Unit.functions()) {
    if (llvm::none_of(Function->Accesses, [&](const Expr *Access) {
          const auto *Ref = dyn_cast<DeclRefExpr>(Access);
          return Ref && Ref->getDecl()->getCanonicalDecl() == Variable->getCanonicalDecl();
        }))
      continue;
    Mentions Found = MentionReader(Variable, Unit).read(Function->Body);
    if (Found.Shared)
      return false;
    Locked |= Found.Locked;
  }
  return Locked;
}

} // namespace ward
