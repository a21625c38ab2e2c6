// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Whether a thread can outlive the object whose member it is, or that it was given as `this`.
#include "flow/Outlives.h"
#include "model/ThreadHandle.h"

#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace ward {

std::optional<Escape> outlivesObject(const Spawn &Started, UnitFlow &Flow) {
  if (Started.End != ThreadEnd::Handle)
    return std::nullopt;
  UnitModel &Unit = Flow.model();
  CatalogIndex &Names = Unit.names();
  HandlePlace Place = placeOf(Started, Names);
  if (Place.Kind == HandlePlace::Detached)
    return Escape{Escape::Detached, Place.Where};
  if (Place.Kind == HandlePlace::Local && Started.In) {
    for (const CallExpr *Call : Started.In->Calls)
      if (const Expr *Object = detachedBy(Call, Names))
        if (std::optional<AccessPath> Path = pathOf(Object, Names); Path && Path->root() == Place.Variable)
          return Escape{Escape::Detached, Call->getExprLoc()};
    return std::nullopt;
  }
  if (Place.Kind != HandlePlace::Member || !Place.Field)
    return std::nullopt;
  const auto *Class = dyn_cast<CXXRecordDecl>(Place.Field->getParent());
  if (!Class)
    return std::nullopt;
  for (const CXXMethodDecl *Method : Class->methods())
    if (const FunctionModel *Function = Unit.function(Method))
      for (const CallExpr *Call : Function->Calls)
        if (const Expr *Object = detachedBy(Call, Names))
          if (std::optional<AccessPath> Path = pathOf(Object, Names);
              Path && !Path->root() && !Path->steps().empty() && Path->steps().front().asField() == Place.Field->getCanonicalDecl())
            return Escape{Escape::Detached, Call->getExprLoc()};
  const CXXDestructorDecl *Destructor = Class->getDestructor();
  if (Destructor && Destructor->isUserProvided() && (!Unit.function(Destructor) || destructorJoins(Class, Place.Field, Unit)))
    return std::nullopt;
  std::optional<HandleDeath> Death = deathOf(Place.Field->getType(), Unit);
  if (Death == HandleDeath::Detaches)
    return Escape{Escape::NotJoined, Place.Field->getLocation()};
  if (Death != HandleDeath::Joins)
    return std::nullopt;
  // It joins when the member dies; the members behind it are dead by then.
  const FunctionModel *Body = Flow.spawns().bodyOf(Started);
  for (const FieldDecl *Field : Class->fields())
    if (Body && Field->getFieldIndex() > Place.Field->getFieldIndex() && Flow.spawns().touchesField(*Body, Field))
      return Escape{Escape::DiesLater, Field->getLocation()};
  return std::nullopt;
}

} // namespace ward
