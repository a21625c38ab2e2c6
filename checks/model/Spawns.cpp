// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "model/Spawns.h"

#include "model/Annotations.h"
#include "model/Callables.h"
#include "model/ThreadHandle.h"
#include "model/ThreadObjects.h"
#include "model/UnconditionalCode.h"

#include "clang/AST/Attr.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace ward {
namespace {

/// How deep wrappers of wrappers are followed.
constexpr unsigned MaxRounds = 6;

/// The class of \p E, or of its pointee.
const TagDecl *classBehind(const Expr *E) {
  QualType Type = E->getType().getNonReferenceType();
  return classOf(Type->isPointerType() ? Type->getPointeeType() : Type);
}

/// How deep `pool.get_executor()` and local variables are followed back to `pool`.
constexpr unsigned MaxOwnerDepth = 4;

/// The object that owns the threads for a task that is submitted to \p E: a pool, or the pool of an executor; null if unknown.
const Expr *ownerBehind(const Expr *E, CatalogIndex &Names, unsigned Depth = MaxOwnerDepth) {
  if (!E || Depth == 0)
    return nullptr;
  E = originalValue(E, Names);
  if (Names.thread(classBehind(E)))
    return E;
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) {
    const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl());
    return Variable && Variable->isLocalVarDecl() ? ownerBehind(Variable->getInit(), Names, Depth - 1) : nullptr;
  }
  const auto *Call = dyn_cast<CallExpr>(E);
  if (!Call)
    return nullptr;
  CallSite Site = CallSite::of(Call);
  if (const Expr *Owner = ownerBehind(Site.Object, Names, Depth - 1))
    return Owner;
  for (const Expr *Argument : Site.Arguments)
    if (const Expr *Owner = ownerBehind(Argument, Names, Depth - 1))
      return Owner;
  return nullptr;
}

/// The index of the last callable of \p Arguments, which a completion token or a partitioner may follow; of the last argument if none
/// is known to be callable.
size_t lastCallable(ArrayRef<const Expr *> Arguments, CatalogIndex &Names) {
  for (size_t I = Arguments.size(); I-- > 0;)
    if (lambdaOf(Arguments[I], Names) || containsCallable(Arguments[I]->getType(), Names) ||
        Arguments[I]->IgnoreImpCasts()->getType()->isFunctionType())
      return I;
  return Arguments.size() - 1;
}

/// The default initialiser of \p Field does not join the threads that it starts, as `std::async(f).get()` does.
bool leavesThreads(const FieldDecl *Field, CatalogIndex &Names) {
  bool Joins = false;
  forEachExpression(Field->getInClassInitializer(), [&](const Expr *E) {
    const auto *Call = dyn_cast<CallExpr>(E);
    Joins |= Call && joinedBy(Call, Names);
  });
  return !Joins;
}

} // namespace

Spawns::Spawns(UnitModel &Unit) : Unit(Unit) {
  for (const auto &Function : Unit.functions())
    collectDirect(*Function);
  for (const FieldDecl *Field : Unit.initialisedFields())
    if (leavesThreads(Field, Unit.names()))
      forEachExpression(Field->getInClassInitializer(), [&](const Expr *E) {
        if (const auto *Construct = dyn_cast<CXXConstructExpr>(E))
          collectConstruct({nullptr, Field}, Construct);
        else if (const auto *Call = dyn_cast<CallExpr>(E))
          collectCall({nullptr, Field}, Call);
      });
  // `handle_.launch(&Task::enter, this)`: what a thread class of the user's starts by another one.
  if (!Found.empty()) {
    summariseAll();
    for (const auto &Function : Unit.functions())
      for (const CallExpr *Call : Function->Calls)
        if (CallSite Site = CallSite::of(Call); Site.Callee)
          addThroughWrapper({Function.get()}, Call, Site, /*OnlyWithArguments=*/true);
  }
  addThreadObjects();
  summariseAll();
  for (const auto &Function : Unit.functions()) {
    for (const CallExpr *Call : Function->Calls)
      addWrappedCall({Function.get()}, Call);
    for (const CXXConstructExpr *Construct : Function->Constructs)
      addThroughWrapper({Function.get()}, Construct, CallSite::of(Construct));
  }
  for (const FieldDecl *Field : Unit.initialisedFields())
    if (leavesThreads(Field, Unit.names()))
      forEachExpression(Field->getInClassInitializer(), [&](const Expr *E) {
        if (const auto *Construct = dyn_cast<CXXConstructExpr>(E); Construct && !Construct->getConstructor()->isCopyOrMoveConstructor())
          addThroughWrapper({nullptr, Field}, Construct, CallSite::of(Construct));
        else if (const auto *Call = dyn_cast<CallExpr>(E))
          addWrappedCall({nullptr, Field}, Call);
      });
  resolveExecutors();
}

Spawns::~Spawns() = default;

/// A function that passes a parameter on to a spawn is a spawn too; iterate to the fixed point.
void Spawns::summariseAll() {
  for (unsigned Round = 0; Round != MaxRounds; ++Round) {
    bool Changed = false;
    for (const auto &Function : Unit.functions())
      Changed |= summarise(*Function);
    if (!Changed)
      break;
  }
}

void Spawns::collectDirect(const FunctionModel &Function) {
  for (const CXXConstructExpr *Construct : Function.Constructs)
    collectConstruct({&Function}, Construct);
  for (const CallExpr *Call : Function.Calls)
    collectCall({&Function}, Call);
}

void Spawns::collectConstruct(Place In, const CXXConstructExpr *Construct) {
  const CXXConstructorDecl *Constructor = Construct->getConstructor();
  const SpawnEntry *Entry = Unit.names().spawn(Constructor->getParent());
  if (Entry && !Constructor->isCopyOrMoveConstructor())
    addCatalogued(In, Construct, *Entry, {Construct->getArgs(), Construct->getNumArgs()});
}

void Spawns::collectCall(Place In, const CallExpr *Call) {
  const FunctionDecl *Callee = Call->getDirectCallee();
  if (!Callee)
    return;
  CallSite Site = CallSite::of(Call);
  if (const SpawnEntry *Entry = Unit.names().spawn(Callee)) { // more detailed than an annotation
    addCatalogued(In, Call, *Entry, Site.Arguments);
    return;
  }
  addDerived(In, Call, Site);
  if (Unit.names().isEmplacer(Callee))
    addEmplaced(In, Call);
  for (unsigned I = 0; I != Site.Arguments.size(); ++I) {
    bool Whole = I == 0 && (isAnnotated(Callee, "ward::spawn") || isAnnotated(Callee, "ward::scoped_spawn"));
    const ParmVarDecl *Parameter = I < Callee->getNumParams() ? Callee->getParamDecl(I) : nullptr;
    bool Scoped = isAnnotated(Callee, "ward::scoped_spawn") || (Parameter && isAnnotated(Parameter, "ward::scoped_spawn"));
    if (Whole || Scoped || (Parameter && isAnnotated(Parameter, "ward::spawn"))) {
      Found.push_back({Call, In.Function, Site.Arguments[I], {}, Scoped ? ThreadEnd::Scoped : ThreadEnd::Detached});
      Found.back().Field = In.Field;
    }
  }
}

void Spawns::addCatalogued(Place In, const Expr *Site, const SpawnEntry &Entry, ArrayRef<const Expr *> Arguments) {
  Spawn Started{Site, In.Function, nullptr, {}, Entry.End, Entry.Parallel, Entry.CarriesExceptions};
  Started.Field = In.Field;
  if (Entry.Together) {
    Started.Together = true;
    for (const Expr *Argument : Arguments) {
      Started.Callable = Argument;
      if (lambdaOf(Argument, Unit.names()) || containsCallable(Argument->getType(), Unit.names()))
        Found.push_back(Started);
    }
    return;
  }
  if (!readArguments(Started, Entry, Arguments))
    return;
  if (Entry.End == ThreadEnd::Scoped) { // s.spawn(f), builder.spawn_scoped(s, f)
    const auto *Call = dyn_cast<CallExpr>(Site);
    Started.Scope = Started.Callable != Arguments.front() ? Arguments.front() : Call ? CallSite::of(Call).Object : nullptr;
  }
  if (Entry.End == ThreadEnd::Detached) { // the owner may join it
    const auto *Call = dyn_cast<CallExpr>(Site);
    Started.Owner = Call ? ownerBehind(CallSite::of(Call).Object, Unit.names()) : nullptr;
    for (size_t I = 0; !Started.Owner && I != Arguments.size() && Arguments[I] != Started.Callable; ++I)
      Started.Owner = ownerBehind(Arguments[I], Unit.names());
    if (Entry.OnExecutor) {
      llvm::SmallVector<const Expr *, 4> Executors;
      if (Call && CallSite::of(Call).Object)
        Executors.push_back(CallSite::of(Call).Object);
      Executors.append(Arguments.begin(), llvm::find(Arguments, Started.Callable));
      recordExecutor(Started, Executors);
    }
  }
  Found.push_back(std::move(Started));
}

bool Spawns::readArguments(Spawn &Started, const SpawnEntry &Entry, ArrayRef<const Expr *> Arguments) const {
  auto IsOneOf = [](const Expr *E, const std::vector<std::string> &Names) {
    const TagDecl *Class = classBehind(E);
    return Class && llvm::is_contained(Names, qualifiedName(*Class));
  };
  while (!Arguments.empty() && isa<CXXDefaultArgExpr>(Arguments.back()))
    Arguments = Arguments.drop_back();
  if (!Entry.Needs.empty() && llvm::none_of(Arguments, [&](const Expr *E) { return IsOneOf(E, Entry.Needs); }))
    return false;
  while (!Arguments.empty() && IsOneOf(Arguments.front(), Entry.Skips)) {
    // std::launch::deferred alone runs it on the thread that waits for the result.
    if (const auto *Policy = dyn_cast<DeclRefExpr>(stripped(Arguments.front()));
        Policy && Policy->getDecl()->getNameAsString() == "deferred")
      return false;
    Arguments = Arguments.drop_front();
  }
  if (Arguments.empty())
    return false;
  size_t Index = Entry.Callable < 0 ? lastCallable(Arguments, Unit.names()) : static_cast<size_t>(Entry.Callable);
  if (Index >= Arguments.size())
    return false;
  Started.Callable = Arguments[Index];
  const TypeEntry *Carrier = Unit.names().type(classOf(Started.Callable->getType().getNonReferenceType()));
  Started.CarriesExceptions |= Carrier && Carrier->KeepsExceptions;
  if (Entry.HandleArgument >= 0 && static_cast<size_t>(Entry.HandleArgument) < Arguments.size())
    Started.Handle = Arguments[Entry.HandleArgument];
  if (Entry.Argument >= 0 && static_cast<size_t>(Entry.Argument) < Arguments.size())
    Started.Arguments.push_back(Arguments[Entry.Argument]);
  else if (Entry.PassesArguments)
    Started.Arguments.append(Arguments.begin() + Index + 1, Arguments.end());
  return true;
}

/// `threads.emplace_back(f)`, `std::make_unique<std::thread>(f)`: constructs a thread in place from the arguments.
void Spawns::addEmplaced(Place In, const CallExpr *Call) {
  const SpawnEntry *Entry = Unit.names().spawn(emplacedClass(Call));
  CallSite Site = CallSite::of(Call);
  if (!Entry || Site.Arguments.empty())
    return;
  addCatalogued(In, Call, *Entry, Site.Arguments);
}

void Spawns::addDerived(Place In, const CallExpr *Call, const CallSite &Site) {
  const auto *Method = dyn_cast<CXXMethodDecl>(Site.Callee);
  const ThreadEntry *Entry = Method && Site.Object ? Unit.names().thread(Method->getParent()) : nullptr;
  if (!Entry || Entry->Runs.empty() || !llvm::is_contained(Entry->Start, Method->getNameAsString()))
    return;
  for (const CXXMethodDecl *Each : Method->getParent()->methods())
    if (Each->isVirtual() && Each->getNameAsString() == Entry->Runs)
      if (const FunctionModel *Body = overrideFor(Each, Site.Object, Unit)) {
        Spawn Started{Call, In.Function, Site.Object, {}, ThreadEnd::Detached};
        Started.Field = In.Field;
        Started.Owner = Site.Object;
        Started.Body = Body;
        Found.push_back(std::move(Started));
      }
}

const FunctionModel *Spawns::ownCallee(const Spawn &Started, const Expr *Call) const {
  const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
  const CXXMethodDecl *Method = Member ? Member->getMethodDecl() : nullptr;
  if (!Method || !isa<CXXThisExpr>(stripped(Member->getImplicitObjectArgument())))
    return nullptr;
  if (Method->isVirtual() && Started.ObjectClass)
    if (const CXXMethodDecl *Own = Method->getCorrespondingMethodInClass(Started.ObjectClass, /*MayBeBase=*/true))
      Method = Own;
  return Unit.function(Method);
}

const FunctionModel *Spawns::bodyOf(const Spawn &Started) const {
  if (Started.Body)
    return Started.Body;
  const CallExpr *Bound = bindOf(Started.Callable, Unit.names());
  const Expr *Callable = Bound && Bound->getNumArgs() > 0 ? Bound->getArg(0) : Started.Callable;
  if (const LambdaExpr *Lambda = lambdaOf(Callable, Unit.names()))
    return Unit.function(Lambda->getCallOperator());
  Callable = withoutAddressOf(Callable);
  if (const auto *Class = Callable->getType().getNonReferenceType()->getAsCXXRecordDecl(); Class && Class->hasDefinition()) {
    for (const CXXMethodDecl *Method : Class->methods()) // an object with an operator()
      if (Method->getOverloadedOperator() == OO_Call)
        if (const FunctionModel *Body = Unit.function(Method))
          return Body;
    return nullptr;
  }
  const auto *Ref = dyn_cast<DeclRefExpr>(Callable); // run, &Pool::run
  if (const auto *Method = Ref ? dyn_cast<CXXMethodDecl>(Ref->getDecl()) : nullptr;
      Method && Method->isVirtual() && !Started.Arguments.empty() && !isa<CXXThisExpr>(stripped(Started.Arguments.front())))
    if (const FunctionModel *Override = overrideFor(Method, Started.Arguments.front(), Unit))
      return Override;
  return Ref ? Unit.function(dyn_cast<FunctionDecl>(Ref->getDecl())) : nullptr;
}

} // namespace ward
