// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Whether a thread may outlive the object that it is a member of, or that it was given as `this`.
#include "flow/threads/Outlives.h"

#include "flow/threads/ThreadWaits.h"
#include "model/UnconditionalCode.h"
#include "model/ThreadHandle.h"

#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace ward {
namespace {

/// The class whose `this` the starting function uses; null if it has none.
const CXXRecordDecl *objectClass(const Spawn &Started) {
  if (Started.Field)
    return dyn_cast<CXXRecordDecl>(Started.Field->getParent());
  const FunctionModel *Function = Started.In;
  while (Function && Function->Enclosing)
    Function = Function->Enclosing;
  const auto *Method = Function ? dyn_cast<CXXMethodDecl>(Function->Function) : nullptr;
  return Method ? Method->getParent() : nullptr;
}

/// The destructor of \p Class terminates the program, so no thread outlives its objects.
bool isNeverDestroyed(const CXXRecordDecl *Class, UnitModel &Unit) {
  const CXXDestructorDecl *Destructor = Class->getDestructor();
  const FunctionModel *Function = Destructor ? Unit.function(Destructor) : nullptr;
  bool Ends = false;
  if (Function)
    forEachUnconditional(Function->Body, [&](const Expr *E) {
      const auto *Call = dyn_cast<CallExpr>(E);
      Ends |= Call && Call->getDirectCallee() && Call->getDirectCallee()->isNoReturn();
    });
  return Ends;
}

/// The call in a member function of \p Class that detaches the thread in \p Field, or leaks its handle; null if there is none.
const CallExpr *detachingCall(const CXXRecordDecl *Class, const FieldDecl *Field, UnitModel &Unit) {
  for (const CXXMethodDecl *Method : Class->methods())
    if (const FunctionModel *Function = Unit.function(Method))
      for (const CallExpr *Call : Function->Calls)
        if (const Expr *Object = detachedBy(Call, Unit.names()) ? detachedBy(Call, Unit.names()) : leakedBy(Call, Unit.names()))
          if (std::optional<AccessPath> Path = pathOf(Object, Unit.names());
              Path && !Path->root() && !Path->steps().empty() && Path->steps().front().asField() == Field->getCanonicalDecl())
            return Call;
  return nullptr;
}

/// The destructor waits for the tasks of the pool \p Handle: `pool_.wait();`.
bool destructorWaits(const Spawn &Started, const CXXDestructorDecl *Destructor, const FieldDecl *Handle, UnitFlow &Flow) {
  const FunctionModel *Function = Destructor && Started.Owner ? Flow.model().function(Destructor) : nullptr;
  if (!Function)
    return false;
  ThreadWaits Waits(Started, {}, Flow);
  Waits.setPool(AccessPath::ofThis().push(AccessPath::Step::field(Handle)));
  bool Ends = false;
  forEachUnconditional(Function->Body, [&](const Expr *E) {
    const auto *Call = dyn_cast<CallExpr>(E);
    Ends |= Call && Waits.endsByCall(Call);
  });
  return Ends;
}

/// The first member of \p Class that the thread uses, of those declared after \p Handle if that is given: it is destroyed before
/// the join.
std::optional<Escape> useOfDestroyedMember(const Spawn &Started, const CXXRecordDecl *Class, const FieldDecl *Handle, const Spawns &All) {
  const FunctionModel *Body = All.bodyOf(Started);
  for (const FieldDecl *Field : Class->fields())
    if (Body && (!Handle || Field->getFieldIndex() > Handle->getFieldIndex()) && All.touchesField(*Body, Field))
      return Escape{Escape::JoinedTooLate, Field->getLocation()};
  return std::nullopt;
}

/// The member of the object that is the pool to which \p Started was given; null if there is none.
const FieldDecl *ownerField(const Spawn &Started, CatalogIndex &Names) {
  std::optional<AccessPath> Path = Started.Owner ? pathOf(Started.Owner, Names) : std::nullopt;
  return Path && !Path->root() && !Path->steps().empty() ? Path->steps().front().asField() : nullptr;
}

} // namespace

std::optional<Escape> outlivesObject(const Spawn &Started, UnitFlow &Flow) {
  UnitModel &Unit = Flow.model();
  CatalogIndex &Names = Unit.names();
  const CXXRecordDecl *Object = objectClass(Started);
  if (Object && isNeverDestroyed(Object, Unit))
    return std::nullopt;
  const FieldDecl *Handle = nullptr;
  if (Started.End == ThreadEnd::Handle) {
    HandlePlace Place = placeOf(Started, Names);
    if (Place.Kind == HandlePlace::Detached)
      return Escape{Escape::Detached, Place.Where};
    if (Place.Kind == HandlePlace::Local && Started.In)
      for (const CallExpr *Call : Started.In->Calls)
        if (const Expr *Detached = detachedBy(Call, Names))
          if (std::optional<AccessPath> Path = pathOf(Detached, Names); Path && Path->root() == Place.Variable)
            return Escape{Escape::Detached, Call->getExprLoc()};
    Handle = Place.Kind == HandlePlace::Member ? Place.Field : nullptr;
  } else if (Started.End == ThreadEnd::Detached) {
    Handle = ownerField(Started, Names);
    if (Handle && (Handle->getType()->isPointerType() || Handle->getType()->isReferenceType()))
      return std::nullopt; // the object does not own the pool
    if (Started.OnLoop)
      return std::nullopt; // a destroyed event loop runs nothing more
  }
  const auto *Class = Handle ? dyn_cast<CXXRecordDecl>(Handle->getParent()) : nullptr;
  if (!Class)
    return std::nullopt;
  if (const CallExpr *Call = detachingCall(Class, Handle, Unit))
    return Escape{Escape::Detached, Call->getExprLoc()};
  const CXXDestructorDecl *Destructor = Class->getDestructor();
  bool Opaque = Destructor && Destructor->isUserProvided() && !Unit.function(Destructor);
  std::optional<HandleDestruction> Death = destructionOf(Handle->getType(), Unit);
  bool JoinedByClass = destructorJoins(Class, Handle, Unit);
  // The base's destructor joins its thread after the members of the class itself are destroyed.
  if (Object && Object->getCanonicalDecl() != Class->getCanonicalDecl() && !Opaque && (JoinedByClass || Death == HandleDestruction::Joins)) {
    const CXXDestructorDecl *Own = Object->getDestructor();
    bool Waits = Own && Own->isUserProvided() && (!Unit.function(Own) || destructorJoins(Object, nullptr, Unit));
    return Waits ? std::nullopt : useOfDestroyedMember(Started, Object, nullptr, Flow.spawns());
  }
  if (Opaque || JoinedByClass || destructorWaits(Started, Destructor, Handle, Flow))
    return std::nullopt;
  if (Death == HandleDestruction::Detaches)
    return Started.End == ThreadEnd::Handle ? std::optional(Escape{Escape::NotJoined, Handle->getLocation()}) : std::nullopt;
  // The destruction of the member joins; members declared after it are destroyed by then.
  return Death == HandleDestruction::Joins ? useOfDestroyedMember(Started, Class, Handle, Flow.spawns()) : std::nullopt;
}

} // namespace ward
