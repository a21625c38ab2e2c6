// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Where thread classes and pools are used: what their objects are given, and by which call the thread that runs it is started.
#include "model/ThreadObjects.h"

#include "model/Callables.h"
#include "model/StmtParents.h"
#include "model/ThreadHandle.h"

#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Basic/SourceManager.h"

using namespace clang;

namespace ward {
namespace {

/// The class of the object that \p E names, points to or creates, before conversions to a base class.
const CXXRecordDecl *dynamicClass(const Expr *E, CatalogIndex &Names) {
  E = withoutAddressOf(originalValue(E, Names));
  if (const auto *Call = dyn_cast<CallExpr>(E))
    if (const CXXRecordDecl *Made = Call->getDirectCallee() && Names.isEmplacer(Call->getDirectCallee()) ? emplacedClass(Call) : nullptr)
      return Made;
  QualType Type = E->getType().getNonReferenceType();
  if (Names.isPointer(classOf(Type)))
    Type = firstTypeArgument(Type);
  else if (Type->isPointerType())
    Type = Type->getPointeeType();
  const CXXRecordDecl *Class = Type.isNull() ? nullptr : Type->getAsCXXRecordDecl();
  return Class && Class->hasDefinition() ? Class->getDefinition() : nullptr;
}

const FunctionModel *overrideIn(const CXXMethodDecl *Method, const CXXRecordDecl *Class, UnitModel &Unit) {
  if (!Class || Class->isDependentContext())
    return nullptr;
  const CXXMethodDecl *Own = Method->getCorrespondingMethodInClass(Class, /*MayBeBase=*/true);
  return Own && !Own->isPureVirtual() ? Unit.function(Own) : nullptr;
}

/// \p Type is that of an object, and not of a pointer to one.
bool isObject(QualType Type, CatalogIndex &Names) {
  return Type->isRecordType() && !Names.isPointer(classOf(Type)) && !Names.isValue(classOf(Type));
}

} // namespace

const FunctionModel *overrideFor(const CXXMethodDecl *Method, const Expr *E, UnitModel &Unit) {
  return overrideIn(Method, dynamicClass(E, Unit.names()), Unit);
}

/// The thread is the only one that runs tasks of the object: its handle is a member, and not one of several.
bool ThreadObjects::isSerial(const Start &At) const {
  if (At.Origin->End != ThreadEnd::Handle || At.Origin->Parallel ||
      (At.Origin->In && StmtParents(At.Origin->In->Body).isInLoop(At.Origin->Site)))
    return false;
  HandlePlace Place = placeOf(*At.Origin, Unit.names());
  return Place.Kind == HandlePlace::Member && Place.Field && Unit.names().thread(classOf(Place.Field->getType()));
}

const FunctionModel *ThreadObjects::codeOf(const StoredValue &Value, const StoredRun &Run) const {
  if (!Value.E)
    return nullptr;
  if (Run.Method)
    return overrideFor(Run.Method, Value.E, Unit);
  Spawn Asked{Value.E, Value.In, Value.E, {}, ThreadEnd::Detached};
  if (const auto *Ref = dyn_cast<DeclRefExpr>(Value.E); Ref && isa<ParmVarDecl>(Ref->getDecl()))
    return nullptr;
  return Direct.bodyOf(Asked);
}

/// \p Site calls a function that passes one of its parameters on to a thread.
bool ThreadObjects::isPassedOnBy(const Expr *Site) const {
  const FunctionDecl *Callee = nullptr;
  if (const auto *Call = dyn_cast<CallExpr>(Site)) {
    Callee = CallSite::of(Call).Callee;
    if (Callee && Unit.names().isEmplacer(Callee) && !Unit.function(Callee))
      if (const FunctionModel *Constructor = Stored.constructorFor(emplacedClass(Call), CallSite::of(Call).Arguments.size()))
        Callee = Constructor->Function;
  } else if (const auto *Construct = dyn_cast<CXXConstructExpr>(Site)) {
    Callee = calledConstructor(Construct->getConstructor());
  }
  return Callee && llvm::any_of(Passed, [&](const PassedOn &Each) {
           return Each.Function->Function->getCanonicalDecl() == Callee->getCanonicalDecl();
         });
}

const Expr *ownerOfThread(const Expr *Site, const FunctionModel &In) {
  const auto *Call = dyn_cast<CallExpr>(Site);
  if (!Call)
    return Site;
  CallSite How = CallSite::of(Call);
  const Expr *Object = How.Object ? stripped(How.Object) : How.Arguments.empty() ? nullptr : withoutAddressOf(How.Arguments.front());
  // The element of a loop stands for the container.
  const Expr *Inner = Object;
  while (const auto *Operator = dyn_cast_or_null<CXXOperatorCallExpr>(Inner))
    Inner = stripped(Operator->getArg(0));
  if (const auto *Ref = dyn_cast_or_null<DeclRefExpr>(Inner))
    for (const Stmt *Branch : In.Branches)
      if (const auto *Loop = dyn_cast<CXXForRangeStmt>(Branch); Loop && Loop->getLoopVariable() == Ref->getDecl())
        return Loop->getRangeInit();
  return Object;
}

/// What the members of one class, or functions that share a global, store for \p At.
void ThreadObjects::resolveInClass(const FunctionModel &Function, const Start &At) {
  const VarDecl *Root = At.Run.Place.root();
  const CXXRecordDecl *Class = classAround(Function);
  if (Root ? !Root->hasGlobalStorage() || At.Site != At.Origin->Site : !Class)
    return;
  bool AtConstruction = isa<CXXConstructorDecl>(Function.Function);
  if (!Root)
    Classes.insert(Class);
  if (!Root && At.Run.Place.steps().empty())
    return; // a virtual function of the object itself: its uses show which
  std::vector<const FunctionModel *> All;
  if (!Root)
    All = MembersOf[Class];
  else
    for (const auto &Each : Unit.functions())
      All.push_back(Each.get());
  for (const FunctionModel *Other : All)
    for (const Store &Each : Stored.stores(*Other)) {
      if (Each.Value.In != Other || !mayOverlap(Each.Into, At.Run.Place))
        continue;
      const std::optional<AccessPath> &From = Each.Value.Place;
      const auto *Parameter = From && From->steps().empty() ? dyn_cast_or_null<ParmVarDecl>(From->root()) : nullptr;
      bool Later = AtConstruction || Root || Each.AsElement || Other == &Function;
      if (Parameter && Parameter->getDeclContext() == Other->Function) {
        QualType Type = Parameter->getType().getNonReferenceType();
        if (!Later || !(At.Run.Method ? Type->isPointerType() || Type->isRecordType() : containsCallable(Type, Unit.names()) || Type->isMemberPointerType()))
          continue;
        pass(*Other, Parameter, At, Other != &Function && !isa<CXXConstructorDecl>(Other->Function), !AtConstruction && !Root && Other != &Function);
      } else if (codeOf(Each.Value, At.Run)) {
        bool AtStore = Later && Other != &Function;
        emit(At, AtStore ? *Other : Function, AtStore ? Each.Site : At.Site, Each.Value, Each.Site);
      }
    }
}

/// The function joins the thread of its local \p Object, or the destruction of the object does.
bool ThreadObjects::endsInside(const FunctionModel &Function, const VarDecl *Object) const {
  if (!Object || !Object->isLocalVarDecl() || Object->isStaticLocal())
    return false;
  if (!Object->getType()->isPointerType() && destructionOf(Object->getType(), Unit) == HandleDestruction::Joins)
    return true;
  return llvm::any_of(Function.Calls, [&](const CallExpr *Call) {
    CatalogIndex &Names = Unit.names();
    if (const Expr *Handle = joinedBy(Call, Names)) {
      std::optional<AccessPath> Path = pathOf(Handle, Names);
      return Path && Path->root() && Path->root()->isLocalVarDecl();
    }
    CallSite Site = CallSite::of(Call);
    std::optional<AccessPath> Path = Site.Object ? pathOf(Site.Object, Names) : std::nullopt;
    const FunctionModel *Callee = Path && Path->root() == Object->getCanonicalDecl() ? Unit.function(Site.Callee) : nullptr;
    return Callee && llvm::any_of(Callee->Calls, [&](const CallExpr *Inner) { return joinedBy(Inner, Names) != nullptr; });
  });
}

void ThreadObjects::pass(const FunctionModel &Function, const ParmVarDecl *Parameter, const Start &At, bool Posted, bool NeedsStart) {
  unsigned Index = Parameter->getFunctionScopeIndex();
  if (llvm::any_of(Passed, [&](const PassedOn &Known) { return Known.Function == &Function && Known.Parameter == Index; }))
    return;
  PassedOn One{&Function, Index, At.Run.Method, Posted && isSerial(At), At.Run.Caught, NeedsStart, endsInside(Function, At.Run.Place.root())};
  for (const std::optional<AccessPath> &Argument : At.Run.Arguments) {
    const ParmVarDecl *From = nullptr;
    for (const Store &Each : Stored.stores(Function))
      if (Argument && !From && Each.Into == *Argument && Each.Value.Place && Each.Value.Place->steps().empty())
        From = dyn_cast_or_null<ParmVarDecl>(Each.Value.Place->root());
    if (!From || From->getDeclContext() != Function.Function)
      break;
    One.Arguments.push_back(From->getFunctionScopeIndex());
  }
  Passed.push_back(std::move(One));
}

/// What \p Function itself stores in a local object that it starts.
void ThreadObjects::resolveHere(const FunctionModel &Function, const Start &At) {
  const VarDecl *Root = At.Run.Place.root();
  if (!Root || Root->hasGlobalStorage() || isa<ParmVarDecl>(Root))
    return;
  if (!At.Run.Method && At.Run.Place.steps().empty() && !Root->getType()->isPointerType() && !Unit.names().isPointer(classOf(Root->getType())))
    return; // a closure in a closure, which is captured
  const SourceManager &Sources = Unit.context().getSourceManager();
  // A virtual function of the object itself.
  const FieldDecl *Last = At.Run.Place.lastField();
  QualType Type = (Last ? Last->getType() : Root->getType()).getNonReferenceType();
  if (At.Run.Method && isObject(Type, Unit.names()))
    return emitObject(At, Function, At.Run.Place);
  for (const Store &Each : Stored.stores(Function)) {
    if (Each.Value.In != &Function || !mayOverlap(Each.Into, At.Run.Place) || isPassedOnBy(Each.Site))
      continue;
    const auto *Parameter = Each.Value.Place ? dyn_cast_or_null<ParmVarDecl>(Each.Value.Place->root()) : nullptr;
    if (Parameter && Each.Value.Place->steps().empty() && Parameter->getDeclContext() == Function.Function &&
        (At.Run.Method || containsCallable(Parameter->getType(), Unit.names()))) {
      pass(Function, Parameter, At, /*Posted=*/false, /*NeedsStart=*/false);
      continue;
    }
    if (!codeOf(Each.Value, At.Run))
      continue;
    bool StoredLater = Sources.isBeforeInTranslationUnit(At.Site->getBeginLoc(), Each.Site->getBeginLoc());
    emit(At, Function, StoredLater ? Each.Site : At.Site, Each.Value, Each.Site);
  }
}

void ThreadObjects::emit(const Start &At, const FunctionModel &In, const Expr *Site, const StoredValue &What, const Expr *StoredAt) {
  const FunctionModel *Code = codeOf(What, At.Run);
  Spawn Started{Site, &In, What.E, {}, ThreadEnd::Detached, At.Origin->Parallel, At.Origin->CarriesExceptions || At.Run.Caught};
  Started.Owner = ownerOfThread(Site, In);
  Started.Serial = Site != At.Site && isSerial(At);
  Started.Executor = Started.Serial ? Started.Owner : nullptr;
  if (At.Run.Method) {
    Started.Body = Code;
    addGiven(Started, *What.In, What.Place ? *What.Place : At.Run.Place, What.Place ? nullptr : StoredAt);
    return add(std::move(Started), At.Run);
  }
  for (const std::optional<AccessPath> &Argument : At.Run.Arguments) {
    const Expr *Value = nullptr;
    for (const Store &Each : Stored.stores(*What.In))
      if (Argument && !Value && Each.Into == *Argument && Each.Value.In == What.In)
        Value = Each.Value.E;
    if (!Value)
      break;
    Started.Arguments.push_back(Value);
  }
  add(std::move(Started), At.Run);
}

/// The thread runs a virtual function of the local object \p Object.
void ThreadObjects::emitObject(const Start &At, const FunctionModel &In, const AccessPath &Object) {
  const FieldDecl *Last = Object.lastField();
  QualType Type = (Last ? Last->getType() : Object.root()->getType()).getNonReferenceType();
  const CXXRecordDecl *Class = Type->getAsCXXRecordDecl();
  const FunctionModel *Code = Class && Class->hasDefinition() ? overrideIn(At.Run.Method, Class->getDefinition(), Unit) : nullptr;
  if (!Code)
    return;
  const Expr *Owner = ownerOfThread(At.Site, In);
  Spawn Started{At.Site, &In, Owner ? Owner : At.Site, {}, ThreadEnd::Detached, At.Origin->Parallel,
                At.Origin->CarriesExceptions || At.Run.Caught};
  Started.Owner = Owner;
  Started.Body = Code;
  addGiven(Started, In, Object, nullptr);
  add(std::move(Started), At.Run);
}

/// The references and pointers that the object of the thread's function has been given.
void ThreadObjects::addGiven(Spawn &Started, const FunctionModel &In, const AccessPath &Object, const Expr *StoredAt) {
  for (const Store &Each : Stored.stores(In)) {
    const FieldDecl *Field = Each.Into.lastField();
    if (!Field || !Each.Into.startsWith(Object) || Each.Into.steps().size() != Object.steps().size() + 1 || Each.Value.In != &In ||
        !Each.Value.E || (StoredAt && Each.Site != StoredAt))
      continue;
    if (llvm::none_of(Started.Given, [&](const GivenMember &Known) { return Known.Field == Field && Known.Value == Each.Value.E; }))
      Started.Given.push_back({Field, Each.Value.E});
  }
}

void ThreadObjects::addGivenOf(Spawn &Started, const Expr *E) {
  for (const StoredValue &Each : Stored.values(E, *Started.In)) {
    if (Each.In != Started.In)
      continue;
    if (Each.Place)
      addGiven(Started, *Started.In, *Each.Place, nullptr);
    else
      for (const Store &Known : Stored.stores(*Started.In)) // where the call that is passed the object stores it
        if (Known.Site == Started.Site && Known.Value.E == Each.E)
          addGiven(Started, *Started.In, Known.Into, Started.Site);
  }
}

void ThreadObjects::add(Spawn Started, const StoredRun &Run) {
  const FunctionModel *Body = Started.Body ? Started.Body : Direct.bodyOf(Started);
  if (Run.Call && Body)
    Dispatches.insert({Run.Call, Body});
  for (const Spawn &Known : Found)
    if (Known.Site == Started.Site && Known.Callable == Started.Callable)
      return;
  Found.push_back(std::move(Started));
}

} // namespace ward
