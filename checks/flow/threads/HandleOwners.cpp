// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/threads/HandleOwners.h"

#include "model/StmtParents.h"

#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace ward {

bool HandleOwners::followStart(std::optional<Escape> &AtOnce) {
  HandlePlace Place = placeOf(Started, Names);
  if (Started.End == ThreadEnd::Scoped)
    return followScope(Place);
  std::optional<HandleDestruction> Death = destructionOf(Place.Type, Unit);
  bool Wrapped = Started.End == ThreadEnd::Detached;
  switch (Place.Kind) {
  case HandlePlace::Joined:
    return false;
  case HandlePlace::Detached:
    DetachedAt = Place.Where; // unless the starter waits for a signal from the thread
    break;
  case HandlePlace::Returned:
    AtOnce = Escape{Escape::Returned, Place.Where};
    return false;
  case HandlePlace::PassedOn:
    if (Wrapped && !Death)
      break;
    if (!Waits.calleeJoins(Place.Call))
      AtOnce = Escape{Escape::PassedOn, Place.Where};
    return false;
  case HandlePlace::Dropped:
    if (Started.End == ThreadEnd::Handle && Death != HandleDestruction::Detaches && !Place.IsNew)
      return false; // at the end of the statement it joins or terminates the program
    break;
  case HandlePlace::Local:
    Waits.addHandle(AccessPath::ofVariable(Place.Variable));
    break;
  case HandlePlace::Member:
    if (Place.Field)
      Waits.addHandle(AccessPath::ofThis().push(AccessPath::Step::field(Place.Field)));
    break;
  case HandlePlace::Elsewhere:
    if (Place.Variable)
      Waits.addHandle(AccessPath::ofVariable(Place.Variable));
    break;
  }
  LastWay = Place.Kind == HandlePlace::Member || Place.Kind == HandlePlace::Elsewhere ? Escape::Stored
            : Wrapped || Place.Kind == HandlePlace::Dropped || DetachedAt.isValid()    ? Escape::Detached
                                                                                       : Escape::NotJoined;
  // The destructor of a pool's future does not wait for the task; that of std::async's future does.
  if (Place.Kind == HandlePlace::Local && !Wrapped)
    moveTo(Place.Variable);
  if (Started.Owner)
    if (std::optional<AccessPath> Owner = pathOf(Started.Owner, Names)) {
      while (!Owner->steps().empty() && Owner->steps().back().isElement())
        Owner = Owner->parent(); // one of several: all are joined together
      Waits.setPool(*Owner);
      if (Owner->root() && Owner->root()->hasLocalStorage() && !Owner->root()->getType()->isReferenceType())
        moveTo(Owner->root());
    }
  if (Started.OnLoop)
    followLoop();
  if ((isa<CXXConstructExpr>(Started.Site) || Started.Emplaced) && Wrapped && Place.Kind == HandlePlace::Local)
    moveTo(Place.Variable); // a user-defined object that contains the thread
  return true;
}

/// The scope joins the thread, unless its handle at \p Place is joined before; where the handle is destroyed does not matter.
bool HandleOwners::followScope(const HandlePlace &Place) {
  if (Place.Kind == HandlePlace::Joined || (Place.Kind == HandlePlace::PassedOn && Waits.calleeJoins(Place.Call)))
    return false;
  if (Place.Variable)
    Waits.addHandle(AccessPath::ofVariable(Place.Variable));
  else if (Place.Kind == HandlePlace::Member && Place.Field)
    Waits.addHandle(AccessPath::ofThis().push(AccessPath::Step::field(Place.Field)));
  LastWay = Escape::ScopeJoins;
  std::optional<AccessPath> Scope = Started.Scope ? pathOf(Started.Scope, Names) : std::nullopt;
  const VarDecl *Root = Scope ? Scope->root() : nullptr;
  if (Root && Root->hasLocalStorage() && !Root->getType()->isReferenceType() && !Root->getType()->isPointerType())
    Joiners.push_back(Root);
  return true;
}

void HandleOwners::followLoop() {
  for (const Spawn &Other : Flow.spawns().all()) {
    if (Other.In != Started.In || !Flow.spawns().runsLoopOf(Other, Started))
      continue;
    HandlePlace Place = placeOf(Other, Names);
    if (Place.Kind != HandlePlace::Local || !Place.Variable)
      continue;
    Waits.addHandle(AccessPath::ofVariable(Place.Variable));
    if (destructionOf(Place.Variable->getType(), Unit) == HandleDestruction::Joins)
      Joiners.push_back(Place.Variable);
  }
}

void HandleOwners::moveTo(const VarDecl *Variable) {
  if (Started.End == ThreadEnd::Scoped)
    return;
  Joiners.clear();
  if (destructionOf(Variable->getType(), Unit) == HandleDestruction::Joins)
    Joiners.push_back(Variable);
}

bool HandleOwners::isEndedBy(const Spawn &Other) {
  const FunctionModel *Body = Flow.spawns().bodyOf(Other);
  if (!Body)
    return false;
  if (Other.End == ThreadEnd::Call || Other.End == ThreadEnd::Scoped)
    return Waits.endsInside(*Body, Other.Callable);
  bool Joins = Waits.containsJoin(Body->Body) && llvm::any_of(Flow.spawns().captured(Other), [&](const Captured &Capture) {
    return Capture.Source ? Waits.mentionsHandle(Capture.Source)
                          : Capture.Variable && isa<VarDecl>(Capture.Variable) && Capture.Type->isReferenceType() &&
                                Waits.isHandle(AccessPath::ofVariable(cast<VarDecl>(Capture.Variable)));
  });
  HandlePlace Place = placeOf(Other, Names);
  if (!Joins)
    return false;
  if (Place.Kind == HandlePlace::Joined)
    return true;
  if (Place.Kind == HandlePlace::Local && Place.Variable) {
    Waits.addHandle(AccessPath::ofVariable(Place.Variable));
    moveTo(Place.Variable);
  }
  return false;
}

std::optional<Escape> HandleOwners::followMove(const Stmt *S) {
  auto Moved = [&](const Expr *E) -> bool {
    E = stripped(E);
    while (const auto *Construct = dyn_cast<CXXConstructExpr>(E)) {
      if (Construct->getNumArgs() == 0)
        return false;
      E = stripped(Construct->getArg(0));
    }
    const auto *Call = dyn_cast<CallExpr>(E);
    return Call && Call->isXValue() && Call->getNumArgs() == 1 && Waits.isHandle(Call->getArg(0));
  };
  auto Into = [&](const Expr *Target) -> std::optional<Escape> {
    std::optional<AccessPath> Path = pathOf(Target, Names);
    bool IsLocal = Path && Path->root() && Path->root()->hasLocalStorage() && !Path->root()->getType()->isReferenceType();
    if (Path && !Waits.isHandle(Target))
      Waits.addHandle(*Path);
    if (IsLocal) {
      moveTo(Path->root());
    } else if (Started.End != ThreadEnd::Scoped) {
      Joiners.clear();
      LastWay = Escape::Stored;
    }
    return std::nullopt;
  };
  if (const auto *Declaration = dyn_cast<DeclStmt>(S)) {
    for (const Decl *D : Declaration->decls()) {
      const auto *Variable = dyn_cast<VarDecl>(D);
      if (!Variable || !Variable->getInit() || isa<LambdaExpr>(stripped(Variable->getInit())))
        continue;
      if (Moved(Variable->getInit())) {
        Waits.addHandle(AccessPath::ofVariable(Variable));
        moveTo(Variable);
      } else if (!contains(Variable->getInit(), Started.Site) && !Variable->getType()->isReferenceType() && Waits.mentionsHandle(Variable->getInit()) &&
                 Started.End != ThreadEnd::Scoped && destructionOf(Variable->getType(), Unit) == HandleDestruction::Joins) {
        Joiners.push_back(Variable); // a guard that joins the thread it refers to
      }
    }
    return std::nullopt;
  }
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(S); Operator && Operator->getOperator() == OO_Equal)
    return Moved(Operator->getArg(1)) ? Into(Operator->getArg(0)) : std::nullopt;
  if (const auto *Return = dyn_cast<ReturnStmt>(S)) {
    const Expr *Value = Return->getRetValue();
    if (!Value)
      return std::nullopt;
    Value = stripped(Value);
    if (const auto *Construct = dyn_cast<CXXConstructExpr>(Value); Construct && Construct->getNumArgs() >= 1)
      Value = stripped(Construct->getArg(0));
    if (Started.End == ThreadEnd::Scoped)
      return std::nullopt; // joined all the same
    if (Moved(Return->getRetValue()) || (isa<DeclRefExpr>(Value) && Waits.isHandle(Value)))
      return Escape{Escape::Returned, Return->getBeginLoc()};
    return std::nullopt;
  }
  const auto *Call = dyn_cast<CallExpr>(S);
  if (!Call)
    return std::nullopt;
  CallSite Site = CallSite::of(Call);
  if (llvm::none_of(Site.Arguments, Moved))
    return std::nullopt;
  if (Site.Object && Site.Callee && Names.isEmplacer(Site.Callee))
    return Into(Site.Object);
  const FunctionEntry *Entry = Site.Callee ? Names.function(Site.Callee) : nullptr;
  if (Entry || Unit.function(Site.Callee) || Started.End == ThreadEnd::Scoped)
    return std::nullopt; // std::move itself; endsByCall has judged functions of the unit
  return Escape{Escape::PassedOn, Call->getExprLoc()};
}

void HandleOwners::detach(SourceLocation Where) {
  LastWay = Escape::Detached;
  DetachedAt = Where;
  Joiners.clear();
}

} // namespace ward
