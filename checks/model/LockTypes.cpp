// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "model/LockTypes.h"

#include "model/GuardShapes.h"
#include "model/LockEffects.h"
#include "model/Reentrancy.h"
#include "model/SystemHeaders.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/Basic/SourceManager.h"

using namespace clang;

namespace ward {
namespace {

/// How deep a class inside a class inside a class is examined.
constexpr unsigned MaxNesting = 100;

const CXXRecordDecl *definitionOf(const TagDecl *Class) {
  const auto *Record = dyn_cast_or_null<CXXRecordDecl>(Class);
  return Record ? Record->getDefinition() : nullptr;
}

/// Most member functions of \p Record do not lock or unlock: it is a class with a lock, not a lock with some statistics.
bool doesMoreThanLock(const CXXRecordDecl *Record) {
  int More = 0;
  for (const CXXMethodDecl *Method : Record->methods())
    if (!Method->isImplicit() && !Method->isDeleted() && Method->getDeclName().isIdentifier())
      More += conventionalEffect(Method->getName()) || annotatedEffect(Method) ? -1 : 1;
  return More > 0;
}

/// An attribute of \p Function names the locks that it acquires or releases, so they are not its object.
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

/// \p Record has a copy constructor of the user's. A lock guard has none; such a class counts references.
bool hasUserCopyConstructor(const CXXRecordDecl *Record) {
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
  // A type that is not yet deduced has no canonical type of its own: use its template.
  const void *Key = Canonical.getAsOpaquePtr();
  if (Type->isDependentType() || Type->isUndeducedType())
    Key = classOf(Type);
  if (!Key)
    return nullptr;
  if (Nesting == MaxNesting && !Guards.contains(Key))
    return nullptr;
  auto [It, New] = Guards.try_emplace(Key); // "no guard" for a recursive query
  if (New) {
    ++Nesting;
    std::optional<GuardType> Result = classifyGuard(Type);
    --Nesting;
    It->second = Result;
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
  if (isReturnedByMutex(Record))
    return GuardType{GuardType::Raii};
  if (std::optional<bool> IsInverse = isInverseGuard(Record))
    return GuardType{GuardType::Raii, nullptr, nullptr, *IsInverse};
  if (isShapedAsGuard(Record, *this) && !usesOfShapes(Record->getASTContext()).isNested(Record))
    return GuardType{GuardType::Raii, nullptr, nullptr, /*Inverse=*/false, /*ByShape=*/true};
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
    // A class with a mutex of its own holds that, and is no guard of another object's.
    if (!Field->getType()->isReferenceType() && !Field->getType()->isPointerType() && mutex(Field->getType()))
      return std::nullopt;
    if (!Inner && (Inner = guard(Field->getType())))
      InnerField = Field;
  }
  if (!Inner || !constructorsInitialiseGuard(Record, InnerField))
    return std::nullopt;
  return GuardType{GuardType::Owning, Inner->Entry, InnerField};
}

bool LockTypes::constructorsInitialiseGuard(const CXXRecordDecl *Record, const FieldDecl *Field) {
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
        return true; // assume that it passes an argument to the guard
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
  return !AnyConstructor; // an aggregate: its initialiser is the guard
}

bool LockTypes::isReturnedByMutex(const CXXRecordDecl *Record) {
  const auto *Outer = dyn_cast<CXXRecordDecl>(Record->getDeclContext());
  const MutexEntry *Entry = Outer ? Names.mutex(Outer) : nullptr;
  if (!Entry || Entry->Guards.empty() || !Record->hasNonTrivialDestructor())
    return false;
  return llvm::any_of(Outer->methods(), [&](const CXXMethodDecl *Method) {
    const CXXRecordDecl *Returned = Method->getReturnType()->getAsCXXRecordDecl();
    return Returned && Returned->getCanonicalDecl() == Record->getCanonicalDecl() && Method->getDeclName().isIdentifier() &&
           llvm::any_of(Entry->Guards, [&](const GuardFactory &Factory) { return Factory.Member == Method->getName(); });
  });
}

std::optional<bool> LockTypes::isInverseGuard(const CXXRecordDecl *Record) {
  const CXXDestructorDecl *Destructor = Record->getDestructor();
  if (!Destructor || !Destructor->isUserProvided() || hasUserCopyConstructor(Record))
    return std::nullopt;
  const FunctionDecl *Definition = visibleDefinition(Destructor);
  if (!Definition) {
    // Its constructor decides. The destructor does the opposite.
    for (const CXXConstructorDecl *Constructor : Record->ctors()) {
      const FunctionDecl *Visible = Constructor->isCopyOrMoveConstructor() ? nullptr : visibleDefinition(Constructor);
      BodyEffects AtStart = Visible ? bodyEffects(Visible->getBody(), /*Depth=*/2, *this) : BodyEffects();
      if (AtStart.Locks != AtStart.Unlocks)
        return AtStart.Unlocks;
    }
    return std::nullopt;
  }
  BodyEffects AtEnd = bodyEffects(Definition->getBody(), /*Depth=*/2, *this);
  if (AtEnd.Unlocks == AtEnd.Locks)
    return std::nullopt;
  for (const CXXConstructorDecl *Constructor : Record->ctors()) {
    if (Constructor->isCopyOrMoveConstructor())
      continue;
    if (const FunctionDecl *Visible = visibleDefinition(Constructor)) {
      BodyEffects AtStart = bodyEffects(Visible->getBody(), /*Depth=*/2, *this);
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
      Class = classOf(Pointee); // a smart pointer to a lock, or std::ref(lock)
  if (!Class)
    return scalarMutex(Type);
  if (Nesting == MaxNesting && !Mutexes.contains(Class))
    return nullptr;
  auto [It, New] = Mutexes.try_emplace(Class);
  if (New) {
    ++Nesting;
    std::optional<MutexType> Result = classifyMutex(Class);
    --Nesting;
    It->second = Result;
  }
  return It->second ? &*It->second : nullptr;
}

const MutexType *LockTypes::scalarMutex(QualType Type) {
  if (!Type->isIntegerType())
    return nullptr;
  while (const auto *Named = Type->getAs<TypedefType>()) {
    if (const MutexEntry *Entry = Names.mutex(Named->getDecl()))
      return &ScalarMutexes.try_emplace(Entry, MutexType{Entry}).first->second;
    Type = Named->desugar();
  }
  return nullptr;
}

std::optional<MutexType> LockTypes::classifyMutex(const TagDecl *Class) {
  std::optional<MutexType> Result = recogniseMutex(Class);
  if (!Result)
    return std::nullopt;
  const CXXRecordDecl *Record = definitionOf(Class);
  if (const MutexEntry *Own = Names.mutex(Class))
    Result->MayBeReentrant = Own->Recursive;
  else if (Record)
    Result->MayBeReentrant = mayBeReentrant(Record);
  if (Result->Entry || !Record)
    return Result;
  const FieldDecl *Only = nullptr;
  unsigned Locks = 0;
  for (const FieldDecl *Field : Record->fields())
    if (!Field->getType()->isReferenceType() && !Field->getType()->isPointerType() && mutex(Field->getType())) {
      Only = Field;
      ++Locks;
    }
  // What others may lock directly is the lock of the object, however it is locked.
  if (Locks == 1 && !holdsOnlySynchronisation(Record) && (doesMoreThanLock(Record) || Only->getAccess() == AS_public))
    Result->Inner = Only;
  return Result;
}

std::optional<MutexType> LockTypes::recogniseMutex(const TagDecl *Class) {
  if (const MutexEntry *Entry = Names.mutex(Class))
    return MutexType{Entry, !Entry->Guards.empty()};
  const CXXRecordDecl *Record = definitionOf(Class);
  if (!Record && Class->hasAttr<CapabilityAttr>() && !isLibraryCode(Class)) // a struct of C
    return MutexType{};
  if (!Record || Record->isLambda() || isLibraryCode(Record) || Names.guard(Record))
    return std::nullopt;
  if (Record->hasAttr<CapabilityAttr>())
    return MutexType{};
  for (const CXXBaseSpecifier &Base : Record->bases())
    if (const MutexType *Found = mutex(Base.getType()))
      return *Found;
  // BasicLockable by any of its usual names, or functions that forward to a mutex inside.
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
        return std::nullopt; // it counts references, or is a semaphore
      Locks |= *Effect == FunctionEffect::Lock;
      Unlocks |= *Effect == FunctionEffect::Unlock;
    }
  return Locks && Unlocks ? std::optional(MutexType{nullptr, false, /*IsGuess=*/true}) : std::nullopt;
}

} // namespace ward
