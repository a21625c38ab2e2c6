// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
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

constexpr size_t MaxStarts = 32;

} // namespace

const CXXRecordDecl *classOfThis(const FunctionModel &Function) {
  for (const FunctionModel *Outer = &Function; Outer; Outer = Outer->Enclosing) {
    const auto *Method = dyn_cast<CXXMethodDecl>(Outer->Function);
    if (Method && !Method->getParent()->isLambda())
      return Method->getParent();
  }
  return nullptr;
}

ThreadObjects::ThreadObjects(UnitModel &Unit, const Spawns &All) : Unit(Unit), Direct(All), Stored(Unit) {
  // Most units with threads have no class that stores what they run.
  bool Any = llvm::any_of(All.all(), [&](const Spawn &Started) { return !Started.In || !starts(*Started.In).empty(); });
  if (!Any)
    return;
  for (const auto &Function : Unit.functions())
    MembersOf[classOfThis(*Function)].push_back(Function.get());
  for (const auto &Function : Unit.functions())
    for (const Start &At : starts(*Function))
      resolveInClass(*Function, At);
  for (const auto &Function : Unit.functions())
    for (const Start &At : starts(*Function))
      resolveHere(*Function, At);
}

const std::vector<ThreadObjects::Start> &ThreadObjects::starts(const FunctionModel &Function) {
  std::unique_ptr<std::vector<Start>> &Slot = StartsOf[&Function];
  if (Slot)
    return *Slot;
  Slot = std::make_unique<std::vector<Start>>(); // empty for a recursion
  std::vector<Start> Result;
  if (!Function.IsPattern) {
    for (const Spawn &Started : Direct.all())
      if (Started.In == &Function)
        addDirect(Started, Function, Result);
    auto AddMapped = [&](const Start &Inner, const FunctionDecl *Callee, const CallSite &Site, const std::optional<AccessPath> &Object,
                         const Expr *At) {
      if (Result.size() < MaxStarts)
        for (StoredRun &Here : Stored.runsAtCall(Inner.Run, Callee, Site, Object, Function))
          Result.push_back({std::move(Here), At, Inner.Origin});
    };
    for (const CallExpr *Call : Function.Calls) {
      CallSite Site = CallSite::of(Call);
      const FunctionModel *Callee = Unit.function(Site.Callee);
      if (!Callee || Callee == &Function || isa<CXXConstructorDecl>(Callee->Function))
        continue;
      std::vector<Start> Inner = starts(*Callee); // a copy: the map may grow
      for (const Start &Each : Inner)
        AddMapped(Each, Site.Callee, Site, std::nullopt, Call);
    }
    for (const Construction &Made : Stored.constructions(Function))
      for (const Start &Each : startsOf(Made.Constructor))
        AddMapped(Each, Made.Constructor, {Made.Constructor, nullptr, Made.Arguments}, Made.Object, Made.Site);
    if (const auto *Constructor = dyn_cast<CXXConstructorDecl>(Function.Function))
      for (const Spawn &Started : Direct.all())
        if (!Started.In && Started.Field && Started.Field->getParent() == Constructor->getParent())
          addDirect(Started, Function, Result);
  }
  std::unique_ptr<std::vector<Start>> &Now = StartsOf[&Function];
  *Now = std::move(Result);
  return *Now;
}

std::vector<ThreadObjects::Start> ThreadObjects::startsOf(const CXXConstructorDecl *Constructor, unsigned Depth) {
  Constructor = calledConstructor(Constructor);
  if (!Constructor)
    return {};
  if (const FunctionModel *Model = Unit.function(Constructor))
    return starts(*Model);
  // An implicit one: what its bases, and by default its members, start.
  std::vector<Start> Result;
  const CXXRecordDecl *Class = Constructor->getParent()->getDefinition();
  if (!Class || Depth == 0 || isLibraryCode(Class) || Constructor->isCopyOrMoveConstructor())
    return Result;
  auto Default = [](const CXXRecordDecl *Of) -> const CXXConstructorDecl * {
    if (Of && Of->hasDefinition())
      for (const CXXConstructorDecl *Each : Of->getDefinition()->ctors())
        if (Each->isDefaultConstructor())
          return Each;
    return nullptr;
  };
  for (const CXXBaseSpecifier &Base : Class->bases())
    for (Start &Each : startsOf(Default(Base.getType()->getAsCXXRecordDecl()), Depth - 1))
      Result.push_back(std::move(Each));
  for (const FieldDecl *Field : Class->fields())
    if (!Field->hasInClassInitializer())
      for (Start &Each : startsOf(Default(Field->getType()->getAsCXXRecordDecl()), Depth - 1)) {
        Each.Run.Place = Each.Run.Place.root() ? Each.Run.Place
                                               : Each.Run.Place.rebase(AccessPath::ofThis().push(AccessPath::Step::field(Field)));
        Each.Run.Arguments.clear();
        Result.push_back(std::move(Each));
      }
  return Result;
}

void ThreadObjects::addDirect(const Spawn &Started, const FunctionModel &Function, std::vector<Start> &Into) {
  if (Started.End == ThreadEnd::Call || Started.End == ThreadEnd::Scoped || Started.OnLoop || Started.Body)
    return;
  auto Add = [&](StoredRun Run) {
    if (Into.size() < MaxStarts)
      Into.push_back({std::move(Run), Started.Site, &Started});
  };
  CallSite Site{nullptr, nullptr, Started.Arguments};
  const Expr *Named = withoutAddressOf(Started.Callable);
  const auto *Ref = dyn_cast<DeclRefExpr>(Named);
  const auto *Method = Ref ? dyn_cast<CXXMethodDecl>(Ref->getDecl()) : nullptr;
  if (Method && Method->isInstance() && !Started.Arguments.empty()) {
    Site.Object = Started.Arguments.front();
    Site.Arguments = Site.Arguments.drop_front();
    if (Method->isVirtual()) {
      StoredRun Run{AccessPath::ofThis(), Method, {}, nullptr};
      for (const StoredValue &Object : Stored.values(Site.Object, Function))
        if (Object.Place && !Object.Place->root())
          Run.Place = *Object.Place, Add(Run);
    }
  }
  if (const FunctionModel *Body = Direct.bodyOf(Started)) {
    Site.Callee = Body->Function;
    for (const StoredRun &Run : Stored.runs(*Body)) {
      // A closure uses the names of the function around it.
      const VarDecl *Root = Run.Place.root();
      if (isClosure(Body->Function) && (!Root || Root->getDeclContext() != Body->Function))
        Add(Run);
      else
        for (StoredRun &Here : Stored.runsAtCall(Run, Body->Function, Site, std::nullopt, Function))
          Add(std::move(Here));
    }
    return;
  }
  if (Method || parameterOf(Started.Callable, Function, Unit.names()))
    return; // a parameter is passed on by the function itself
  StoredRun Run{AccessPath::ofThis(), nullptr, {}, nullptr};
  for (const Expr *Argument : Started.Arguments) {
    std::optional<AccessPath> Place;
    for (const StoredValue &Each : Stored.values(Argument, Function))
      if (Each.Place && !Place)
        Place = Each.Place;
    Run.Arguments.push_back(std::move(Place));
  }
  for (const StoredValue &Each : Stored.values(Started.Callable, Function))
    if (Each.Place && !Each.Place->steps().empty())
      Run.Place = *Each.Place, Add(Run);
}

bool ThreadObjects::startsThreadOf(const FunctionModel &Function, const VarDecl *Object) {
  return llvm::any_of(starts(Function), [&](const Start &At) { return At.Run.Place.root() == Object->getCanonicalDecl(); });
}

} // namespace ward
