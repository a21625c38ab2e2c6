// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "model/MutexPlaces.h"

#include "model/LocalClosures.h"
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
  const auto *Record = Type->getAsCXXRecordDecl();
  if (!Record || !Record->hasDefinition() || Record->getNumBases() || Record->hasUserDeclaredConstructor() || Record->hasUserDeclaredDestructor() ||
      isLibraryCode(Record))
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
  bool isVariable(const Expr *E) const {
    E = withoutAddressOf(E);
    if (const auto *Access = dyn_cast<CXXOperatorCallExpr>(E); Access && isAccess(Access))
      E = stripped(Access->getArg(0));
    if (PartsToo && isa<MemberExpr>(E))
      return isPart(E) && (Unit.types().mutex(E->getType()) || Unit.names().condvar(classOf(E->getType())));
    const auto *Ref = dyn_cast<DeclRefExpr>(E);
    return Ref && Ref->getDecl() == Variable;
  }

  /// \p E names a member of the variable, or of a member of it.
  bool isPart(const Expr *E) const {
    const auto *Member = dyn_cast<MemberExpr>(E);
    while (Member && !Member->isArrow() && !Member->getMemberDecl()->getType()->isReferenceType()) {
      E = stripped(Member->getBase());
      Member = dyn_cast<MemberExpr>(E);
    }
    const auto *Ref = dyn_cast<DeclRefExpr>(E);
    return Ref && Ref->getDecl() == Variable;
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
    if (const auto *Call = dyn_cast<CallExpr>(S)) {
      CallSite Site = CallSite::of(Call);
      std::optional<LockEffect> Effect = Types.effectOf(Call);
      bool Harmless = Effect.has_value();
      // m.lock() of a data-owning mutex returns a guard; wait(m), pthread_mutex_init(&m) and the like use it during the call only.
      if (Site.Object && isVariable(Site.Object)) {
        Harmless = true;
        Result.Locked |= (Effect && Effect->Effect != FunctionEffect::Unlock) || Types.guard(Call->getType());
      } else if (Site.Callee && isLibraryCode(Site.Callee) && !isa<CXXOperatorCallExpr>(Call) && !Unit.names().isEmplacer(Site.Callee)) {
        const FunctionEntry *Entry = Unit.names().function(Site.Callee);
        Harmless |= !Entry || Entry->Effect != FunctionEffect::Forward;
        // A library function keeps a reference only in an object that it returns, or in its own object.
        Harmless &= Call->getType()->isVoidType() || Call->getType()->isArithmeticType() || Call->getType()->isEnumeralType() || Effect;
      }
      if (Harmless) {
        bool Acquires = Effect && Effect->Effect != FunctionEffect::Unlock && Effect->Effect != FunctionEffect::Drop;
        if (Site.Object && !isVariable(Site.Object))
          visit(Site.Object);
        for (const Expr *Argument : Site.Arguments) {
          if (isVariable(Argument))
            Result.Locked |= Acquires;
          else
            visit(Argument);
        }
        return;
      }
    } else if (const auto *Construct = dyn_cast<CXXConstructExpr>(S)) {
      // A guard of it, which does not leave the function.
      if (Types.guard(Construct->getType())) {
        for (const Expr *Argument : Construct->arguments()) {
          if (isVariable(Argument))
            Result.Locked = true;
          else
            visit(Argument);
        }
        return;
      }
    } else if (const auto *List = dyn_cast<InitListExpr>(S); List && Types.guard(List->getType())) {
      for (const Expr *Init : List->inits()) {
        if (isVariable(Init))
          Result.Locked = true;
        else
          visit(Init);
      }
      return;
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

/// \p Variable escapes in \p S: into a closure, a pointer or a reference.
bool escapes(const VarDecl *Variable, const Stmt *S) {
  if (!S)
    return false;
  auto Names = [&](const Expr *E) {
    const auto *Ref = dyn_cast<DeclRefExpr>(stripped(E));
    return Ref && Ref->getDecl() == Variable;
  };
  if (const auto *Lambda = dyn_cast<LambdaExpr>(S)) {
    for (const LambdaCapture &Capture : Lambda->captures())
      if (Capture.capturesVariable() && Capture.getCapturedVar() == Variable && Capture.getCaptureKind() == LCK_ByRef)
        return true;
  } else if (const auto *Address = dyn_cast<UnaryOperator>(S)) {
    if (Address->getOpcode() == UO_AddrOf && Names(Address->getSubExpr()))
      return true;
  } else if (const auto *Call = dyn_cast<CallExpr>(S)) {
    CallSite Site = CallSite::of(Call);
    for (unsigned I = 0; I != Site.Arguments.size(); ++I)
      if (Site.Arguments[I]->isLValue() && Names(Site.Arguments[I]) &&
          (!Site.Callee || I >= Site.Callee->getNumParams() || Site.Callee->getParamDecl(I)->getType()->isLValueReferenceType()))
        return true;
  }
  return llvm::any_of(S->children(), [&](const Stmt *Child) { return escapes(Variable, Child); });
}

/// \p Field is a field of an object of \p Type itself, rather than of a pointee.
bool isPartOf(const FieldDecl *Field, QualType Type) {
  if (Type->isReferenceType() || Type->isPointerType())
    return false;
  const auto *Record = Type->getAsCXXRecordDecl();
  const auto *Parent = dyn_cast<CXXRecordDecl>(Field->getParent());
  if (!Record || !Parent || !Record->hasDefinition())
    return false;
  return Record->getCanonicalDecl() == Parent->getCanonicalDecl() || Record->isDerivedFrom(Parent);
}

/// The argument of std::move if \p E is a call of it; null if not.
const Expr *movedFrom(const Expr *E, CatalogIndex &Names) {
  const auto *Call = dyn_cast<CallExpr>(stripped(E));
  const FunctionDecl *Callee = Call ? Call->getDirectCallee() : nullptr;
  const FunctionEntry *Entry = Callee ? Names.function(Callee) : nullptr;
  return Entry && Entry->Effect == FunctionEffect::Forward && Call->isXValue() && Call->getNumArgs() == 1 ? Call->getArg(0) : nullptr;
}

/// \p Init copies another object whose lifetime continues.
bool isCopy(const Expr *Init) {
  if (const auto *Read = dyn_cast_or_null<ImplicitCastExpr>(Init); Read && Read->getCastKind() == CK_LValueToRValue)
    return !Read->getSubExpr()->getType().isConstQualified();
  const auto *Construct = Init ? dyn_cast<CXXConstructExpr>(stripped(Init)) : nullptr;
  return Construct && Construct->getConstructor()->isCopyConstructor() && Construct->getNumArgs() >= 1 &&
         Construct->getArg(0)->isLValue() && !isa<MaterializeTemporaryExpr>(Construct->getArg(0));
}

/// The type of the object that \p Variable creates and solely owns: `auto m = std::make_unique<std::mutex>();`
std::optional<QualType> solelyOwned(const VarDecl *Variable, CatalogIndex &Names) {
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

llvm::SmallVector<const VarDecl *, 2> localMutexes(const FunctionModel &Function, UnitModel &Unit) {
  llvm::SmallVector<const VarDecl *, 8> Variables;
  collectVariables(Function.Body, Variables);
  llvm::SmallVector<const VarDecl *, 2> Result;
  for (const VarDecl *Variable : Variables) {
    QualType Type = Variable->getType();
    if (!Variable->hasLocalStorage() || Type->isReferenceType() || Type->isPointerType() || Type->isArrayType() || Variable->isInvalidDecl())
      continue;
    if (Type->getAs<SubstTemplateTypeParmType>())
      continue; // generic code tests or benchmarks locks
    if (const std::optional<QualType> Owned = solelyOwned(Variable, Unit.names()))
      Type = *Owned;
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

bool liesIn(const AccessPath &Mutex, const AccessPath &Object, bool ThroughPointers) {
  if (!Mutex.startsWith(Object))
    return false;
  size_t Known = Object.steps().size();
  for (size_t I = Known; I != Mutex.steps().size(); ++I) {
    const FieldDecl *Field = Mutex.steps()[I].asField();
    if (I == Known && ThroughPointers)
      continue;
    if (Mutex.steps()[I].isElement())
      continue;
    const FieldDecl *Before = I > 0 ? Mutex.steps()[I - 1].asField() : nullptr;
    if (!Field || (I > 0 && !Before))
      return false;
    if (I > 0 ? !isPartOf(Field, Before->getType()) : Object.root() && !isPartOf(Field, Object.root()->getType().getNonReferenceType()))
      return false;
  }
  return true;
}

const Expr *mutexAssignedFrom(const CallExpr *Call, UnitModel &Unit) {
  const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call);
  if (!Operator || Operator->getOperator() != OO_Equal)
    return nullptr;
  const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Operator->getDirectCallee());
  if (!Method || !Method->isCopyAssignmentOperator() || !Method->isTrivial())
    return nullptr;
  const Expr *Source = Operator->getArg(1)->IgnoreParenImpCasts();
  const TagDecl *Class = classOf(Source->getType());
  bool IsSource = Source->isLValue() && !Source->getType().isConstQualified() && !isa<CompoundLiteralExpr>(Source);
  return Class && IsSource && (Unit.names().mutex(Class) || Unit.names().condvar(Class)) ? Source : nullptr;
}

const VarDecl *copyBehind(const AccessPath &Place, const FunctionModel &Function, UnitModel &Unit) {
  const VarDecl *Root = Place.root();
  if (!Root || !Root->hasLocalStorage() || Root->getType()->isReferenceType() || Root->getType()->isPointerType())
    return nullptr;
  // Each step must be a part by value, not the pointee of a part.
  QualType Type = Root->getType();
  auto IsHandle = [&](QualType Of) {
    const TagDecl *Class = classOf(Of);
    return Class ? Unit.names().isPointer(Class) : !Of->isIntegerType(); // an integer that is acquired is a lock itself
  };
  if (IsHandle(Type))
    return nullptr;
  for (const AccessPath::Step &Step : Place.steps()) {
    if (!Step.asField() || !isPartOf(Step.asField(), Type))
      return nullptr;
    Type = Step.asField()->getType();
  }
  if (Type->isReferenceType() || Type->isPointerType() || IsHandle(Type) ||
      (!Type->isIntegerType() && !Unit.types().mutex(Type) && !Unit.names().condvar(classOf(Type))))
    return nullptr;
  if (Root->getDeclContext() != Function.Function) {
    const auto *Method = dyn_cast<CXXMethodDecl>(Function.Function); // a closure's copy?
    if (!Method || !Method->getParent()->isLambda())
      return nullptr;
    for (const LambdaCapture &Capture : Method->getParent()->captures())
      if (Capture.capturesVariable() && Capture.getCapturedVar() == Root)
        return Capture.getCaptureKind() == LCK_ByCopy && !escapes(Root, Function.Body) ? Root : nullptr;
    return nullptr;
  }
  if (!isa<ParmVarDecl>(Root) && !isCopy(Root->getInit()))
    return nullptr;
  bool Shared = Place.steps().empty() ? MentionReader(Root, Unit).read(Function.Body).Shared : escapes(Root, Function.Body);
  return Shared ? nullptr : Root;
}

std::optional<LifetimeEnd> lifetimeEnd(const Stmt *S, UnitModel &Unit) {
  CatalogIndex &Names = Unit.names();
  auto Of = [&](const Expr *E, SourceLocation Where, bool Moves, bool ThroughPointers) -> std::optional<LifetimeEnd> {
    std::optional<AccessPath> Path = pathOf(E, Names);
    return Path ? std::optional(LifetimeEnd{*Path, Where, Moves, ThroughPointers}) : std::nullopt;
  };
  if (const auto *Delete = dyn_cast<CXXDeleteExpr>(S))
    return Of(Delete->getArgument(), Delete->getBeginLoc(), false, true);
  if (const auto *Construct = dyn_cast<CXXConstructExpr>(S)) {
    if (!Construct->getConstructor()->isMoveConstructor() || Construct->getNumArgs() < 1)
      return std::nullopt;
    const Expr *Source = movedFrom(Construct->getArg(0), Names);
    return Source ? Of(Source, Construct->getArg(0)->getExprLoc(), true, false) : std::nullopt;
  }
  const auto *Call = dyn_cast<CallExpr>(S);
  if (!Call || !Call->getDirectCallee())
    return std::nullopt;
  CallSite Site = CallSite::of(Call);
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call)) {
    const Expr *Source = Operator->getOperator() == OO_Equal ? movedFrom(Operator->getArg(1), Names) : nullptr;
    return Source ? Of(Source, Operator->getArg(1)->getExprLoc(), true, false) : std::nullopt;
  }
  if (const FunctionEntry *Entry = Names.function(Site.Callee); Entry && Entry->Effect == FunctionEffect::Destroy && !Site.Arguments.empty())
    return Of(Site.Arguments.front(), Call->getExprLoc(), false, false);
  if (!Site.Object)
    return std::nullopt;
  if (isa<CXXDestructorDecl>(Site.Callee))
    return Of(Site.Object, Call->getExprLoc(), false, isa<MemberExpr>(Call->getCallee()->IgnoreParens()) &&
                                                          cast<MemberExpr>(Call->getCallee()->IgnoreParens())->isArrow());
  // The sole owner destroys the object.
  const auto *Method = dyn_cast<CXXMethodDecl>(Site.Callee);
  const TypeEntry *Type = Method ? Names.type(Method->getParent()) : nullptr;
  if (Method && Names.isPointer(Method->getParent()) && Type && !Type->Shares && !Type->Borrows && Method->getDeclName().isIdentifier() &&
      Method->getName() == "reset")
    return Of(Site.Object, Call->getExprLoc(), false, true);
  return std::nullopt;
}

} // namespace ward
