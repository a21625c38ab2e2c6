// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/locks/SharedAccesses.h"

#include "compat/Compat.h"
#include "flow/UnitFlow.h"
#include "flow/locks/MeantLocks.h"
#include "model/AccessWalk.h"
#include "model/Annotations.h"
#include "model/CallEffects.h"
#include "model/Callables.h"
#include "model/LockEffects.h"
#include "model/MutexPlaces.h"
#include "model/Records.h"
#include "model/SystemHeaders.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"

using namespace clang;

namespace ward {
namespace {

using Step = AccessPath::Step;

llvm::SmallVector<Step, 2> asPattern(llvm::ArrayRef<Step> Steps) {
  llvm::SmallVector<Step, 2> Result;
  for (const Step &Each : Steps)
    Result.push_back(Each.asField() ? Step::field(patternOf(Each.asField())) : Each);
  return Result;
}

/// The class of `this` in the body of \p Function, a closure's enclosing function included.
const CXXRecordDecl *thisClass(const FunctionModel &Function) {
  const FunctionModel *Outer = &Function;
  while (Outer) {
    const auto *Method = dyn_cast<CXXMethodDecl>(Outer->Function);
    if (Method && !Method->getParent()->isLambda())
      return Method->getParent();
    Outer = Outer->Enclosing;
  }
  return nullptr;
}

bool hasLockField(const RecordDecl *Class, LockTypes &Types) {
  return llvm::any_of(Class->fields(), [&](const FieldDecl *Field) { return Types.mutex(Field->getType()); });
}

} // namespace

bool hasField(const RecordDecl *Class, const FieldDecl *Field) {
  Class = definitionOf(Class);
  if (!Class)
    return false;
  const RecordDecl *Parent = Field->getParent();
  return llvm::any_of(Class->fields(), [&](const FieldDecl *Own) { return patternOf(Own) == patternOf(Field); }) ||
         llvm::any_of(basesOf(Class), [&](const CXXBaseSpecifier &Base) {
           const CXXRecordDecl *Record = Base.getType()->getAsCXXRecordDecl();
           return Record && (Record->getCanonicalDecl() == Parent->getCanonicalDecl() || hasField(Record, Field));
         });
}

const FieldDecl *patternOf(const FieldDecl *Field) {
  const auto *Class = dyn_cast<CXXRecordDecl>(Field->getParent());
  const CXXRecordDecl *Pattern = Class ? Class->getTemplateInstantiationPattern() : nullptr;
  Pattern = Pattern ? Pattern->getDefinition() : nullptr;
  if (!Pattern)
    return Field->getCanonicalDecl();
  unsigned Index = Field->getFieldIndex();
  for (const FieldDecl *Other : Pattern->fields())
    if (Other->getFieldIndex() == Index)
      return Other->getCanonicalDecl();
  return Field->getCanonicalDecl();
}

GuardKey GuardKey::ofAnnotation(const AccessPath &Path) {
  return {Path.root() ? Global : SameObject, Path.root(), asPattern(Path.steps())};
}

std::string GuardKey::print() const {
  std::string Text = printPath(Root, Steps);
  return Text.empty() ? "*this" : Text;
}

std::optional<GuardKey> SharedAccess::key(const LockRef &Ref) const {
  if (!Ref.Mutex)
    return std::nullopt;
  const AccessPath &Mutex = *Ref.Mutex;
  // A member of the object; or the object itself, of a class that derives from a lock.
  if (Object && Mutex.startsWith(*Object))
    return GuardKey{GuardKey::SameObject, nullptr, asPattern(Mutex.steps().drop_front(Object->steps().size()))};
  if (Object && Ref.Owner && Object->startsWith(*Ref.Owner))
    return GuardKey{GuardKey::OuterObject, nullptr, asPattern(Mutex.steps().drop_front(Ref.Owner->steps().size()))};
  if (Mutex.root() && Mutex.root()->hasGlobalStorage())
    return GuardKey{GuardKey::Global, Mutex.root(), asPattern(Mutex.steps())};
  return std::nullopt;
}

const LockRef *SharedAccess::holds(const GuardKey &Key, bool ByKnownCallers) const {
  const LockRef *Found = nullptr;
  for (const LockRef &Ref : ByKnownCallers ? HeldByKnownCallers : Held)
    if (std::optional<GuardKey> Own = key(Ref); Own && *Own == Key && (!Found || Ref.Mode == LockMode::Exclusive))
      Found = &Ref;
  return Found;
}

/// The field \p Inner, reached by \p Path, lies within the object at which \p Path begins: there is no pointer on it.
static bool isWithin(llvm::ArrayRef<AccessPath::Step> Path, const FieldDecl *Inner) {
  for (const AccessPath::Step &Step : llvm::reverse(Path)) {
    const FieldDecl *Outer = Step.asField();
    const RecordDecl *Class = Outer ? Outer->getType()->getAsRecordDecl() : nullptr;
    if (!Inner || !Class || !hasField(Class, Inner))
      return false;
    Inner = Outer;
  }
  return true;
}

bool SharedAccess::mayHold(const GuardKey &Key) const {
  const FieldDecl *First =
      Key.How == GuardKey::SameObject && !Key.Steps.empty() ? Key.Steps.front().asField() : nullptr;
  bool CanTheyHold = !RunsOutside || !First || First->getAccess() == AS_public || First->getAccess() == AS_none;
  if ((HoldsUnknown && CanTheyHold) || llvm::any_of(MeantToHold, [&](const LockRef &Ref) { return key(Ref) == Key; }))
    return true;
  const FieldDecl *Mutex = Key.Steps.empty() ? nullptr : Key.Steps.back().asField();
  if (!Mutex || !Object)
    return false;
  // A lock of an unknown object is not that of `this`, reached without a pointer: it would have been named.
  if (!Object->root() && isWithin(Object->steps(), dyn_cast<FieldDecl>(Subject)) &&
      isWithin(llvm::ArrayRef<AccessPath::Step>(Key.Steps).drop_back(), Mutex))
    return false;
  auto IsOfSome = [&](const FieldDecl *Field) { return Field && patternOf(Field) == patternOf(Mutex); };
  if (llvm::any_of(HeldOfUnknownObject, IsOfSome))
    return true;
  // Two pointers may point to one object, unless one is reached through the other, as a list's next.
  const FieldDecl *Last = Object->lastField();
  return Last && Last->getType()->isPointerType() && llvm::any_of(Held, [&](const LockRef &Ref) {
           return Ref.Mutex && IsOfSome(Ref.Mutex->lastField()) && !Object->startsWith(Ref.Mutex->parent());
         });
}

bool SharedAccess::canName(const GuardKey &Key) const {
  if (Key.How != GuardKey::OuterObject)
    return true;
  const FieldDecl *First = Key.Steps.empty() ? nullptr : Key.Steps.front().asField();
  return First && anyClassAround([&](const RecordDecl *Class) { return hasField(Class, First); });
}

bool SharedAccess::anyClassAround(llvm::function_ref<bool(const RecordDecl *)> Visit) const {
  if (!Object)
    return false;
  AccessPath Around = *Object;
  while (!Around.steps().empty()) {
    Around = Around.parent();
    const RecordDecl *Class = nullptr;
    if (const FieldDecl *Field = Around.lastField())
      Class = withoutPointers(Field->getType())->getAsRecordDecl();
    else if (Around.isThis())
      Class = thisClass(*In);
    else if (Around.steps().empty() && Around.root())
      Class = withoutPointers(Around.root()->getType())->getAsRecordDecl();
    if (Class && Visit(Class))
      return true;
  }
  return false;
}

SharedAccesses::SharedAccesses(UnitFlow &Flow, Wanted Also) : Flow(Flow), Also(std::move(Also)) {
  LockContext &Locks = Flow.locks();
  std::vector<const FunctionModel *> Without;
  for (const auto &Function : Flow.model().functions()) {
    if (!Function->hasKnownLocks() || isExemptFromLockChecks(Function->Function))
      continue;
    if (Flow.acquiresOrReleases(*Function) || !Locks.heldByCallers(*Function).empty() ||
        !Locks.heldByKnownCallers(*Function).empty() || Locks.isCalledLocked(*Function))
      collect(*Function, /*OnlyKnown=*/false);
    else
      Without.push_back(Function.get());
  }
  // What no function accesses under a lock is left out, unless it is annotated.
  for (const FunctionModel *Function : Without) {
    Named.clear();
    for (const Expr *E : Function->Accesses) {
      const auto *Member = dyn_cast<MemberExpr>(E);
      const auto *Ref = dyn_cast<DeclRefExpr>(E);
      const ValueDecl *Decl = Member ? Member->getMemberDecl() : Ref ? Ref->getDecl() : nullptr;
      if (const auto *Field = dyn_cast_or_null<FieldDecl>(Decl))
        Decl = patternOf(Field);
      if (Decl)
        Named.insert(cast<ValueDecl>(Decl->getCanonicalDecl()));
    }
    // What it gets at by functions that return a reference is its access, not theirs.
    for (const CallExpr *Call : Function->Calls)
      if (const FunctionDecl *Callee = Call->isGLValue() ? Call->getDirectCallee() : nullptr)
        if (std::optional<AccessPath> Place = accessedBy(Callee, Flow.model().names())) {
          if (const FieldDecl *Field = Place->lastField())
            Named.insert(cast<ValueDecl>(patternOf(Field)->getCanonicalDecl()));
          else if (Place->steps().empty() && Place->root())
            Named.insert(cast<ValueDecl>(Place->root()->getCanonicalDecl()));
        }
    if (llvm::any_of(Named,
                     [&](const ValueDecl *Decl) { return this->Also || Index.contains(Decl) || Decl->hasAttrs(); }))
      collect(*Function, /*OnlyKnown=*/true);
  }
}

bool SharedAccesses::isShareable(const ValueDecl *Subject, bool IsWhole) {
  LockTypes &Types = Flow.model().types();
  CatalogIndex &Names = Flow.model().names();
  QualType Type = Subject->getType();
  if (Type->isReferenceType() || Type.isConstQualified() || Types.isSynchronised(Type) || Types.mutex(Type) ||
      Types.guard(Type) || Names.thread(classOf(Type)) || isAnnotated(Subject, "ward::not_shared"))
    return false;
  if (const auto *Variable = dyn_cast<VarDecl>(Subject);
      Variable &&
      (!Variable->hasGlobalStorage() || Variable->getTSCSpec() != TSCS_unspecified || Variable->isConstexpr()))
    return false;
  if (isInSystemHeader(Subject->getLocation(), Flow.model().context().getSourceManager()))
    return false;
  // An object with a lock or an atomic inside synchronises itself.
  const RecordDecl *Record = recordOf(Type);
  return !IsWhole || !Record ||
         llvm::none_of(Record->fields(), [&](const FieldDecl *Field) { return Types.isSynchronised(Field->getType()); });
}

/// \p Closure is what a public or free function returns.
static bool isReturned(const FunctionModel &Closure, CatalogIndex &Names) {
  const FunctionModel *Maker = isClosure(Closure.Function) ? Closure.Enclosing : nullptr;
  AccessSpecifier Access = Maker ? Maker->Function->getAccess() : AS_private;
  if (!Maker || Access == AS_private || Access == AS_protected || isClosure(Maker->Function))
    return false;
  return llvm::any_of(Names.returnedBy(Maker->Function), [&](const Expr *Value) {
    const LambdaExpr *Lambda = lambdaOf(Value, Names);
    return Lambda && Lambda->getCallOperator() == Closure.Function;
  });
}

/// \p Object is what a copy constructor copies: others may have it.
static bool isBeingCopied(const AccessPath &Object, const FunctionModel &Function) {
  const auto *Constructor = dyn_cast<CXXConstructorDecl>(Function.Function);
  return Constructor && Constructor->isCopyConstructor() &&
         Object.root() == Constructor->getParamDecl(0)->getCanonicalDecl();
}

/// \p Subject is a pointer that can't change.
static bool isConstPointer(const ValueDecl *Subject) { return Subject->getType().isConstQualified() && !Subject->getType()->isReferenceType(); }

bool SharedAccesses::mayGuardPointee(const ValueDecl *Subject, bool IsAssumed) {
  QualType Type = Subject->getType();
  if (IsAssumed || !isa<FieldDecl>(Subject))
    return false;
  QualType Pointee = Type->isPointerType() ? Type->getPointeeType() : QualType();
  if (const auto *Owner = dyn_cast_or_null<ClassTemplateSpecializationDecl>(Type->getAsCXXRecordDecl());
      Owner && Flow.model().names().isCarrier(Owner) && Owner->getTemplateArgs().size() > 0 &&
      Owner->getTemplateArgs()[0].getKind() == TemplateArgument::Type)
    Pointee = Owner->getTemplateArgs()[0].getAsType();
  if (!Pointee.isNull() && Pointee->isArrayType())
    Pointee = Flow.model().context().getBaseElementType(Pointee);
  // Numbers, and what a library's containers hold.
  if (!Pointee.isNull() && !Pointee.isConstQualified() &&
      (Pointee->isArithmeticType() || Flow.model().names().isValue(classOf(Pointee))))
    return true;
  const RecordDecl *Class = Pointee.isNull() ? nullptr : recordOf(Pointee);
  const auto *WithFunctions = dyn_cast_or_null<CXXRecordDecl>(Class);
  return Class && !isLibraryCode(Class) && !(WithFunctions && WithFunctions->isPolymorphic()) &&
         !Flow.model().types().isInternallySynchronised(Pointee);
}

void SharedAccesses::collect(const FunctionModel &Function, bool OnlyKnown) {
  for (const ClassifiedAccess &Access : Flow.accesses(Function))
    collect(Function, Access, OnlyKnown);
  const auto *Copies = dyn_cast<CXXConstructorDecl>(Function.Function);
  if (!Copies || !Copies->isCopyConstructor())
    return;
  // Its initialisers copy from an object that others may have.
  FunctionAccesses Initialisers = walkInitialisers(Copies, Flow.model(), CallEffects::of(Flow.model()));
  for (ClassifiedAccess &Access : Initialisers.Plain) {
    Access.Statement = Access.Statement ? Access.Statement : Access.Where;
    collect(Function, Access, OnlyKnown);
  }
}

void SharedAccesses::collect(const FunctionModel &Function, const ClassifiedAccess &Access, bool OnlyKnown) {
  ReferringTypes &Refers = CallEffects::of(Flow.model()).places().types();
  const AccessPath &Path = Access.Path;
  // A use of a local copy of a pointer does not read the original again.
  size_t Copied = Access.Copied;
  bool Writes = Access.Kind != AccessKind::Read, IsAssumed = Access.isAssumed();
  // From the whole path to its root: a write to a member is also one to the objects around it, up to the next
  // pointer.
  AccessPath Rest = Path;
  bool Behind = Access.Indirect, IsWhole = true;
  while (!Copied || Rest.steps().size() > Copied) {
    const FieldDecl *Field = Rest.lastField();
    const ValueDecl *Subject = Field                  ? static_cast<const ValueDecl *>(patternOf(Field))
                               : Rest.steps().empty() ? Rest.root()
                                                      : nullptr;
    if (Subject) {
      QualType Type = Subject->getType();
      bool Pointer = Type->isPointerType() || Type->isReferenceType() ||
                     (Flow.model().names().isPointer(classOf(Type)) && !Refers.holdsItsObject(Type));
      std::optional<AccessPath> Object = Field ? std::optional(Rest.parent()) : std::nullopt;
      // The pointee is written; the pointer is only read.
      if (Access.Pointer &&
          (Rest.steps().size() < *Access.Pointer || (Rest.steps().size() == *Access.Pointer && !Pointer)))
        Writes = IsAssumed = false;
      if (Pointer && (!IsWhole || Behind)) {
        if (Subject->hasAttrs() || mayGuardPointee(Subject, IsAssumed))
          add(Function, Access, Subject, Object, Writes, IsAssumed, /*IsIndirect=*/true, OnlyKnown);
        Writes = IsAssumed = false;
      }
      // A member that synchronises itself is no access to the objects around it.
      if (Field && (Flow.model().types().isSynchronised(Type) || Flow.model().types().mutex(Type)))
        break;
      if (isShareable(Subject, IsWhole))
        add(Function, Access, Subject, std::move(Object), Writes, IsAssumed, /*IsIndirect=*/false, OnlyKnown);
      IsWhole = false;
      Behind = false;
      // An object with a lock of its own is changed without the lock of what contains it.
      if ((Writes || IsAssumed) && Field && hasLockField(Field->getParent(), Flow.model().types()))
        Writes = IsAssumed = false;
    }
    if (Rest.steps().empty())
      break;
    Rest = Rest.parent();
  }
}

void SharedAccesses::add(const FunctionModel &Function, const ClassifiedAccess &Access, const ValueDecl *Subject,
                         std::optional<AccessPath> Object, bool IsWrite, bool IsAssumed, bool IsIndirect, bool OnlyKnown) {
  Subject = cast<ValueDecl>(Subject->getCanonicalDecl());
  if (!isShareable(Subject, /*IsWhole=*/false) && !(IsIndirect && isConstPointer(Subject)))
    return;
  bool Known = Index.contains(Subject);
  // The access by an accessor is that of the accessor's body.
  if (OnlyKnown && Also && !Named.contains(Subject))
    return;
  if (OnlyKnown && !Known && !Subject->hasAttrs() && !(Also && Also(Subject, Object ? &*Object : nullptr)))
    return;
  LockContext &Locks = Flow.locks();
  if (Locks.isUnreachable(Function, Access.Where))
    return;
  SharedAccess Result{};
  Result.Subject = Subject;
  Result.In = &Function;
  Result.Where = Access.Where;
  Result.Statement = Access.Statement;
  Result.IsThroughAlias = Access.IsThroughAlias;
  Result.IsWrite = IsWrite;
  Result.IsIndirect = IsIndirect;
  Result.Held = Locks.heldAt(Function, Access.Where);
  Result.Held.append(Locks.assumedAt(Function, Access.Where, Result.HoldsUnknown));
  llvm::erase_if(Result.Held, [&](const LockRef &Ref) { return Flow.triedLocks().contains(Ref); });
  size_t Length = Object ? Object->steps().size() + 1 : 0;
  Result.Object = std::move(Object);
  if (Access.Path.steps().size() > Length && Access.Path.steps()[Length].asField())
    Result.Part = patternOf(Access.Path.steps()[Length].asField());
  if (IsAssumed) {
    Result.By = Access.By;
    Result.ByArgument = Access.Argument;
  }
  for (const LockRef &Ref : Locks.heldByCallers(Function))
    if (!Ref.Mutex && Ref.Member)
      Result.HeldOfUnknownObject.push_back(Ref.Member);
  for (const LockRef &Ref : Result.Held)
    Result.HoldsUnknown |=
        !Ref.Mutex || (Ref.Mutex->root() && isa<ParmVarDecl>(Ref.Mutex->root()) && Ref.Mutex->steps().empty());
  Result.HoldsUnknown |= Locks.isUnknown(Function);
  Result.RunsOutside = Result.HoldsUnknown && isReturned(Function, Flow.model().names());
  const CXXRecordDecl *Class = Result.Object && Result.Object->isThis() ? thisClass(Function) : nullptr;
  Result.HoldsUnknown |= Class && isInsideOwnLock(Function, Access.Where, Class, Flow.model());
  if (!Function.Discarded.empty() || !Function.Guards.empty())
    Result.MeantToHold = meantToHoldAt(Function, Access.Where, Flow.model());
  Result.HeldByKnownCallers = Locks.heldByKnownCallers(Function);
  ConfinedCode &Confined = Flow.confined();
  bool Born =
      Confined.isConstructionOrDestruction(Function, Access.Where) && Result.Object &&
      (!Result.Object->root() || (isa<ParmVarDecl>(Result.Object->root()) && !isBeingCopied(*Result.Object, Function)));
  // If a lock of a local object is acquired, other threads can reach the object.
  auto IsItsOwn = [&](const LockRef &Ref) {
    return Ref.Mutex && Result.Object && Ref.Mutex->root() == Result.Object->root();
  };
  // A guard belongs to the code that has it.
  bool IsOfGuard = Class && Flow.model().types().guard(typeOf(Flow.model().context(), Class));
  bool IsMade = Result.Object && !Flow.model().context().getLangOpts().CPlusPlus &&
                isSetUpOrDestroyedIn(Function, *Result.Object, Flow.model().names());
  Result.IsOwn = Born || IsOfGuard || (IsMade && Result.Held.empty()) || (Result.Object && llvm::none_of(Result.Held, IsItsOwn) &&
                          Confined.isOwn(*Result.Object, Function, Access.Where));
  Result.IsConfined =
      Result.IsOwn || (Result.Held.empty() && Confined.isBeforeStartOrAfterJoin(Function, Access.Where));
  if (!Known) {
    Index[Subject] = Groups.size();
    Groups.push_back({Subject, {}});
  }
  Groups[Index[Subject]].Accesses.push_back(std::move(Result));
}

} // namespace ward
