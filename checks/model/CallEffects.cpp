// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "model/CallEffects.h"

#include "compat/Compat.h"
#include "model/AccessWalk.h"
#include "model/Callables.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"

using namespace clang;

namespace ward {
namespace {

/// Calls are looked into so deep; beyond, a function counts as one without a body.
constexpr unsigned MaxNestedCalls = 8;

QualType parameterType(const CallSite &Site, unsigned Index) {
  return Index < Site.Callee->getNumParams() ? Site.Callee->getParamDecl(Index)->getType() : QualType();
}

bool isAssignment(const CXXMethodDecl *Method) {
  return Method->isCopyAssignmentOperator() || Method->isMoveAssignmentOperator();
}

/// A function of the standard library, or a member of a class there: its declaration and the catalog say what it does.
bool isStandard(const FunctionDecl *Function) {
  for (const DeclContext *Up = Function->getDeclContext(); Up; Up = Up->getParent())
    if (Up->isStdNamespace())
      return true;
  return false;
}

/// `==` and its like, and the arithmetic of iterators.
bool onlyCompares(OverloadedOperatorKind Operator) {
  switch (Operator) {
  case OO_EqualEqual:
  case OO_ExclaimEqual:
  case OO_Less:
  case OO_Greater:
  case OO_LessEqual:
  case OO_GreaterEqual:
  case OO_Spaceship:
  case OO_Exclaim:
  case OO_Plus:
  case OO_Minus:
    return true;
  default:
    return false;
  }
}

/// A thread-safe object: other threads wait for what the member function does, or it hands work to them.
bool isForThreads(const CXXMethodDecl *Method, const TagDecl *Class, CatalogIndex &Names) {
  const BlockingEntry *Blocks = Names.blocking(Method, Class);
  bool Waits = Blocks && (Blocks->Kind == BlockingKind::Event || Blocks->Kind == BlockingKind::Result || Blocks->Kind == BlockingKind::Join ||
                          Blocks->Kind == BlockingKind::Condvar || Blocks->Kind == BlockingKind::Message);
  return Waits || Names.spawn(Method) || Names.isHarmless(Method) || Names.thread(Class);
}

} // namespace

CallEffects &CallEffects::of(UnitModel &Unit) {
  std::shared_ptr<CallEffects> &Effects = Unit.callEffects();
  if (!Effects)
    Effects = std::make_shared<CallEffects>(Unit);
  return *Effects;
}

const FunctionDecl *CallEffects::bodyOf(const FunctionDecl *Function) {
  if (!Function || Function->isInvalidDecl() || Function->getBuiltinID() != 0 || isStandard(Function))
    return nullptr;
  const FunctionDecl *Definition = visibleDefinition(Function);
  return Definition && Definition->getBody() && !Definition->isInvalidDecl() ? Definition : nullptr;
}

const FunctionAccesses &CallEffects::accesses(const FunctionDecl *Function, const Stmt *Body) {
  std::unique_ptr<FunctionAccesses> &Slot = Accesses[Function];
  if (!Slot) {
    Slot = std::make_unique<FunctionAccesses>(); // what functions that call each other see of this one meanwhile
    auto Found = std::make_unique<FunctionAccesses>(walkAccesses(Function, Body, Unit, *this));
    Accesses[Function]->Plain = std::move(Found->Plain);
    Accesses[Function]->Atomic = std::move(Found->Atomic);
    Accesses[Function]->Lent = std::move(Found->Lent);
    Accesses[Function]->Closures = std::move(Found->Closures);
  }
  return *Accesses[Function];
}

const CallEffects::Summary *CallEffects::summary(const FunctionDecl *Function) {
  const FunctionDecl *Definition = bodyOf(Function);
  if (!Definition)
    return nullptr;
  if (auto It = Summaries.find(Definition); It != Summaries.end())
    return It->second ? &*It->second : nullptr;
  if (Nesting >= MaxNestedCalls)
    return nullptr;
  ++Nesting;
  // While it is worked out: what is asked for already adds nothing.
  Summaries[Definition] = Summary(Definition->getNumParams() + 1);
  Summary Result = summarise(Definition);
  --Nesting;
  std::optional<Summary> &Slot = Summaries[Definition];
  Slot = std::move(Result);
  return &*Slot;
}

CallEffects::Summary CallEffects::summarise(const FunctionDecl *Definition) {
  Summary Result(Definition->getNumParams() + 1);
  add(Result, Definition, accesses(Definition, Definition->getBody()), MaxNestedCalls);
  if (const auto *Constructor = dyn_cast<CXXConstructorDecl>(Definition))
    add(Result, Definition, walkInitialisers(Constructor, Unit, *this), MaxNestedCalls);
  return Result;
}

void CallEffects::add(Summary &Into, const FunctionDecl *Definition, const FunctionAccesses &Found, unsigned Depth) {
  auto Number = [&](const AccessPath &Path) -> std::optional<unsigned> {
    if (!Path.root())
      return isa<CXXMethodDecl>(Definition) ? std::optional(0U) : std::nullopt;
    const auto *Parameter = dyn_cast<ParmVarDecl>(Path.root());
    if (!Parameter || Parameter->getDeclContext() != Definition)
      return std::nullopt;
    return Parameter->getFunctionScopeIndex() + 1;
  };
  for (const ClassifiedAccess &Access : Found.Plain) {
    std::optional<unsigned> Which = Number(Access.Path);
    if (!Which || *Which >= Into.size() || Access.UnderOwnLock)
      continue;
    Parameter &Does = Into[*Which];
    bool IsTarget = false;
    if (*Which > 0) {
      QualType Type = Definition->getParamDecl(*Which - 1)->getType();
      bool Behind = Access.Indirect || !Access.Path.steps().empty();
      IsTarget = Type->isReferenceType() ? Access.Indirect && Access.Path.steps().empty() : Behind;
      if (!Type->isReferenceType() && !IsTarget)
        continue; // its own copy
    }
    bool Writes = Access.Kind != AccessKind::Read;
    (IsTarget ? Does.ReadsTarget : Does.Reads) = true;
    if (Access.By) {
      if (Writes)
        (IsTarget ? Does.AssumedTarget : Does.Assumed) = true;
      WrittenParameters::Dependency One{static_cast<int>(*Which) - 1, Access.By, Access.Argument, Writes};
      if (!llvm::is_contained(Does.Guesses, One))
        Does.Guesses.push_back(One);
    } else if (Writes) {
      (IsTarget ? Does.WritesTarget : Does.Writes) = true;
    }
  }
  for (const LentPlace &Lent : Found.Lent)
    if (std::optional<unsigned> Which = Lent.Path ? Number(*Lent.Path) : std::nullopt; Which && *Which < Into.size())
      Into[*Which].Lends = true;
  // What its closures do, it may do, or let others do.
  for (const LambdaExpr *Closure : Found.Closures) {
    const FunctionDecl *Code = Closure->getCallOperator();
    if (const FunctionTemplateDecl *Template = Closure->getCallOperator()->getDescribedFunctionTemplate())
      for (const FunctionDecl *Instance : Template->specializations())
        if (Instance->hasBody() && !Instance->isInvalidDecl())
          Code = Instance;
    if (Depth > 0 && Code->getBody())
      add(Into, Definition, accesses(Code, Code->getBody()), Depth - 1);
  }
}

ArgumentEffect CallEffects::byBody(const Summary &Does, unsigned Number, QualType Type) {
  ArgumentEffect Result{CallEffect::None, CallEffect::None};
  if (Number >= Does.size())
    return {};
  const Parameter &Of = Does[Number];
  auto Effect = [&](bool Reads, bool Writes, bool Assumed) {
    if (Writes || Assumed)
      return CallEffect::Writes;
    if (!Of.Guesses.empty() || Of.Lends)
      return CallEffect::MayWrite;
    return Reads ? CallEffect::Reads : CallEffect::None;
  };
  bool IsReference = Type.isNull() || Type->isReferenceType();
  Result.OnObject = IsReference ? Effect(Of.Reads, Of.Writes, Of.Assumed) : CallEffect::Reads;
  Result.OnTarget = Effect(Of.ReadsTarget, Of.WritesTarget, Of.AssumedTarget);
  Result.Keeps = Of.Lends;
  return Result;
}

ArgumentEffect CallEffects::onObject(const CallSite &Site) {
  ArgumentEffect Result;
  const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Site.Callee);
  if (!Method || Method->isConst() || Method->isStatic() || Method->getParent()->isLambda() || isa<CXXConstructorDecl>(Method))
    return Result;
  Result.OnObject = CallEffect::Writes;
  QualType Type = Site.Object ? Site.Object->IgnoreParenImpCasts()->getType() : QualType();
  if (!Type.isNull() && Type->isPointerType())
    Type = Type->getPointeeType();
  const CXXRecordDecl *Class = Method->getParent();
  const TagDecl *ObjectClass = Type.isNull() ? Class : classOf(Type);
  bool Overloaded = !isAssignment(Method) && hasConstOverload(Method);
  // A library may declare a pointer's members in a base of its own.
  if (Names.isPointer(Class) || Names.isPointer(ObjectClass)) {
    Result.OnObject = Overloaded ? CallEffect::Reads : CallEffect::Writes;
    return Result;
  }
  LockTypes &Types = Unit.types();
  QualType Own = typeOf(Unit.context(), Class);
  bool IsTyped = !Type.isNull() && !Type->isDependentType();
  if (Overloaded || isForThreads(Method, ObjectClass, Names) || !Class->hasDefinition() || (IsTyped && Types.guard(Type.getUnqualifiedType())))
    Result.OnObject = CallEffect::Reads;
  else if (Names.isValue(Class) || Names.isValue(ObjectClass))
    return Result;
  else if ((!Class->isDependentType() && Types.isInternallySynchronised(Own)) || (IsTyped && Types.isInternallySynchronised(Type)))
    Result.OnObject = CallEffect::Reads;
  else if (isa<CXXDestructorDecl>(Method) || (isAssignment(Method) && Method->isDefaulted()))
    return Result;
  else if (const Summary *Does = summary(Method)) {
    Result = byBody(*Does, 0, QualType());
    if (Result.OnObject != CallEffect::Writes)
      Result.OnObject = Result.OnObject == CallEffect::MayWrite ? CallEffect::MayWrite : CallEffect::Reads;
    if (!(*Does)[0].Writes && !(*Does)[0].Guesses.empty())
      Result.Guessed = Method;
  } else if (!isLibraryCode(Method)) {
    Result.Guessed = Method;
  }
  return Result;
}

const ArgumentEffectEntry *CallEffects::entryOf(const CallSite &Site) {
  if (const ArgumentEffectEntry *Entry = Names.argumentEffects(Site.Callee))
    return Entry;
  // A function object of a library: std::ranges::sort.
  const auto *Ref = Site.Object ? dyn_cast<DeclRefExpr>(stripped(Site.Object)) : nullptr;
  return Ref && Site.Callee && Site.Callee->getOverloadedOperator() == OO_Call ? Names.argumentEffects(Ref->getDecl()) : nullptr;
}

bool CallEffects::isWritten(const ArgumentEffectEntry &Entry, ArrayRef<const Expr *> Arguments, unsigned Index) {
  ReferringTypes &Types = Finder.types();
  if (Entry.WritesLast) {
    // The output of an algorithm with one input range or two.
    for (unsigned Next = Index + 1; Next < Arguments.size(); ++Next)
      if (Types.isIterator(Arguments[Next]->getType()))
        return false;
    return Types.isIterator(Arguments[Index]->getType());
  }
  unsigned First = !Arguments.empty() && Names.isExecutionPolicy(classOf(Arguments[0]->getType())) ? 1 : 0;
  if (Index < First || First == Arguments.size())
    return false;
  bool IsRange = !Entry.RangeWrites.empty() && !Types.isIterator(Arguments[First]->getType());
  ArrayRef<unsigned> Written = IsRange ? Entry.RangeWrites : Entry.Writes;
  Index -= First;
  return llvm::is_contained(Written, Index) || (Entry.AndFollowing && !Written.empty() && Index > Written.back());
}

bool CallEffects::anyCallableWrites(ArrayRef<const Expr *> Arguments) {
  auto TakesReference = [](QualType Type) { return Type->isLValueReferenceType() && !Type->getPointeeType().isConstQualified(); };
  return llvm::any_of(Arguments, [&](const Expr *Argument) {
    const FunctionDecl *Code = nullptr;
    if (const LambdaExpr *Lambda = lambdaOf(Argument, Names)) {
      Code = Lambda->getCallOperator();
      if (const FunctionTemplateDecl *Template = Lambda->getCallOperator()->getDescribedFunctionTemplate()) {
        // Each of its instantiations may be the one.
        return llvm::any_of(Template->specializations(), [&](const FunctionDecl *Instance) {
          const Summary *Does = summary(Instance);
          return Does && llvm::any_of(llvm::drop_begin(*Does), [](const Parameter &Of) { return Of.Writes || Of.Assumed; });
        });
      }
    } else if (const auto *Ref = dyn_cast<DeclRefExpr>(withoutAddressOf(Argument))) {
      Code = dyn_cast<FunctionDecl>(Ref->getDecl());
    }
    if (!Code)
      return false;
    if (const Summary *Does = summary(Code))
      return llvm::any_of(llvm::drop_begin(*Does), [](const Parameter &Of) { return Of.Writes || Of.Assumed; });
    return llvm::any_of(Code->parameters(), [&](const ParmVarDecl *Parameter) { return TakesReference(Parameter->getType()); });
  });
}

ArgumentEffect CallEffects::onArgument(const CallSite &Site, unsigned Index) {
  const Expr *Argument = Site.Arguments[Index];
  QualType Type = parameterType(Site, Index);
  ReferringTypes &Types = Finder.types();
  if (const ArgumentEffectEntry *Entry = entryOf(Site)) {
    bool Written = Entry->ByCallable ? anyCallableWrites(Site.Arguments) : isWritten(*Entry, Site.Arguments, Index);
    ArgumentEffect Result;
    if (!Written)
      return Result;
    bool ByReference = !Type.isNull() && Type->isLValueReferenceType();
    bool IsHandle = Types.isHandle(Argument->getType());
    if (IsHandle && !(ByReference && Types.isIterator(Argument->getType())))
      Result.OnTarget = CallEffect::Writes;
    else if (ByReference && !Type->getPointeeType().isConstQualified())
      Result.OnObject = CallEffect::Writes;
    return Result;
  }
  ArgumentEffect Result;
  if (const Summary *Does = summary(Site.Callee)) {
    Result = byBody(*Does, Index + 1, Type);
    if (Index + 1 < Does->size()) {
      const Parameter &Of = (*Does)[Index + 1];
      if (!Of.Writes && !Of.WritesTarget && !Of.Guesses.empty())
        Result.Guessed = Site.Callee;
    }
  } else {
    Result = byDeclaration(Site, Index);
  }
  if (Types.movesOnDereference(Argument->getType()))
    Result.OnTarget = CallEffect::Writes;
  return Result;
}

ArgumentEffect CallEffects::byDeclaration(const CallSite &Site, unsigned Index) {
  const FunctionDecl *Callee = Site.Callee;
  const Expr *Argument = Site.Arguments[Index];
  QualType Type = parameterType(Site, Index);
  ReferringTypes &Types = Finder.types();
  LockTypes &Locks = Unit.types();
  ArgumentEffect Result;
  auto IsCareful = [&](QualType Of) { return !Of->isDependentType() && (Locks.isInternallySynchronised(Of) || Locks.guard(Of.getUnqualifiedType())); };
  const FunctionDecl *Own = isLibraryCode(Callee) ? nullptr : Callee;
  const CXXRecordDecl *Made = isa<CXXConstructorDecl>(Callee) ? cast<CXXConstructorDecl>(Callee)->getParent() : nullptr;
  const TypeEntry *Entry = Names.type(Made);
  const AtomicEntry *Atomic = Names.atomic(Made);
  Result.Keeps = (Entry && Entry->Borrows) || (Atomic && Atomic->Refers);
  if (!Type.isNull() && Type->isLValueReferenceType() && !Type->getPointeeType().isConstQualified()) {
    QualType Object = Type->getPointeeType();
    if (!Result.Keeps && !isCopiedFrom(Callee, Index) && !isForwardingReference(Callee, Index) && !hasConstParameterOverload(Callee, Index) &&
        !IsCareful(Object)) {
      Result.OnObject = CallEffect::Writes;
      Result.Guessed = Own;
    }
  }
  // Handed on by value, or as a reference to the handle.
  QualType Given = Argument->getType();
  if (Result.Keeps || !Types.isHandle(Given) || Types.refersToConst(Given))
    return Result;
  if (!Type.isNull() && Type->isPointerType() && (Type->getPointeeType().isConstQualified() || IsCareful(Type->getPointeeType())))
    return Result;
  if (onlyCompares(Callee->getOverloadedOperator()))
    return Result;
  if (const auto *Method = dyn_cast<CXXMethodDecl>(Callee); Method && Names.isValue(Method->getParent()))
    return Result; // a container copies from the range, or is told where in itself
  Result.OnTarget = CallEffect::MayWrite;
  if (!Result.Guessed)
    Result.Guessed = Own;
  return Result;
}

} // namespace ward
