// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/threads/LateJoins.h"

#include "flow/locks/CommonLocks.h"
#include "flow/threads/EarlyThreads.h"
#include "flow/threads/Signals.h"
#include "flow/threads/ThreadRoles.h"
#include "model/Blocking.h"
#include "model/ThreadHandle.h"
#include "model/UnconditionalCode.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/Basic/SourceManager.h"

using namespace clang;

namespace ward {
namespace {

/// What a destructor does, in the order of its source, with the member functions that it calls.
struct DestructorEvent {
  enum Kind { Destroys, Joins } What;
  const FunctionModel *In;
  const Expr *Where;
  /// What is destroyed.
  const FieldDecl *Field = nullptr;
};

bool hasName(const CXXMethodDecl *Method, llvm::StringRef Name) {
  return Method && Method->getDeclName().isIdentifier() && Method->getName() == Name;
}

/// The search of one unit.
class LateJoins {
public:
  explicit LateJoins(UnitFlow &Flow) : Flow(Flow), Unit(Flow.model()), Names(Unit.names()), Uses(Flow) {}

  std::vector<LateJoin> run() {
    for (const Spawn &Started : Flow.spawns().all()) {
      if ((!Started.In && !Started.Field) || (Started.In && Started.In->IsPattern) || Started.End == ThreadEnd::Call || Started.MayRunHere)
        continue;
      HandlePlace Place = placeOf(Started, Names);
      const auto *Class = Place.Kind == HandlePlace::Member && Place.Field ? dyn_cast<CXXRecordDecl>(Place.Field->getParent()) : nullptr;
      const CXXDestructorDecl *Destructor = Class ? Class->getDestructor() : nullptr;
      const FunctionModel *Body = Destructor ? Unit.function(Destructor) : nullptr;
      if (!Body)
        continue;
      std::vector<ObjectUse> All = Uses.by(Started, {AccessPath::ofThis()});
      if (All.empty())
        continue;
      Handle = Place.Field;
      JoinsItself = destructionOf(Handle->getType(), Unit) == HandleDestruction::Joins;
      Events.clear();
      collect(*Body, MaxCallDepth);
      judgeMembers(Started, *Body, All);
      judgeVirtual(Started, *Body, Class, All);
    }
    return std::move(Found);
  }

private:
  /// The member of the object that \p E names, itself or by its address; null if it names none.
  const FieldDecl *memberOf(const Expr *E) {
    std::optional<AccessPath> Path = E ? pathOf(withoutAddressOf(E), Names) : std::nullopt;
    return Path && !Path->root() && Path->steps().size() == 1 ? Path->steps().front().asField() : nullptr;
  }

  bool namesHandle(const Expr *E) {
    std::optional<AccessPath> Path = E ? pathOf(withoutAddressOf(E), Names) : std::nullopt;
    return Path && !Path->root() && !Path->steps().empty() && Path->steps().front().asField() == Handle->getCanonicalDecl();
  }

  bool mentionsHandle(const FunctionModel &Function) {
    return llvm::any_of(Function.Accesses, [&](const Expr *Access) { return namesHandle(Access); });
  }

  /// After \p Call of \p Function the thread has ended, or may have.
  bool joins(const CallExpr *Call, const FunctionModel &Function) {
    CallSite Site = CallSite::of(Call);
    if (const Expr *Object = joinedBy(Call, Names)) {
      std::optional<AccessPath> Path = pathOf(Object, Names);
      return !Path || (Path->root() ? mentionsHandle(Function) : namesHandle(Object));
    }
    const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Site.Callee);
    if (JoinsItself && Site.Object && namesHandle(Site.Object) &&
        (hasName(Method, "reset") || hasName(Method, "clear") || (Method && Method->getOverloadedOperator() == OO_Equal)))
      return true;
    // Something else that the thread may signal its end by.
    if (std::optional<BlockingCall> Blocks = blockingCall(Call, Function, Unit))
      return Blocks->Kind == BlockingKind::Result || Blocks->Kind == BlockingKind::Event || Blocks->Kind == BlockingKind::Condvar ||
             Blocks->Kind == BlockingKind::Join;
    const FunctionModel *Callee = Unit.function(Site.Callee);
    if (Callee && Site.Object && namesHandle(Site.Object)) // stop() of a wrapper
      return joinsAny(*Callee, MaxCallDepth);
    return Site.Callee && !Callee && Site.Callee->getDeclName().isIdentifier() && soundsLikeWaiting(Site.Callee->getName());
  }

  bool joinsAny(const FunctionModel &Function, unsigned Depth) {
    return llvm::any_of(Function.Calls, [&](const CallExpr *Call) {
      if (joinedBy(Call, Names))
        return true;
      const FunctionModel *Callee = Depth ? Unit.function(Call->getDirectCallee()) : nullptr;
      return Callee && Callee != &Function && joinsAny(*Callee, Depth - 1);
    });
  }

  /// \p Function joins some thread, or calls a function of its object that is defined elsewhere.
  bool mayStop(const FunctionModel &Function) {
    return joinsAny(Function, MaxCallDepth) || llvm::any_of(Function.Calls, [&](const CallExpr *Call) {
             CallSite Site = CallSite::of(Call);
             return Site.Object && Site.Callee && isa<CXXThisExpr>(stripped(Site.Object)) && !Unit.function(Site.Callee);
           });
  }

  /// The member that \p E destroys, or whose target it destroys; null if it destroys none.
  const FieldDecl *destroyedBy(const Expr *E) {
    if (const auto *Delete = dyn_cast<CXXDeleteExpr>(E))
      return memberOf(Delete->getArgument());
    const auto *Call = dyn_cast<CallExpr>(E);
    const FunctionDecl *Callee = Call ? Call->getDirectCallee() : nullptr;
    if (!Callee)
      return nullptr;
    const FunctionEntry *Entry = Names.function(Callee);
    if (Entry && (Entry->Effect == FunctionEffect::Destroy || Entry->Effect == FunctionEffect::Free) && Call->getNumArgs() > 0)
      return memberOf(Call->getArg(0));
    const auto *Method = dyn_cast<CXXMethodDecl>(Callee);
    CallSite Site = CallSite::of(Call);
    if (!Method || !Site.Object)
      return nullptr;
    const TagDecl *Class = classOf(stripped(Site.Object)->getType()); // its base may declare the function
    bool IsOwner = Names.isPointer(Class) || Names.isCarrier(Class);
    const ContainerEntry *Container = Names.container(classOf(Site.Object->getType()));
    if ((IsOwner && (hasName(Method, "reset") || Method->getOverloadedOperator() == OO_Equal)) ||
        (Container && llvm::is_contained(Container->Ends, Method->getNameAsString())))
      return memberOf(Site.Object);
    return nullptr;
  }

  void collect(const FunctionModel &Function, unsigned Depth) {
    auto Visit = [&](const Expr *E) {
      if (const FieldDecl *Field = destroyedBy(E); Field && Field->getCanonicalDecl() != Handle->getCanonicalDecl())
        Events.push_back({DestructorEvent::Destroys, &Function, E, Field});
      const auto *Call = dyn_cast<CallExpr>(E);
      if (!Call)
        return;
      if (joins(Call, Function)) {
        Events.push_back({DestructorEvent::Joins, &Function, E});
        return;
      }
      CallSite Site = CallSite::of(Call);
      const FunctionModel *Callee = Depth && Site.Object && isa<CXXThisExpr>(stripped(Site.Object)) ? Unit.function(Site.Callee) : nullptr;
      if (Callee && Callee != &Function)
        collect(*Callee, Depth - 1);
    };
    forEachExpression(Function.Body, Visit);
    // std::for_each(threads_.begin(), threads_.end(), [](auto &t) { t.join(); })
    for (const auto &Inner : Unit.functions())
      if (Inner->Enclosing == &Function && joinsAny(*Inner, 0))
        Events.push_back({DestructorEvent::Joins, &Function, nullptr});
  }

  void judgeMembers(const Spawn &Started, const FunctionModel &Body, ArrayRef<ObjectUse> All) {
    // In a closure: somewhere in the destructor.
    bool AtUnknown = llvm::any_of(Events, [](const DestructorEvent &Each) { return Each.What == DestructorEvent::Joins && !Each.Where; });
    auto FirstJoin = llvm::find_if(Events, [](const DestructorEvent &Each) { return Each.What == DestructorEvent::Joins; });
    if (AtUnknown || (FirstJoin == Events.end() && !JoinsItself))
      return;
    for (auto It = Events.begin(); It != FirstJoin; ++It) {
      const ObjectUse *Used = nullptr;
      for (const ObjectUse &Use : All)
        if (!Used && Use.field() == It->Field->getCanonicalDecl() && !haveCommonLock(*It, Use))
          Used = &Use;
      if (!Used || llvm::any_of(Found, [&](const LateJoin &Other) { return Other.At == It->Where; }))
        continue;
      Found.push_back({&Started, cast<CXXDestructorDecl>(Body.Function), It->Where, It->Field, Used->Where,
                       FirstJoin == Events.end() ? nullptr : FirstJoin->Where});
    }
  }

  bool haveCommonLock(const DestructorEvent &Destroys, const ObjectUse &Use) {
    LockContext &Locks = Flow.locks();
    return Use.In &&
           CommonLocks(Locks.heldAt(*Destroys.In, Destroys.Where)).mayMeet(CommonLocks(Locks.heldAt(*Use.In, Use.Where)));
  }

  /// A thread that is started when the object is complete calls a virtual function until the destructor of \p Base joins it. By then the
  /// part of the derived class that overrides it is destroyed.
  void judgeVirtual(const Spawn &Started, const FunctionModel &Body, const CXXRecordDecl *Base, ArrayRef<ObjectUse> All) {
    const CXXRecordDecl *Class = Started.In ? classOfThis(*Started.In) : nullptr;
    const FunctionModel *Starter = Started.In;
    while (Starter && Starter->Enclosing)
      Starter = Starter->Enclosing;
    auto Join = llvm::find_if(Events, [](const DestructorEvent &Each) { return Each.What == DestructorEvent::Joins; });
    bool Joins = JoinsItself || Join != Events.end();
    if (!Class || isa<CXXConstructorDecl>(Starter->Function) || Class->getCanonicalDecl() != Base->getCanonicalDecl() || !Joins ||
        isJoinedElsewhere(Body, Base))
      return;
    for (const ObjectUse &Use : All) {
      const CXXRecordDecl *Derived = Use.Virtual ? goneOverrider(Use.Virtual, Base) : nullptr;
      if (!Derived)
        continue;
      const Expr *At = Join == Events.end() ? nullptr : Join->Where;
      Found.push_back({&Started, cast<CXXDestructorDecl>(Body.Function), At, Use.Virtual, Use.Where, At, Derived});
      return;
    }
  }

  /// Some other function than the destructor \p Body joins the thread, and so may do so in time.
  bool isJoinedElsewhere(const FunctionModel &Body, const CXXRecordDecl *Base) {
    const CallGraph &Calls = Flow.calls();
    bool IsHere = Unit.context().getSourceManager().isInMainFile(Base->getLocation());
    for (const auto &Function : Unit.functions()) {
      const CXXRecordDecl *Class = classOfThis(*Function);
      if (Function.get() == &Body || !Class || !Class->hasDefinition() ||
          (Class->getCanonicalDecl() != Base->getCanonicalDecl() && !Class->isDerivedFrom(Base)) ||
          llvm::none_of(Function->Calls, [&](const CallExpr *Call) { return joinedBy(Call, Names) && joins(Call, *Function); }))
        continue;
      const auto *Method = dyn_cast<CXXMethodDecl>(Function->Function);
      if (isa_and_nonnull<CXXDestructorDecl>(Method) || !Method || (!IsHere && Method->getAccess() != AS_private))
        return true;
      for (unsigned I : Calls.into(*Function))
        if (Calls.edges()[I].Caller != &Body)
          return true;
    }
    return false;
  }

  /// A class that overrides \p Method, and whose destructor leaves the thread running; null if there is none.
  const CXXRecordDecl *goneOverrider(const CXXMethodDecl *Method, const CXXRecordDecl *Base) {
    for (const CXXRecordDecl *Class : Unit.classes()) {
      if (Class->getCanonicalDecl() == Base->getCanonicalDecl() || !Class->isDerivedFrom(Base))
        continue;
      const CXXMethodDecl *Own = Method->getCorrespondingMethodInClass(Class, /*MayBeBase=*/false);
      const CXXDestructorDecl *Destructor = Class->getDestructor();
      bool MayStop = Destructor && Destructor->isUserProvided() && (!Unit.function(Destructor) || mayStop(*Unit.function(Destructor)));
      if (Own && Own->getParent()->getCanonicalDecl() == Class->getCanonicalDecl() && !MayStop)
        return Class;
    }
    return nullptr;
  }

  UnitFlow &Flow;
  UnitModel &Unit;
  CatalogIndex &Names;
  ObjectUses Uses;
  const FieldDecl *Handle = nullptr;
  bool JoinsItself = false;
  std::vector<DestructorEvent> Events;
  std::vector<LateJoin> Found;
};

} // namespace

bool isJoinedLate(const FieldDecl *Field, UnitFlow &Flow) {
  return llvm::any_of(findLateJoins(Flow), [&](const LateJoin &Late) { return Late.What->getCanonicalDecl() == Field->getCanonicalDecl(); });
}

std::vector<LateJoin> findLateJoins(UnitFlow &Flow) {
  return Flow.spawns().all().empty() ? std::vector<LateJoin>() : LateJoins(Flow).run();
}

} // namespace ward
