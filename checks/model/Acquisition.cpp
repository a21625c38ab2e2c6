// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "model/Acquisition.h"

#include "model/LockEffects.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace ward {
namespace {

/// How deep calls of factories and wrappers are followed.
constexpr unsigned MaxArgumentDepth = 4;

/// Collects the values that \p S returns, without those of nested lambdas.
void collectReturns(const Stmt *S, llvm::SmallVectorImpl<const Expr *> &Out) {
  if (!S || isa<LambdaExpr>(S))
    return;
  if (const auto *Return = dyn_cast<ReturnStmt>(S)) {
    if (Return->getRetValue())
      Out.push_back(Return->getRetValue());
    return;
  }
  for (const Stmt *Child : S->children())
    collectReturns(Child, Out);
}

class AcquisitionReader {
public:
  explicit AcquisitionReader(LockTypes &Types) : Types(Types) {}

  Acquisition read(const Expr *Init, QualType Type, unsigned Depth) {
    const GuardType *Guard = Types.guard(Type.getNonReferenceType());
    if (!Init)
      return unassociated(Guard);
    Init = stripped(Init);
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(Init))
      return readConstruct(Construct, Guard, Depth);
    if (const auto *Call = dyn_cast<CallExpr>(Init))
      return readCall(Call, Type, Depth);
    if (const auto *List = dyn_cast<InitListExpr>(Init))
      return readArguments({List->getInits(), List->getNumInits()}, Guard, Depth);
    if (const auto *List = dyn_cast<ParenListExpr>(Init)) // a template pattern
      return readArguments({const_cast<ParenListExpr *>(List)->getExprs(), List->getNumExprs()}, Guard, Depth);
    if (const auto *List = dyn_cast<CXXParenListInitExpr>(Init)) {
      ArrayRef<Expr *> Inits = const_cast<CXXParenListInitExpr *>(List)->getInitExprs();
      return readArguments({Inits.data(), Inits.size()}, Guard, Depth);
    }
    if (const auto *Unresolved = dyn_cast<CXXUnresolvedConstructExpr>(Init)) {
      llvm::SmallVector<const Expr *, 2> Arguments(Unresolved->arg_begin(), Unresolved->arg_end());
      return readArguments(Arguments, Guard, Depth);
    }
    if (const auto *Conditional = dyn_cast<ConditionalOperator>(Init))
      return merge(read(Conditional->getTrueExpr(), Type, Depth), read(Conditional->getFalseExpr(), Type, Depth));
    if (const auto *New = dyn_cast<CXXNewExpr>(Init); New && New->getInitializer())
      return read(New->getInitializer(), New->getAllocatedType(), Depth);
    if (isa<DeclRefExpr, MemberExpr>(Init))
      return {Acquisition::Transfers, ofGuardVariable(Init, Depth)};
    return {};
  }

  Acquisition read(ArrayRef<const Expr *> Arguments, QualType Type) { return readArguments(Arguments, Types.guard(Type), MaxArgumentDepth); }

private:
  static Acquisition unassociated(const GuardType *Guard) {
    Acquisition Result;
    if (Guard && Guard->Entry && (Guard->Form == GuardType::Catalogued || Guard->Form == GuardType::Carrier))
      Result.Kind = Acquisition::Unassociated;
    return Result;
  }

  /// \p Locked has the mutex of \p Ref, and in shared mode only.
  static bool isShared(const LockRef &Ref, ArrayRef<LockRef> Locked) {
    bool Found = false;
    for (const LockRef &Other : Locked)
      if (Ref.Mutex && Other.Mutex == Ref.Mutex) {
        if (Other.Mode != LockMode::Shared)
          return false;
        Found = true;
      }
    return Found;
  }

  /// Alternative initialisers of one guard: it may hold the locks of each.
  static Acquisition merge(Acquisition A, const Acquisition &B) {
    if (A.Kind != B.Kind)
      A.Kind = A.mayHold() || B.mayHold() ? Acquisition::Tries : A.Kind;
    for (const LockRef &Ref : B.Locked)
      if (llvm::none_of(A.Locked, [&](const LockRef &Other) { return Other.Mutex == Ref.Mutex; }))
        A.Locked.push_back(Ref);
    return A;
  }

  Acquisition readConstruct(const CXXConstructExpr *Construct, const GuardType *Guard, unsigned Depth) {
    ArrayRef<const Expr *> Arguments(Construct->getArgs(), Construct->getNumArgs());
    while (!Arguments.empty() && isa<CXXDefaultArgExpr>(Arguments.back()))
      Arguments = Arguments.drop_back();
    const CXXConstructorDecl *Constructor = Construct->getConstructor();
    if (Constructor->isCopyOrMoveConstructor() && Arguments.size() == 1)
      return read(Arguments[0], Construct->getType(), Depth);
    Acquisition Direct = readArguments(Arguments, Guard, Depth);
    // A class of the user's may adopt the lock of its argument, defer locking it, or lock it in shared mode.
    bool IsOfUser = Guard && Guard->Form != GuardType::Catalogued && Guard->Form != GuardType::Carrier;
    if (IsOfUser && !Direct.Locked.empty() && Direct.Kind == Acquisition::Locks && Depth > 0) {
      std::optional<Acquisition> Inner = readConstructor(Construct, *Guard, Depth - 1);
      if (Inner && Guard->Form != GuardType::Raii &&
          (Inner->Kind == Acquisition::Adopts || Inner->Kind == Acquisition::Defers))
        Direct.Kind = Inner->Kind;
      bool SaysShared = annotatedEffect(Constructor) == FunctionEffect::SharedLock;
      for (LockRef &Ref : Direct.Locked)
        if (SaysShared || (Inner && isShared(Ref, Inner->Locked)))
          Ref.Mode = LockMode::Shared;
    }
    if (!Direct.Locked.empty() || !Guard || Guard->Form == GuardType::Catalogued || Guard->Form == GuardType::Carrier)
      return Direct;
    // A class of the user's whose arguments are not mutexes: read which locks its constructor acquires.
    if (Depth > 0)
      if (std::optional<Acquisition> Inner = readConstructor(Construct, *Guard, Depth - 1))
        return *Inner;
    const FunctionDecl *Visible = visibleDefinition(Constructor);
    if (Arguments.empty() && !Guard->ByShape &&
        (Constructor->isDefaulted() || (Visible && !bodyEffects(Visible->getBody(), /*Depth=*/2, Types).Locks)))
      Direct.Kind = Acquisition::Unassociated;
    return Direct;
  }

  Acquisition readArguments(ArrayRef<const Expr *> Arguments, const GuardType *Guard, unsigned Depth) {
    Acquisition Result;
    const GuardEntry *Entry = Guard ? Guard->Entry : nullptr;
    LockMode Mode = Entry ? Entry->Mode : LockMode::Exclusive;
    if (Arguments.empty())
      return unassociated(Guard);
    if (Arguments.size() == 1) {
      const Expr *Only = stripped(Arguments[0]);
      if (isa<CallExpr, CXXConstructExpr>(Only) && Types.guard(Only->getType()))
        return read(Only, Only->getType(), Depth);
      if (const auto *New = dyn_cast<CXXNewExpr>(Only); New && Types.guard(New->getAllocatedType()))
        return read(New, New->getAllocatedType(), Depth);
    }
    if (Entry && Entry->WriterFlag && llvm::any_of(Arguments, [](const Expr *Argument) {
          const auto *Flag = dyn_cast<CXXBoolLiteralExpr>(stripped(Argument));
          return Flag && !Flag->getValue();
        }))
      Mode = LockMode::Shared;
    for (const Expr *Argument : Arguments) {
      QualType Type = Argument->getType();
      const TagDecl *Class = classOf(Type);
      if (Entry && Class) {
        std::string Name = qualifiedName(*Class);
        if (llvm::is_contained(Entry->AdoptTags, Name))
          Result.Kind = Acquisition::Adopts;
        else if (llvm::is_contained(Entry->DeferTags, Name))
          Result.Kind = Acquisition::Defers;
        else if (llvm::is_contained(Entry->TryTags, Name))
          Result.Kind = Acquisition::Tries;
      }
      if (Types.guard(Type.getNonReferenceType())) {
        const Expr *Source = stripped(Argument);
        Acquisition Inner = read(Source, Type, Depth);
        Result.Kind = isa<DeclRefExpr, MemberExpr>(Source) ? Acquisition::Transfers : Inner.Kind;
        Result.Locked.append(Inner.Locked);
      } else if (Types.mutex(Type)) {
        Result.Locked.push_back(lockAt(pathOf(Argument, Types.names()), Mode, Types, Argument->getType()));
      } else if (Guard && Guard->Form == GuardType::Catalogued && Type->isDependentType()) {
        if (std::optional<AccessPath> Path = pathOf(Argument, Types.names()))
          Result.Locked.push_back(lockAt(std::move(Path), Mode, Types));
      }
    }
    if ((Entry && Entry->Inverse) || (Guard && Guard->Inverse))
      Result.Kind = Acquisition::Inverts;
    return Result;
  }

  /// The locks of a callee's guard, as the caller names them.
  Acquisition atCaller(Acquisition Inner, const CallSite &Call) {
    for (LockRef &Ref : Inner.Locked)
      Ref = lockAt(Ref.Mutex ? atCall(*Ref.Mutex, Call, Types.names()) : std::nullopt, Ref.Mode, Types);
    return Inner;
  }

  std::optional<Acquisition> readConstructor(const CXXConstructExpr *Construct, const GuardType &Guard, unsigned Depth) {
    const auto *Definition = cast_or_null<CXXConstructorDecl>(visibleDefinition(Construct->getConstructor()));
    if (!Definition)
      return std::nullopt;
    CallSite Call = CallSite::of(Construct);
    for (const CXXCtorInitializer *Init : Definition->inits()) {
      bool IsGuard = Guard.Field ? Init->getAnyMember() == Guard.Field
                                 : Init->isBaseInitializer() && Types.guard(QualType(Init->getBaseClass(), 0));
      if (IsGuard)
        return atCaller(read(Init->getInit(), Init->getInit()->getType(), Depth), Call);
    }
    Acquisition Result;
    collectLocks(Definition->getBody(), Result);
    if (Result.Locked.empty())
      return std::nullopt;
    // A field that was initialised from a parameter is an alias of that parameter.
    for (LockRef &Ref : Result.Locked)
      for (const CXXCtorInitializer *Init : Definition->inits())
        if (Ref.Mutex && !Ref.Mutex->root() && !Ref.Mutex->steps().empty() && Init->isMemberInitializer() &&
            Ref.Mutex->steps().front() == AccessPath::Step::field(Init->getMember()))
          if (std::optional<AccessPath> Source = pathOf(Init->getInit(), Types.names())) {
            Source->append(Ref.Mutex->steps().drop_front());
            Ref.Mutex = Source;
            break;
          }
    if (Guard.Inverse)
      Result.Kind = Acquisition::Inverts;
    return atCaller(std::move(Result), Call);
  }

  /// Collects the locks that the body of a constructor acquires.
  void collectLocks(const Stmt *S, Acquisition &Out) {
    if (!S)
      return;
    if (const auto *Call = dyn_cast<CallExpr>(S))
      if (std::optional<LockEffect> Effect = Types.effectOf(Call))
        for (const Expr *Object : Effect->Objects) {
          bool Shared = Effect->Effect == FunctionEffect::SharedLock || Effect->Effect == FunctionEffect::SharedTryLock;
          if (Effect->Effect == FunctionEffect::TryLock || Effect->Effect == FunctionEffect::SharedTryLock)
            Out.Kind = Acquisition::Tries;
          if (std::optional<AccessPath> Path = pathOf(Object, Types.names()))
            Out.Locked.push_back({std::move(Path), std::nullopt, Shared ? LockMode::Shared : LockMode::Exclusive});
        }
    if (const auto *Call = dyn_cast<CallExpr>(S))
      if (const FunctionDecl *Operation = lockingFunction(Call, Types)) {
        Acquisition Inner;
        collectLocks(Operation->getBody(), Inner);
        Acquisition Here = atCaller(std::move(Inner), CallSite::of(Call));
        Out.Locked.append(Here.Locked);
      }
    for (const Stmt *Child : S->children())
      collectLocks(Child, Out);
  }

  Acquisition readCall(const CallExpr *Call, QualType Type, unsigned Depth) {
    CallSite Site = CallSite::of(Call);
    const FunctionEntry *Entry = Site.Callee ? Types.names().function(Site.Callee) : nullptr;
    if (Entry && Entry->Effect == FunctionEffect::Forward && !Site.Arguments.empty())
      return read(Site.Arguments[0], Type, Depth);
    if (Entry && (Entry->Effect == FunctionEffect::Guards || Entry->Effect == FunctionEffect::TryGuards))
      return readSeveral(Site.Arguments, Entry->Effect == FunctionEffect::TryGuards);
    if (const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Site.Callee); Method && Site.Object) {
      if (std::optional<Acquisition> Own = readFactory(*Method, Site.Object))
        return *Own;
      // take().value(), *tryLock(), guard.map(...): still the guard of the object of the call.
      if (Types.guard(Site.Object->getType().getNonReferenceType()))
        return read(Site.Object, Site.Object->getType().getNonReferenceType(), Depth);
    }
    // A library's factory (make_unique, make_pair) forwards its arguments, and its body is not analysed.
    if (Depth > 0 && Site.Callee && !isLibraryCode(Site.Callee))
      if (const FunctionDecl *Definition = visibleDefinition(Site.Callee)) {
        llvm::SmallVector<const Expr *, 4> Returns;
        collectReturns(Definition->getBody(), Returns);
        std::optional<Acquisition> Result;
        for (const Expr *Returned : Returns) {
          Acquisition One = atCaller(read(Returned, Returned->getType(), Depth - 1), Site);
          Result = Result ? merge(std::move(*Result), One) : std::move(One);
        }
        if (Result) {
          if (Result->Kind == Acquisition::Transfers)
            Result->Kind = Acquisition::Locks; // a local guard of the factory, moved out
          return orNothing(std::move(*Result), Site.Callee, Type);
        }
      }
    return orNothing(readOpaqueFactory(Site, Type, Depth), Site.Callee, Type);
  }

  /// A function of the user's that returns an optional guard, or whose name begins with "try", may return without the lock.
  Acquisition orNothing(Acquisition Result, const FunctionDecl *Callee, QualType Type) {
    if (Result.Kind != Acquisition::Locks || !Callee || isLibraryCode(Callee))
      return Result;
    const GuardType *Guard = Types.guard(Type.getNonReferenceType());
    const auto *Carrier = Guard && Guard->Form == GuardType::Carrier ? Type.getNonReferenceType()->getAsCXXRecordDecl() : nullptr;
    bool MayBeEmpty = Carrier && Carrier->hasDefinition() &&
                      llvm::any_of(Carrier->getVisibleConversionFunctions(), [](const NamedDecl *Conversion) {
                        const auto *Function = dyn_cast<CXXConversionDecl>(Conversion->getUnderlyingDecl());
                        return Function && Function->getConversionType()->isBooleanType();
                      });
    if (MayBeEmpty || (!visibleDefinition(Callee) && llvm::StringRef(Callee->getNameAsString()).starts_with_insensitive("try")))
      Result.Kind = Acquisition::Tries;
    return Result;
  }

  /// `lock_all(a, read(b))`: guards of several locks.
  Acquisition readSeveral(ArrayRef<const Expr *> Arguments, bool Tries) {
    Acquisition Result;
    Result.Kind = Tries ? Acquisition::Tries : Acquisition::Locks;
    for (const Expr *Argument : Arguments) {
      LockMode Mode = LockMode::Exclusive;
      const auto *Call = dyn_cast<CallExpr>(stripped(Argument));
      const FunctionEntry *Names = Call && Call->getDirectCallee() ? Types.names().function(Call->getDirectCallee()) : nullptr;
      if (Names && Call->getNumArgs() == 1 && (Names->Effect == FunctionEffect::InSharedMode || Names->Effect == FunctionEffect::InExclusiveMode)) {
        Mode = Names->Effect == FunctionEffect::InSharedMode ? LockMode::Shared : LockMode::Exclusive;
        Argument = Call->getArg(0);
      }
      if (Types.mutex(Argument->getType()))
        Result.Locked.push_back(lockAt(pathOf(Argument, Types.names()), Mode, Types, Argument->getType()));
    }
    return Result;
  }

  /// `m.lock()` of a data-owning mutex.
  std::optional<Acquisition> readFactory(const CXXMethodDecl &Method, const Expr *Object) {
    const MutexType *Mutex = Types.mutex(Object->getType());
    if (!Mutex || !Mutex->Entry)
      return std::nullopt;
    for (const GuardFactory &Factory : Mutex->Entry->Guards)
      if (Factory.Member == Method.getNameAsString())
        return Acquisition{Factory.Try ? Acquisition::Tries : Acquisition::Locks,
                           {lockAt(pathOf(Object, Types.names()), Factory.Mode, Types, Object->getType())}};
    return std::nullopt;
  }

  /// A guard from a function without a visible body: it acquires the locks among the arguments, or an unknown one of the object.
  Acquisition readOpaqueFactory(const CallSite &Site, QualType Type, unsigned Depth) {
    Acquisition Result = readArguments(Site.Arguments, Types.guard(Type.getNonReferenceType()), Depth);
    if (!Result.Locked.empty())
      return Result;
    Result.Kind = Acquisition::Locks;
    LockRef Ref;
    if (Site.Object)
      Ref.Owner = pathOf(Site.Object, Types.names());
    Result.Locked.push_back(std::move(Ref));
    return Result;
  }

  /// The locks of an existing guard.
  llvm::SmallVector<LockRef, 1> ofGuardVariable(const Expr *E, unsigned Depth) {
    const auto *Ref = dyn_cast<DeclRefExpr>(E);
    const auto *Variable = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
    if (!Variable || isa<ParmVarDecl>(Variable) || !Variable->getInit() || Depth == 0)
      return {};
    return read(Variable->getInit(), Variable->getType(), Depth - 1).Locked;
  }

  LockTypes &Types;
};

} // namespace

Acquisition readAcquisition(const Expr *Init, QualType Type, LockTypes &Types) {
  return AcquisitionReader(Types).read(Init, Type, MaxArgumentDepth);
}

Acquisition readAcquisition(ArrayRef<const Expr *> Arguments, QualType Type, LockTypes &Types) {
  return AcquisitionReader(Types).read(Arguments, Type);
}

const VarDecl *guardContainer(const CallExpr *Call, QualType &Guard, LockTypes &Types) {
  const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
  const CXXMethodDecl *Method = Member && Call->getNumArgs() > 0 ? Member->getMethodDecl() : nullptr;
  if (!Method || Method->isConst())
    return nullptr;
  const auto *Ref = dyn_cast<DeclRefExpr>(stripped(Member->getImplicitObjectArgument()));
  const auto *Variable = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
  if (!Variable || !Variable->isLocalVarDecl() || Variable->isStaticLocal() || Variable->getType()->isDependentType())
    return nullptr;
  const auto *Class = dyn_cast_or_null<ClassTemplateSpecializationDecl>(Variable->getType()->getAsCXXRecordDecl());
  if (!Class || !Types.names().isValue(Class) || Class->getTemplateArgs().size() == 0 ||
      Class->getTemplateArgs()[0].getKind() != TemplateArgument::Type || Types.guard(Variable->getType()))
    return nullptr;
  Guard = Class->getTemplateArgs()[0].getAsType();
  auto MakesGuard = [&](const Expr *Argument) {
    return Types.mutex(Argument->getType()) || Types.guard(Argument->getType().getNonReferenceType());
  };
  return Types.guard(Guard) && llvm::any_of(Call->arguments(), MakesGuard) ? Variable : nullptr;
}

} // namespace ward
