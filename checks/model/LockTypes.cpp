// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "model/LockTypes.h"
#include "model/SystemHeaders.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"

using namespace clang;

namespace ward {
namespace {

/// The names by which BasicLockable, SharedLockable and the wrappers of large projects call these operations, whatever
/// their spelling: `try_lock_shared`, `TryReadLock`, `wrlock`.
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

std::optional<FunctionEffect> annotatedEffect(const FunctionDecl *Function) {
  if (const auto *Attr = Function->getAttr<AcquireCapabilityAttr>())
    return Attr->isShared() ? FunctionEffect::SharedLock : FunctionEffect::Lock;
  if (const auto *Attr = Function->getAttr<TryAcquireCapabilityAttr>())
    return Attr->isShared() ? FunctionEffect::SharedTryLock : FunctionEffect::TryLock;
  if (Function->hasAttr<ReleaseCapabilityAttr>())
    return FunctionEffect::Unlock;
  return std::nullopt;
}

/// Words that locks are worked with, and other things too: they mean a lock only where both of a pair are there, without
/// parameters and results.
std::optional<FunctionEffect> possibleEffect(const CXXMethodDecl *Method) {
  if (!Method->getDeclName().isIdentifier() || Method->isStatic() || Method->getNumParams() > 0)
    return std::nullopt;
  std::string Name = Method->getName().lower();
  bool Silent = Method->getReturnType()->isVoidType();
  if (Silent && (Name == "acquire" || Name == "enter"))
    return FunctionEffect::Lock;
  if (Silent && (Name == "release" || Name == "leave"))
    return FunctionEffect::Unlock;
  if (Method->getReturnType()->isBooleanType() &&
      (Name == "tryacquire" || Name == "try_acquire" || Name == "tryenter" || Name == "try_enter"))
    return FunctionEffect::TryLock;
  return std::nullopt;
}

const CXXRecordDecl *definitionOf(const TagDecl *Class) {
  const auto *Record = dyn_cast_or_null<CXXRecordDecl>(Class);
  return Record ? Record->getDefinition() : nullptr;
}

/// Most of what an object of \p Record can be asked for is not locking: it is a thing with a lock, not a lock that keeps
/// books.
bool doesMoreThanLock(const CXXRecordDecl *Record) {
  int More = 0;
  for (const CXXMethodDecl *Method : Record->methods())
    if (!Method->isImplicit() && !Method->isDeleted() && Method->getDeclName().isIdentifier())
      More += conventionalEffect(Method->getName()) || annotatedEffect(Method) ? -1 : 1;
  return More > 0;
}

/// \p Function says which locks it takes or gives back, and so not that it does it to its object.
bool namesLocks(const FunctionDecl *Function) {
  const auto *Acquires = Function->getAttr<AcquireCapabilityAttr>();
  const auto *Tries = Function->getAttr<TryAcquireCapabilityAttr>();
  const auto *Releases = Function->getAttr<ReleaseCapabilityAttr>();
  return (Acquires && Acquires->args_size() > 0) || (Tries && Tries->args_size() > 0) || (Releases && Releases->args_size() > 0);
}

bool isEmptyBody(const FunctionDecl *Function) {
  const FunctionDecl *Definition = visibleDefinition(Function);
  const auto *Body = Definition ? dyn_cast_or_null<CompoundStmt>(Definition->getBody()) : nullptr;
  return Body && Body->body_empty();
}

QualType firstTypeArgument(QualType Type) {
  ArrayRef<TemplateArgument> Arguments;
  if (const auto *Record = Type->getAsCXXRecordDecl())
    if (const auto *Specialisation = dyn_cast<ClassTemplateSpecializationDecl>(Record))
      Arguments = Specialisation->getTemplateArgs().asArray();
  return !Arguments.empty() && Arguments.front().getKind() == TemplateArgument::Type ? Arguments.front().getAsType()
                                                                                    : QualType();
}

/// Which of a class's own locks and unlocks stand in a body, also in the member functions that it calls on `this`.
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

  bool Locks = false;
  bool Unlocks = false;

private:
  void visitCall(const CallExpr *Call, unsigned Depth) {
    if (std::optional<LockEffect> Effect = Types.effectOf(Call)) {
      bool OnItself = false;
      for (const Expr *Object : Effect->Objects)
        if (std::optional<AccessPath> Path = pathOf(Object, Types.names())) {
          OnItself |= Path->isThis();
          Locks |= !Path->isThis() && acquires(Effect->Effect);
          Unlocks |= !Path->isThis() && Effect->Effect == FunctionEffect::Unlock;
        }
      if (!OnItself)
        return; // `unlock()` of the same object: its body tells of which lock
    }
    const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
    if (Member && Member->getMethodDecl())
      visitBorrowedGuard(stripped(Member->getImplicitObjectArgument()), Member->getMethodDecl());
    if (Depth == 0 || !Member || !isa<CXXThisExpr>(stripped(Member->getImplicitObjectArgument())))
      return;
    if (const FunctionDecl *Definition = visibleDefinition(Member->getMethodDecl()))
      visit(Definition->getBody(), Depth - 1);
  }

  /// `guard_.unlock()` of a guard that the object has by reference.
  void visitBorrowedGuard(const Expr *Object, const CXXMethodDecl *Method) {
    const auto *Field = dyn_cast<MemberExpr>(Object);
    if (!Field || !isa<CXXThisExpr>(stripped(Field->getBase())))
      return;
    QualType Type = Field->getMemberDecl()->getType();
    const GuardType *Guard = Type->isReferenceType() || Type->isPointerType() ? Types.guard(Type->getPointeeType()) : nullptr;
    std::optional<FunctionEffect> Effect = Guard ? Types.guardEffect(*Guard, Method) : std::nullopt;
    Locks |= Effect && acquires(*Effect);
    Unlocks |= Effect == FunctionEffect::Unlock;
  }

  LockTypes &Types;
};

/// \p S adds one or takes one away.
bool counts(const Stmt *S) {
  if (!S)
    return false;
  if (const auto *Unary = dyn_cast<UnaryOperator>(S); Unary && Unary->isIncrementDecrementOp())
    return true;
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(S);
      Operator && (Operator->getOperator() == OO_PlusPlus || Operator->getOperator() == OO_MinusMinus))
    return true;
  if (const auto *Member = dyn_cast<MemberExpr>(S); Member && Member->getMemberDecl()->getDeclName().isIdentifier())
    if (llvm::StringRef Name = Member->getMemberDecl()->getName(); Name == "fetch_add" || Name == "fetch_sub")
      return true;
  return llvm::any_of(S->children(), counts);
}

/// A copy of a lock guard makes no sense: what can be copied and counts its copies holds a reference, not a lock.
bool isMeantToBeCopied(const CXXRecordDecl *Record) {
  return llvm::any_of(Record->ctors(), [](const CXXConstructorDecl *Constructor) {
    return Constructor->isCopyConstructor() && Constructor->isUserProvided() && Constructor->getAccess() != AS_private;
  });
}

} // namespace

bool acquires(FunctionEffect Effect) {
  return Effect == FunctionEffect::Lock || Effect == FunctionEffect::SharedLock || Effect == FunctionEffect::TryLock ||
         Effect == FunctionEffect::SharedTryLock;
}

bool isLibraryCode(const Decl *D) {
  return isInSystemHeader(D->getLocation(), D->getASTContext().getSourceManager()) || D->isInStdNamespace();
}

const FunctionDecl *visibleDefinition(const FunctionDecl *Function) {
  const FunctionDecl *Definition = nullptr;
  if (!Function)
    return nullptr;
  if (Function->hasBody(Definition))
    return Definition;
  const FunctionDecl *Pattern = Function->getTemplateInstantiationPattern();
  return Pattern && Pattern->hasBody(Definition) ? Definition : nullptr;
}

const GuardType *LockTypes::guard(QualType Type) {
  if (Type.isNull() || Type->isReferenceType() || Type->isPointerType() || Type->isScalarType())
    return nullptr;
  QualType Canonical = Type.getCanonicalType().getUnqualifiedType();
  // A type still to be deduced has no canonical type of its own: go by its template.
  const void *Key = Canonical.getAsOpaquePtr();
  if (Type->isDependentType() || Type->isUndeducedType())
    Key = classOf(Type);
  if (!Key)
    return nullptr;
  auto [It, New] = Guards.try_emplace(Key); // while it is being answered, a recursive question gets "no"
  if (New) {
    std::optional<GuardType> Answer = classifyGuard(Type);
    It->second = Answer;
  }
  return It->second ? &*It->second : nullptr;
}

const GuardType *LockTypes::guardMadeBy(const Expr *Value) {
  if (const auto *Call = dyn_cast<CallExpr>(Value); Call && Call->isTypeDependent()) {
    const auto *Callee = dyn_cast_or_null<FunctionDecl>(Call->getCalleeDecl());
    return Callee ? guard(Callee->getReturnType()) : nullptr;
  }
  return Value->isPRValue() ? guard(Value->getType()) : nullptr;
}

std::optional<GuardType> LockTypes::classifyGuard(QualType Type) {
  const TagDecl *Class = classOf(Type);
  if (!Class)
    return std::nullopt;
  if (const GuardEntry *Entry = Names.guard(Class)) {
    // A guard over a mutex whose lock() does nothing (a null_mutex) holds nothing.
    QualType Argument = firstTypeArgument(Type);
    if (const CXXRecordDecl *Mutex = Argument.isNull() ? nullptr : definitionOf(classOf(Argument)))
      for (const CXXMethodDecl *Method : Mutex->methods())
        if (Method->getDeclName().isIdentifier() && Method->getName() == "lock" && isEmptyBody(Method))
          return std::nullopt;
    return GuardType{GuardType::Catalogued, Entry, nullptr};
  }
  if (Names.isCarrier(Class))
    return classifyCarrier(Type);
  const CXXRecordDecl *Record = definitionOf(Class);
  if (!Record || Record->isLambda() || Record->isUnion() || Names.mutex(Record) || isLibraryCode(Record))
    return std::nullopt;
  if (std::optional<GuardType> Owning = classifyOwning(Record))
    return Owning;
  if (Record->hasAttr<ScopedLockableAttr>())
    return GuardType{GuardType::Annotated};
  if (isMadeByMutex(Record))
    return GuardType{GuardType::Raii};
  if (std::optional<bool> Inversely = holdsInversely(Record))
    return GuardType{GuardType::Raii, nullptr, nullptr, *Inversely};
  return std::nullopt;
}

std::optional<GuardType> LockTypes::classifyCarrier(QualType Type) {
  const auto *Specialisation = dyn_cast_or_null<ClassTemplateSpecializationDecl>(Type->getAsCXXRecordDecl());
  if (!Specialisation)
    return std::nullopt;
  for (const TemplateArgument &Argument : Specialisation->getTemplateArgs().asArray()) {
    ArrayRef<TemplateArgument> Pack(Argument);
    if (Argument.getKind() == TemplateArgument::Pack)
      Pack = Argument.getPackAsArray();
    for (const TemplateArgument &Element : Pack)
      if (Element.getKind() == TemplateArgument::Type)
        if (const GuardType *Inner = guard(Element.getAsType()))
          return GuardType{GuardType::Carrier, Inner->Entry, nullptr};
  }
  return std::nullopt;
}

std::optional<GuardType> LockTypes::classifyOwning(const CXXRecordDecl *Record) {
  const GuardType *Inner = nullptr;
  const FieldDecl *InnerField = nullptr;
  for (const CXXBaseSpecifier &Base : Record->bases())
    if (const GuardType *Found = guard(Base.getType()))
      return GuardType{GuardType::Owning, Found->Entry, nullptr};
  for (const FieldDecl *Field : Record->fields()) {
    // A class with a mutex of its own locks itself for its own ends; it is no handle on another's lock.
    if (!Field->getType()->isReferenceType() && !Field->getType()->isPointerType() && mutex(Field->getType()))
      return std::nullopt;
    if (!Inner && (Inner = guard(Field->getType())))
      InnerField = Field;
  }
  if (!Inner || !constructionTakesGuard(Record, InnerField))
    return std::nullopt;
  return GuardType{GuardType::Owning, Inner->Entry, InnerField};
}

bool LockTypes::constructionTakesGuard(const CXXRecordDecl *Record, const FieldDecl *Field) {
  if (Field->hasInClassInitializer())
    return true;
  bool AnyConstructor = false;
  for (const CXXConstructorDecl *Constructor : Record->ctors()) {
    if (!Constructor->isUserProvided() || Constructor->isCopyOrMoveConstructor())
      continue;
    AnyConstructor = true;
    const auto *Definition = cast_or_null<CXXConstructorDecl>(visibleDefinition(Constructor));
    if (!Definition) {
      if (Constructor->getNumParams() > 0)
        return true; // it is given something to lock, and we can't see what it does with it
      continue;
    }
    for (const CXXCtorInitializer *Initialiser : Definition->inits()) {
      if (Initialiser->getAnyMember() != Field || !Initialiser->isWritten())
        continue;
      const Expr *Init = stripped(Initialiser->getInit());
      const auto *Construct = dyn_cast<CXXConstructExpr>(Init);
      if (!Construct || Construct->getNumArgs() > 0)
        return true;
    }
  }
  return !AnyConstructor; // an aggregate: whoever makes one gives the guard
}

bool LockTypes::isMadeByMutex(const CXXRecordDecl *Record) {
  const auto *Outer = dyn_cast<CXXRecordDecl>(Record->getDeclContext());
  const MutexEntry *Entry = Outer ? Names.mutex(Outer) : nullptr;
  if (!Entry || Entry->Guards.empty() || !Record->hasNonTrivialDestructor())
    return false;
  return llvm::any_of(Outer->methods(), [&](const CXXMethodDecl *Method) {
    const CXXRecordDecl *Made = Method->getReturnType()->getAsCXXRecordDecl();
    return Made && Made->getCanonicalDecl() == Record->getCanonicalDecl() && Method->getDeclName().isIdentifier() &&
           llvm::any_of(Entry->Guards, [&](const GuardFactory &Factory) { return Factory.Member == Method->getName(); });
  });
}

std::optional<bool> LockTypes::holdsInversely(const CXXRecordDecl *Record) {
  const CXXDestructorDecl *Destructor = Record->getDestructor();
  if (!Destructor || !Destructor->isUserProvided() || isMeantToBeCopied(Record))
    return std::nullopt;
  const FunctionDecl *Definition = visibleDefinition(Destructor);
  if (!Definition)
    return std::nullopt;
  EffectFinder AtEnd(*this);
  AtEnd.visit(Definition->getBody(), /*Depth=*/2);
  if (AtEnd.Unlocks == AtEnd.Locks)
    return std::nullopt;
  for (const CXXConstructorDecl *Constructor : Record->ctors()) {
    if (Constructor->isCopyOrMoveConstructor())
      continue;
    if (const FunctionDecl *Visible = visibleDefinition(Constructor)) {
      EffectFinder AtStart(*this);
      AtStart.visit(Visible->getBody(), /*Depth=*/2);
      if (AtEnd.Unlocks ? AtStart.Locks : AtStart.Unlocks && !AtStart.Locks)
        return AtEnd.Locks;
    } else if (AtEnd.Unlocks && Constructor->isUserProvided() && Constructor->getNumParams() > 0) {
      return false;
    }
  }
  return std::nullopt;
}

const MutexType *LockTypes::mutex(QualType Type) {
  if (Type.isNull())
    return nullptr;
  Type = Type.getNonReferenceType();
  if (Type->isPointerType())
    Type = Type->getPointeeType();
  const TagDecl *Class = classOf(Type);
  if (Class && Names.isPointer(Class))
    if (QualType Pointee = firstTypeArgument(Type); !Pointee.isNull())
      Class = classOf(Pointee); // a lock held by smart pointer, or std::ref(lock)
  if (!Class)
    return nullptr;
  auto [It, New] = Mutexes.try_emplace(Class);
  if (New) {
    std::optional<MutexType> Answer = classifyMutex(Class);
    It->second = Answer;
  }
  return It->second ? &*It->second : nullptr;
}

bool LockTypes::holdsOnlySynchronisation(const RecordDecl *Record) {
  return llvm::all_of(Record->fields(), [&](const FieldDecl *Field) { return isSynchronised(Field->getType()); });
}

std::optional<MutexType> LockTypes::classifyMutex(const TagDecl *Class) {
  std::optional<MutexType> Result = recogniseMutex(Class);
  if (!Result)
    return std::nullopt;
  const CXXRecordDecl *Record = definitionOf(Class);
  if (Result->Entry) {
    Result->MayBeReentrant = Result->Entry->Recursive;
    return Result;
  }
  if (!Record)
    return Result;
  // What is inside tells; an annotated capability is not recursive unless it says so; what hides all may be anything.
  const FieldDecl *Only = nullptr;
  unsigned Locks = 0;
  for (const FieldDecl *Field : Record->fields())
    if (!Field->getType()->isReferenceType() && !Field->getType()->isPointerType() && mutex(Field->getType())) {
      Only = Field;
      ++Locks;
    }
  // A lock of C is made recursive or not where it is set up, which is the wrapper's affair.
  if (const MutexType *Inside = Locks == 1 ? mutex(Only->getType()) : nullptr)
    Result->MayBeReentrant = Inside->MayBeReentrant || (Inside->Entry && Inside->Entry->Lock.empty() && Inside->Entry->Guards.empty());
  else if (Record->getNumBases() == 0 || Locks > 1)
    Result->MayBeReentrant = !Record->hasAttr<CapabilityAttr>();
  if (Locks == 1 && !holdsOnlySynchronisation(Record) && doesMoreThanLock(Record))
    Result->Inner = Only;
  return Result;
}

std::optional<MutexType> LockTypes::recogniseMutex(const TagDecl *Class) {
  if (const MutexEntry *Entry = Names.mutex(Class))
    return MutexType{Entry, !Entry->Guards.empty()};
  const CXXRecordDecl *Record = definitionOf(Class);
  if (!Record || Record->isLambda() || isLibraryCode(Record) || Names.guard(Record))
    return std::nullopt;
  if (Record->hasAttr<CapabilityAttr>())
    return MutexType{};
  for (const CXXBaseSpecifier &Base : Record->bases())
    if (const MutexType *Found = mutex(Base.getType()))
      return *Found;
  // BasicLockable under any of its usual names, or methods that forward to a mutex inside.
  bool Locks = false, Unlocks = false;
  for (const CXXMethodDecl *Method : Record->methods()) {
    if (!Method->getDeclName().isIdentifier() || Method->isStatic() || Method->getNumParams() > 0)
      continue;
    std::optional<FunctionEffect> Effect = conventionalEffect(Method->getName());
    if (!Effect || isEmptyBody(Method))
      continue;
    Locks |= *Effect == FunctionEffect::Lock && Method->getReturnType()->isVoidType();
    Unlocks |= *Effect == FunctionEffect::Unlock;
  }
  if (!Locks || !Unlocks) {
    Locks = Unlocks = false;
    for (const CXXMethodDecl *Method : Record->methods())
      if (std::optional<FunctionEffect> Effect = namesLocks(Method) ? std::nullopt : effectOf(Method)) {
        Locks |= *Effect == FunctionEffect::Lock;
        Unlocks |= *Effect == FunctionEffect::Unlock;
      }
  }
  if (Locks && Unlocks)
    return MutexType{};
  Locks = Unlocks = false;
  for (const CXXMethodDecl *Method : Record->methods())
    if (std::optional<FunctionEffect> Effect = possibleEffect(Method); Effect && !isEmptyBody(Method)) {
      if (const FunctionDecl *Definition = visibleDefinition(Method); Definition && counts(Definition->getBody()))
        return std::nullopt; // references, or free places
      Locks |= *Effect == FunctionEffect::Lock;
      Unlocks |= *Effect == FunctionEffect::Unlock;
    }
  return Locks && Unlocks ? std::optional(MutexType{nullptr, false, /*IsGuess=*/true}) : std::nullopt;
}

std::optional<FunctionEffect> LockTypes::effectOf(const CXXMethodDecl *Method) {
  Method = cast<CXXMethodDecl>(Method->getCanonicalDecl());
  auto [It, New] = Methods.try_emplace(Method);
  if (New) {
    std::optional<FunctionEffect> Answer = classifyMethod(Method);
    It->second = Answer;
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
  // A member that does one half of a critical section to the object's own mutex, and not the other.
  bool HasMutex = llvm::any_of(Class->fields(), [&](const FieldDecl *Field) { return mutex(Field->getType()); });
  if (const FunctionDecl *Definition = HasMutex ? visibleDefinition(Method) : nullptr) {
    EffectFinder Finder(*this);
    Finder.visit(Definition->getBody(), /*Depth=*/1);
    if (Finder.Locks != Finder.Unlocks)
      return Finder.Unlocks                            ? FunctionEffect::Unlock
             : Method->getReturnType()->isBooleanType() ? FunctionEffect::TryLock
                                                        : FunctionEffect::Lock;
  }
  return std::nullopt;
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
    if (!Entry || !isLockEffect(Entry->Effect))
      return std::nullopt;
    LockEffect Result{Entry->Effect, {}};
    Result.Objects.append(Call->arg_begin(), Call->arg_end());
    return Result;
  }
  // In a template's pattern the callee is not known: only its name can tell.
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
  if (Guard.Form == GuardType::Carrier && Name == "emplace") // makes the guard inside
    return FunctionEffect::Lock;
  if (Name == "release" || Name == "Release" || Name == "reset" || Name == "drop" || Name == "take")
    return FunctionEffect::Drop;
  if (Guard.Form == GuardType::Owning || Guard.Form == GuardType::Raii)
    return effectOf(Method);
  return std::nullopt;
}

bool LockTypes::isStatusQuery(const GuardType &Guard, const CXXMethodDecl *Method) {
  if (Method->getReturnType()->isAnyPointerType())
    return false; // whoever has the mutex can lock it
  if (const GuardEntry *Entry = Names.guard(Method->getParent()))
    return llvm::is_contained(Entry->Status, Method->getNameAsString());
  if (Guard.Form == GuardType::Carrier && (isa<CXXConversionDecl>(Method) || Method->getNameAsString() == "has_value"))
    return true;
  const Expr *Answer = onlyReturn(Method);
  if (!isa<CXXConversionDecl>(Method) && !Method->getReturnType()->isBooleanType())
    return false;
  if (!Answer)
    return isa<CXXConversionDecl>(Method); // a conversion to bool tells whether it holds the lock, unless it shows otherwise
  return asksOwnLock(Answer);
}

bool LockTypes::asksOwnLock(const Expr *E) {
  E = stripped(E);
  if (const auto *Unary = dyn_cast<UnaryOperator>(E); Unary && Unary->getOpcode() == UO_LNot)
    return asksOwnLock(Unary->getSubExpr());
  if (const auto *Binary = dyn_cast<BinaryOperator>(E))
    return asksOwnLock(Binary->getLHS()) && asksOwnLock(Binary->getRHS());
  if (const auto *Member = dyn_cast<MemberExpr>(E))
    return isa<CXXThisExpr>(stripped(Member->getBase())); // a field of the guard, not what it leads to
  if (const auto *Call = dyn_cast<CXXMemberCallExpr>(E)) {
    const Expr *Object = Call->getImplicitObjectArgument();
    const GuardType *Inner = guard(Object->getType().getNonReferenceType());
    return Inner && Call->getMethodDecl() && isStatusQuery(*Inner, Call->getMethodDecl());
  }
  return isa<IntegerLiteral, CXXBoolLiteralExpr, CXXNullPtrLiteralExpr, GNUNullExpr>(E);
}

bool LockTypes::isSynchronised(QualType Type) {
  if (Type.isNull() || Type->isReferenceType() || Type->isPointerType())
    return false;
  if (const auto *Array = Type->getAsArrayTypeUnsafe())
    return isSynchronised(Array->getElementType());
  const TagDecl *Class = classOf(Type);
  return Type->isAtomicType() || (Class && (Names.isAtomic(Class) || Names.condvar(Class))) || mutex(Type);
}

bool LockTypes::looksAfterItself(QualType Type, unsigned Depth) {
  if (Type.isNull() || Type->isReferenceType() || Type->isPointerType())
    return false;
  if (isSynchronised(Type))
    return true;
  if (const auto *Array = Type->getAsArrayTypeUnsafe())
    return looksAfterItself(Array->getElementType(), Depth);
  const auto *Record = Type->getAsCXXRecordDecl();
  if (!Record || !Record->hasDefinition() || Depth == 0)
    return false;
  if (isLibraryCode(Record))
    return Names.isValue(Record) && looksAfterItself(firstTypeArgument(Type), Depth - 1);
  Record = Record->getDefinition();
  std::pair<const Decl *, unsigned> Question(Record, Depth);
  if (auto It = Careful.find(Question); It != Careful.end())
    return It->second;
  bool Answer = llvm::any_of(Record->fields(), [&](const FieldDecl *Field) { return looksAfterItself(Field->getType(), Depth - 1); }) ||
                llvm::any_of(Record->bases(), [&](const CXXBaseSpecifier &Base) { return looksAfterItself(Base.getType(), Depth - 1); });
  return Careful[Question] = Answer;
}

bool LockTypes::isValue(QualType Type) {
  if (Type.isNull() || Type->isDependentType() || Type->isReferenceType() || Type->isAnyPointerType())
    return false;
  if (Type->isArithmeticType() || Type->isEnumeralType() || Type->isNullPtrType())
    return true;
  const auto *Record = Type->getAsCXXRecordDecl();
  if (!Record)
    return false;
  if (Names.isValue(Record)) {
    QualType Element = firstTypeArgument(Type);
    return Element.isNull() || isValue(Element);
  }
  if (!Record->hasDefinition() || isLibraryCode(Record) || Record->isLambda())
    return false;
  Record = Record->getDefinition();
  if (auto It = Values.find(Record); It != Values.end())
    return It->second;
  // A value may hold others of its own type, in a container: what else it holds decides.
  if (!BeingJudged.insert(Record).second) {
    ++Assumed;
    return true;
  }
  unsigned Before = Assumed;
  bool Answer = llvm::all_of(Record->bases(), [&](const CXXBaseSpecifier &Base) { return isValue(Base.getType()); }) &&
                llvm::all_of(Record->fields(), [&](const FieldDecl *Field) { return isValue(Field->getType()); });
  BeingJudged.erase(Record);
  if (!Answer || Before == Assumed || BeingJudged.empty())
    Values[Record] = Answer;
  return Answer;
}

} // namespace ward
