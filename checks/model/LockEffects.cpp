// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "model/LockEffects.h"

#include "compat/Compat.h"
#include "model/UnitModel.h"

#include "clang/AST/Attr.h"
#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"

#include <array>

using namespace clang;

namespace ward {
namespace {

std::optional<FunctionEffect> cataloguedEffect(const MutexEntry &Entry, llvm::StringRef Name) {
  if (llvm::is_contained(Entry.Lock, Name))
    return FunctionEffect::Lock;
  if (llvm::is_contained(Entry.TryLock, Name))
    return FunctionEffect::TryLock;
  if (llvm::is_contained(Entry.Unlock, Name) || llvm::is_contained(Entry.SharedUnlock, Name))
    return FunctionEffect::Unlock;
  if (llvm::is_contained(Entry.SharedLock, Name))
    return FunctionEffect::SharedLock;
  if (llvm::is_contained(Entry.SharedTryLock, Name))
    return FunctionEffect::SharedTryLock;
  return std::nullopt;
}

/// Finds the locks of `this` that a body acquires and releases, also in the member functions that it calls on `this`.
class EffectFinder {
public:
  explicit EffectFinder(LockTypes &Types) : Types(Types) {}

  void visit(const Stmt *S, unsigned Depth) {
    if (!S)
      return;
    if (const auto *Call = dyn_cast<CallExpr>(S))
      visitCall(Call, Depth);
    for (const Stmt *Child : S->children())
      visit(Child, Depth);
  }

  BodyEffects Found;

private:
  void visitCall(const CallExpr *Call, unsigned Depth) {
    if (std::optional<LockEffect> Effect = Types.effectOf(Call)) {
      bool OnThis = false;
      for (const Expr *Object : Effect->Objects)
        if (std::optional<AccessPath> Path = pathOf(Object, Types.names())) {
          OnThis |= Path->isThis();
          if (!Path->isThis())
            add(Effect->Effect);
        }
      if (!OnThis)
        return; // for `unlock()` of the same object, its body shows which lock
    }
    if (const FunctionDecl *Operation = Depth > 0 ? lockFunction(Call, Types) : nullptr)
      visit(Operation->getBody(), 0);
    const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
    if (Member && Member->getMethodDecl())
      visitReferencedGuard(stripped(Member->getImplicitObjectArgument()), Member->getMethodDecl());
    if (Depth == 0 || !Member || !isa<CXXThisExpr>(stripped(Member->getImplicitObjectArgument())))
      return;
    if (const FunctionDecl *Definition = visibleDefinition(Member->getMethodDecl()))
      visit(Definition->getBody(), Depth - 1);
  }

  /// `guard_.unlock()` of a guard that the object refers to.
  void visitReferencedGuard(const Expr *Object, const CXXMethodDecl *Method) {
    const auto *Field = dyn_cast<MemberExpr>(Object);
    if (!Field || !isa<CXXThisExpr>(stripped(Field->getBase())))
      return;
    QualType Type = Field->getMemberDecl()->getType();
    const GuardType *Guard = Type->isReferenceType() || Type->isPointerType() ? Types.guard(Type->getPointeeType()) : nullptr;
    std::optional<FunctionEffect> Effect = Guard ? Types.guardEffect(*Guard, Method) : std::nullopt;
    if (Effect)
      add(*Effect);
  }

  void add(FunctionEffect Effect) {
    Found.Locks |= acquires(Effect);
    Found.LocksExclusively |= Effect == FunctionEffect::Lock || Effect == FunctionEffect::TryLock;
    Found.Unlocks |= Effect == FunctionEffect::Unlock;
  }

  LockTypes &Types;
};

/// A return statement in \p S has another value than the literal true.
bool mayReturnFalse(const Stmt *S) {
  if (!S || isa<LambdaExpr>(S))
    return false;
  if (const auto *Return = dyn_cast<ReturnStmt>(S)) {
    const auto *Value = Return->getRetValue() ? dyn_cast<CXXBoolLiteralExpr>(stripped(Return->getRetValue())) : nullptr;
    return !Value || !Value->getValue();
  }
  return llvm::any_of(S->children(), mayReturnFalse);
}

} // namespace

bool identifiesThread(const Stmt *S, CatalogIndex &Names) {
  if (!S)
    return false;
  const auto *Call = dyn_cast<CallExpr>(S);
  return (Call && Call->getDirectCallee() && Names.isThreadId(Call->getDirectCallee())) ||
         llvm::any_of(S->children(), [&](const Stmt *Child) { return identifiesThread(Child, Names); });
}

bool namesOwnThread(const Stmt *S, CatalogIndex &Names, unsigned Depth) {
  if (!S)
    return false;
  if (identifiesThread(S, Names))
    return true;
  if (const auto *Ref = dyn_cast<DeclRefExpr>(S))
    if (const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl()))
      return Variable->getTSCSpec() != TSCS_unspecified ||
             (Variable->isLocalVarDecl() && Depth && namesOwnThread(Variable->getInit(), Names, Depth - 1));
  if (const auto *Call = dyn_cast<CallExpr>(S); Call && Depth && namesOwnThread(onlyReturn(Call->getDirectCallee()), Names, Depth - 1))
    return true;
  return llvm::any_of(S->children(), [&](const Stmt *Child) { return namesOwnThread(Child, Names, Depth); });
}

/// \p S uses `this`.
static bool namesThis(const Stmt *S) { return S && (isa<CXXThisExpr>(S) || llvm::any_of(S->children(), namesThis)); }

bool isInsideOwnLock(const FunctionModel &Function, const Stmt *S, const CXXRecordDecl *Class, UnitModel &Unit) {
  LockTypes &Types = Unit.types();
  if (!Types.mutex(typeOf(Unit.context(), Class)))
    return false;
  const auto *Method = dyn_cast<CXXMethodDecl>(Function.Function);
  if (std::optional<FunctionEffect> Effect = Method ? Types.effectOf(Method) : std::nullopt; Effect == FunctionEffect::Unlock)
    return llvm::none_of(Function.Calls, [&](const CallExpr *Call) {
      std::optional<LockEffect> Inner = Types.effectOf(Call);
      return Inner && Inner->Effect == FunctionEffect::Unlock &&
             Unit.context().getSourceManager().isBeforeInTranslationUnit(Call->getEndLoc(), S->getBeginLoc());
    });
  auto IsOwner = [&](const Expr *Condition) {
    if (identifiesThread(Condition, Types.names()))
      return true;
    // `auto me = get_id(); if (owner_ == me)`, also with an identification that the catalog does not know.
    bool Found = false;
    auto Look = [&](const Stmt *Part, auto &&Self) -> void {
      if (const auto *Ref = dyn_cast_or_null<DeclRefExpr>(Part))
        if (const auto *Local = dyn_cast<VarDecl>(Ref->getDecl()); Local && Local->isLocalVarDecl() && Local->getInit())
          Found |= identifiesThread(Local->getInit(), Types.names()) ||
                   (isa<CallExpr>(stripped(Local->getInit())) && !namesThis(Local->getInit()));
      if (Part)
        for (const Stmt *Child : Part->children())
          Self(Child, Self);
    };
    if (namesThis(Condition))
      Look(Condition, Look);
    return Found;
  };
  return llvm::any_of(Function.Branches, [&](const Stmt *Branch) {
    const auto *If = dyn_cast<IfStmt>(Branch);
    auto Contains = [&](const Stmt *Arm) { return Arm && Arm->getSourceRange().fullyContains(S->getSourceRange()); };
    return If && (Contains(If->getThen()) || Contains(If->getElse())) && IsOwner(If->getCond());
  });
}

bool asksForOwner(const CallExpr *Call, LockTypes &Types) {
  const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
  const CXXMethodDecl *Method = Member ? Member->getMethodDecl() : nullptr;
  if (!Method || !Method->getReturnType()->isBooleanType() || Call->getNumArgs() > 0 || !Method->getDeclName().isIdentifier() ||
      !Types.mutex(Member->getImplicitObjectArgument()->getType()) || isLibraryCode(Method))
    return false;
  if (const FunctionDecl *Definition = visibleDefinition(Method))
    return identifiesThread(Definition->getBody(), Types.names());
  llvm::StringRef Name = Method->getName();
  return llvm::any_of(std::array{"held", "owned", "mine", "owns", "locked_by", "lockedby", "isheld"},
                      [&](const char *Word) { return Name.contains_insensitive(Word); });
}

std::optional<FunctionEffect> conventionalEffect(llvm::StringRef Name) {
  using enum FunctionEffect;
  static const llvm::StringMap<FunctionEffect> Known = {
      {"lock", Lock},
      {"lockexclusive", Lock},
      {"writelock", Lock},
      {"writerlock", Lock},
      {"lockwrite", Lock},
      {"lockforwrite", Lock},
      {"wrlock", Lock},
      {"trylock", TryLock},
      {"trylockexclusive", TryLock},
      {"trywritelock", TryLock},
      {"writertrylock", TryLock},
      {"lockshared", SharedLock},
      {"readlock", SharedLock},
      {"readerlock", SharedLock},
      {"lockread", SharedLock},
      {"lockforread", SharedLock},
      {"rdlock", SharedLock},
      {"trylockshared", SharedTryLock},
      {"tryreadlock", SharedTryLock},
      {"readertrylock", SharedTryLock},
      {"unlock", Unlock},
      {"unlockshared", Unlock},
      {"unlockexclusive", Unlock},
      {"readunlock", Unlock},
      {"writeunlock", Unlock},
      {"readerunlock", Unlock},
      {"writerunlock", Unlock},
      {"unlockread", Unlock},
      {"unlockwrite", Unlock},
  };
  if (!Name.contains_insensitive("lock"))
    return std::nullopt;
  std::string Plain;
  for (char C : Name)
    if (C != '_')
      Plain += llvm::toLower(C);
  auto It = Known.find(Plain);
  return It == Known.end() ? std::nullopt : std::optional(It->second);
}

std::optional<FunctionEffect> annotatedEffect(const FunctionDecl *Function) {
  if (const auto *Attr = Function->getAttr<AcquireCapabilityAttr>())
    return Attr->isShared() ? FunctionEffect::SharedLock : FunctionEffect::Lock;
  if (const auto *Attr = Function->getAttr<TryAcquireCapabilityAttr>())
    return Attr->isShared() ? FunctionEffect::SharedTryLock : FunctionEffect::TryLock;
  if (Function->hasAttr<ReleaseCapabilityAttr>())
    return FunctionEffect::Unlock;
  return std::nullopt;
}

std::optional<FunctionEffect> possibleEffect(const CXXMethodDecl *Method) {
  if (!Method->getDeclName().isIdentifier() || Method->isStatic() || Method->getNumParams() > 0)
    return std::nullopt;
  std::string Name = Method->getName().lower();
  bool ReturnsNothing = Method->getReturnType()->isVoidType();
  if (ReturnsNothing && (Name == "acquire" || Name == "enter"))
    return FunctionEffect::Lock;
  if (ReturnsNothing && (Name == "release" || Name == "leave"))
    return FunctionEffect::Unlock;
  if (Method->getReturnType()->isBooleanType() &&
      (Name == "tryacquire" || Name == "try_acquire" || Name == "tryenter" || Name == "try_enter"))
    return FunctionEffect::TryLock;
  return std::nullopt;
}

BodyEffects bodyEffects(const Stmt *Body, unsigned Depth, LockTypes &Types) {
  EffectFinder Finder(Types);
  Finder.visit(Body, Depth);
  return Finder.Found;
}

std::optional<FunctionEffect> LockTypes::effectOf(const CXXMethodDecl *Method) {
  Method = cast<CXXMethodDecl>(Method->getCanonicalDecl());
  auto [It, New] = Methods.try_emplace(Method);
  if (New) {
    std::optional<FunctionEffect> Result = classifyMethod(Method);
    It->second = Result;
  }
  return It->second;
}

std::optional<FunctionEffect> LockTypes::classifyMethod(const CXXMethodDecl *Method) {
  if (Method->isStatic() || !Method->getDeclName().isIdentifier())
    return std::nullopt;
  llvm::StringRef Name = Method->getName();
  const CXXRecordDecl *Class = Method->getParent();
  for (const CXXRecordDecl *Record = Class; Record;) {
    if (const MutexEntry *Entry = Names.mutex(Record))
      return cataloguedEffect(*Entry, Name);
    Record = Record->hasDefinition() && Record->getNumBases() == 1 ? Record->bases_begin()->getType()->getAsCXXRecordDecl()
                                                                  : nullptr;
  }
  if (isLibraryCode(Class))
    return std::nullopt;
  if (std::optional<FunctionEffect> Effect = annotatedEffect(Method))
    return Effect;
  // A member function that begins or ends a critical section of the object's own mutex, and not both.
  bool HasMutex = llvm::any_of(Class->fields(), [&](const FieldDecl *Field) { return mutex(Field->getType()); });
  if (const FunctionDecl *Definition = HasMutex ? visibleDefinition(Method) : nullptr) {
    BodyEffects Effects = bodyEffects(Definition->getBody(), /*Depth=*/1, *this);
    if (Effects.Locks != Effects.Unlocks) {
      bool Tries = Method->getReturnType()->isBooleanType() && mayReturnFalse(Definition->getBody());
      if (Effects.Unlocks)
        return FunctionEffect::Unlock;
      if (Effects.LocksExclusively)
        return Tries ? FunctionEffect::TryLock : FunctionEffect::Lock;
      return Tries ? FunctionEffect::SharedTryLock : FunctionEffect::SharedLock;
    }
  }
  return std::nullopt;
}

ReleasedMode LockTypes::releasedMode(const CallExpr *Call) {
  const FunctionDecl *Callee = Call->getDirectCallee();
  if (const FunctionEntry *Entry = Callee ? Names.function(Callee) : nullptr)
    return Entry->Releases;
  const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Callee);
  const MutexEntry *Entry = Method && Method->getDeclName().isIdentifier() ? Names.mutex(Method->getParent()) : nullptr;
  if (!Entry || Entry->SharedUnlock.empty())
    return ReleasedMode::Any;
  bool OfReaders = llvm::is_contained(Entry->SharedUnlock, Method->getName()), OfWriter = llvm::is_contained(Entry->Unlock, Method->getName());
  return OfReaders == OfWriter ? ReleasedMode::Any : OfReaders ? ReleasedMode::Shared : ReleasedMode::Exclusive;
}

std::optional<LockEffect> LockTypes::effectOf(const CallExpr *Call) {
  if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call)) {
    const CXXMethodDecl *Method = Member->getMethodDecl();
    if (!Method)
      return std::nullopt;
    std::optional<FunctionEffect> Effect = effectOf(Method);
    const Expr *Object = Member->getImplicitObjectArgument();
    if (const MutexType *Mutex = Effect || Call->getNumArgs() > 0 ? nullptr : mutex(Object->getType());
        Mutex && !Mutex->OwnsData && Method->getDeclName().isIdentifier())
      Effect = Mutex->IsGuess ? possibleEffect(Method) : conventionalEffect(Method->getName());
    if (Effect)
      return LockEffect{*Effect, {Object}};
    return std::nullopt;
  }
  if (const FunctionDecl *Callee = Call->getDirectCallee()) {
    const FunctionEntry *Entry = Names.function(Callee);
    std::optional<FunctionEffect> How = Entry ? std::optional(Entry->Effect) : opaqueEffect(Callee);
    if (!How || !isLockEffect(*How))
      return std::nullopt;
    LockEffect Result{*How, {}};
    Result.Objects.append(Call->arg_begin(), Call->arg_end());
    return Result;
  }
  // In a template pattern the callee is unknown, except for its name.
  if (const auto *Member = dyn_cast<CXXDependentScopeMemberExpr>(Call->getCallee()->IgnoreParens());
      Member && Call->getNumArgs() == 0 && Member->getMember().isIdentifier() && !Member->isImplicitAccess())
    if (std::optional<FunctionEffect> Effect = conventionalEffect(Member->getMember().getAsIdentifierInfo()->getName()))
      return LockEffect{*Effect, {Member->getBase()}};
  return std::nullopt;
}

std::optional<FunctionEffect> LockTypes::guardEffect(const GuardType &Guard, const CXXMethodDecl *Method) {
  std::string Name = Method->getNameAsString();
  if (const GuardEntry *Entry = Names.guard(Method->getParent())) {
    if (llvm::is_contained(Entry->Lock, Name))
      return FunctionEffect::Lock;
    if (llvm::is_contained(Entry->TryLock, Name))
      return FunctionEffect::TryLock;
    if (llvm::is_contained(Entry->Unlock, Name))
      return FunctionEffect::Unlock;
    if (llvm::is_contained(Entry->Release, Name))
      return FunctionEffect::Drop;
    return std::nullopt;
  }
  if (std::optional<FunctionEffect> Effect = annotatedEffect(Method))
    return Effect;
  if (std::optional<FunctionEffect> Effect = conventionalEffect(Name))
    return Effect;
  if (Guard.Form == GuardType::Carrier && Name == "emplace") // constructs the guard inside
    return FunctionEffect::Lock;
  if (Name == "release" || Name == "Release" || Name == "reset" || Name == "drop" || Name == "take")
    return FunctionEffect::Drop;
  if (Guard.Form == GuardType::Owning || Guard.Form == GuardType::Raii)
    return effectOf(Method);
  return std::nullopt;
}

bool LockTypes::isStatusQuery(const GuardType &Guard, const CXXMethodDecl *Method) {
  if (Method->getReturnType()->isAnyPointerType())
    return false; // a pointer to the mutex can be used to acquire it
  if (const GuardEntry *Entry = Names.guard(Method->getParent()))
    return llvm::is_contained(Entry->Status, Method->getNameAsString());
  if (Guard.Form == GuardType::Carrier && (isa<CXXConversionDecl>(Method) || Method->getNameAsString() == "has_value"))
    return true;
  const Expr *Result = onlyReturn(Method);
  if (!isa<CXXConversionDecl>(Method) && !Method->getReturnType()->isBooleanType())
    return false;
  if (!Result)
    return isa<CXXConversionDecl>(Method); // a conversion to bool is assumed to tell whether the guard holds the lock
  return queriesOwnLock(Result);
}

bool LockTypes::queriesOwnLock(const Expr *E) {
  E = stripped(E);
  if (const auto *Unary = dyn_cast<UnaryOperator>(E); Unary && Unary->getOpcode() == UO_LNot)
    return queriesOwnLock(Unary->getSubExpr());
  if (const auto *Binary = dyn_cast<BinaryOperator>(E))
    return queriesOwnLock(Binary->getLHS()) && queriesOwnLock(Binary->getRHS());
  if (const auto *Member = dyn_cast<MemberExpr>(E))
    return isa<CXXThisExpr>(stripped(Member->getBase())); // a field of the guard itself
  if (const auto *Call = dyn_cast<CXXMemberCallExpr>(E)) {
    const Expr *Object = Call->getImplicitObjectArgument();
    const GuardType *Inner = guard(Object->getType().getNonReferenceType());
    return Inner && Call->getMethodDecl() && isStatusQuery(*Inner, Call->getMethodDecl());
  }
  return isa<IntegerLiteral, CXXBoolLiteralExpr, CXXNullPtrLiteralExpr, GNUNullExpr>(E);
}

} // namespace ward
