// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/threads/ObjectThreads.h"

#include "flow/threads/Signals.h"
#include "flow/threads/ThreadWaits.h"
#include "model/Callables.h"
#include "model/StmtParents.h"

#include "clang/AST/ExprCXX.h"
#include "clang/Basic/SourceManager.h"

using namespace clang;

namespace ward {
namespace {

bool isSameOrBase(const CXXRecordDecl *Base, const CXXRecordDecl *Derived) {
  return Base->getCanonicalDecl() == Derived->getCanonicalDecl() ||
         (Derived->hasDefinition() && Base->hasDefinition() && Derived->isDerivedFrom(Base));
}

} // namespace

ObjectThread::ObjectThread(const Spawn &Started, const CXXRecordDecl *Class, UnitFlow &Flow)
    : Started(Started), Class(Class), Flow(Flow), Unit(Flow.model()), Names(Unit.names()), Handle(ward::placeOf(Started, Names)) {
  Owner = Handle.Kind == HandlePlace::Member ? Handle.Field : nullptr;
  if (std::optional<AccessPath> Pool = Started.Owner ? pathOf(Started.Owner, Names) : std::nullopt; Pool && !Pool->root() && !Pool->steps().empty())
    Owner = Pool->steps().front().asField();
  collectStarters();
}

bool ObjectThread::isOfObject(const CXXRecordDecl *Other) const {
  return Other && (isSameOrBase(Other, Class) || isSameOrBase(Class, Other));
}

bool ObjectThread::isCalledOnThis(const CallEdge &Edge) const {
  return isClosure(Edge.Callee->Function) || Edge.How.isOnThis();
}

void ObjectThread::collectStarters() {
  llvm::SmallVector<const FunctionModel *, 4> Work;
  auto Add = [&](const FunctionModel *Function) {
    if (Starters.insert(Function).second)
      Work.push_back(Function);
  };
  if (Started.In)
    Add(Started.In);
  else
    for (const auto &Function : Unit.functions())
      if (const auto *Constructor = dyn_cast<CXXConstructorDecl>(Function->Function); Constructor && isSameOrBase(Class, Constructor->getParent()))
        Add(Function.get());
  while (!Work.empty()) {
    const FunctionModel *Callee = Work.pop_back_val();
    if (Callee->Enclosing && isClosure(Callee->Function))
      Add(Callee->Enclosing);
    for (unsigned Index : Flow.calls().into(*Callee))
      if (const CallEdge &Edge = Flow.calls().edges()[Index]; isCalledOnThis(Edge))
        Add(Edge.Caller);
  }
}

bool ObjectThread::isStart(const Stmt *S, const FunctionModel &Function, const AccessPath &Object) {
  if (S == Started.Site)
    return true;
  if (!isa<CallExpr, CXXConstructExpr>(S))
    return false;
  for (unsigned Index : Flow.calls().outOf(Function)) {
    const CallEdge &Edge = Flow.calls().edges()[Index];
    if (Edge.Site != S || !Starters.contains(Edge.Callee))
      continue;
    if (isa<CXXConstructExpr>(S)) {
      const VarDecl *Made = Object.steps().empty() ? Object.root() : nullptr;
      return Made && Made->getInit() && contains(Made->getInit(), S);
    }
    if (Object.isThis() && isCalledOnThis(Edge))
      return true;
    if (Edge.How.Object)
      if (std::optional<AccessPath> Path = pathOf(Edge.How.Object, Names); Path && *Path == Object)
        return true;
  }
  return false;
}

bool ObjectThread::isEnd(const CallExpr *Call, const FunctionModel &Function, const AccessPath &Object) {
  CallSite Site = CallSite::of(Call);
  const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Site.Callee);
  std::optional<AccessPath> Path = Site.Object ? pathOf(Site.Object, Names) : Site.OnThis ? std::optional(AccessPath::ofThis()) : std::nullopt;
  if (Method && Path && *Path == Object && isOfObject(Method->getParent())) {
    if (const FunctionModel *Callee = Unit.function(Method))
      return joinsThread(*Callee, Owner, Unit);
    return Method->getDeclName().isIdentifier() && soundsLikeWaiting(Method->getName());
  }
  for (unsigned Index : Flow.calls().outOf(Function))
    if (const CallEdge &Edge = Flow.calls().edges()[Index]; Edge.Site == Call && isClosure(Edge.Callee->Function) && Object.isThis())
      return joinsThread(*Edge.Callee, Owner, Unit);
  return false;
}

llvm::DenseSet<const Stmt *> ObjectThread::beside(const FunctionModel &Function, const AccessPath &Object, bool RunsAtEntry) {
  llvm::DenseSet<const Stmt *> Result;
  const CFG *Graph = Flow.graph(Function);
  if (!Graph)
    return Result;
  ThreadWaits Waits(Started, {}, Flow);
  if (Owner) {
    AccessPath Place = Object;
    Place.push(AccessPath::Step::field(Owner));
    if (Started.Owner)
      Waits.setPool(std::move(Place));
    else
      Waits.addHandle(std::move(Place));
  }
  auto Step = [&](const CFGElement &Element, bool &Running) {
    if (std::optional<CFGAutomaticObjDtor> Dtor = Element.getAs<CFGAutomaticObjDtor>()) {
      if (Dtor->getVarDecl() == Object.root())
        Running = false;
      return;
    }
    std::optional<CFGStmt> Statement = Element.getAs<CFGStmt>();
    if (!Statement)
      return;
    const Stmt *S = Statement->getStmt();
    if (Running)
      Result.insert(S);
    if (isStart(S, Function, Object))
      Running = true;
    else if (const auto *E = Running ? dyn_cast<Expr>(S) : nullptr)
      Running = !Waits.endsByDrop(E) && !(isa<CallExpr>(E) && (isEnd(cast<CallExpr>(E), Function, Object) || Waits.endsByCall(cast<CallExpr>(E))));
  };
  auto Through = [&](const CFGBlock &Block, bool Running) {
    for (const CFGElement &Element : Block)
      Step(Element, Running);
    return std::optional(Running && !Waits.endsByLoop(Block.getTerminatorStmt()));
  };
  spread(*Graph, RunsAtEntry, Through, [&](const CFGBlock &Block, unsigned Index) { return Waits.hasEndedAfter(Block, Index); });
  return Result;
}

bool ObjectThread::runsAt(unsigned Index) {
  const CallEdge &Edge = Flow.calls().edges()[Index];
  std::optional<AccessPath> Object = Edge.How.Object ? pathOf(Edge.How.Object, Names) : std::nullopt;
  const VarDecl *Root = Object ? Object->root() : nullptr;
  QualType Type = Root ? Root->getType() : QualType();
  const TagDecl *RootClass = Root ? classOf(Type) : nullptr;
  bool IsOwn = Root && Root->isLocalVarDecl() && Root->hasLocalStorage() && !Type->isReferenceType() && !Type->isPointerType() &&
               !(Names.isPointer(RootClass) && !Names.isValue(RootClass));
  if (!IsOwn || Root->getDeclContext() != Edge.Caller->Function)
    return true; // it may run already
  return beside(*Edge.Caller, *Object, /*RunsAtEntry=*/false).contains(Edge.Site);
}

bool ObjectThread::mayBeCalledMeanwhile(const FunctionModel &Function) {
  const auto *Method = dyn_cast<CXXMethodDecl>(Function.Function);
  if (!Method || Method->isStatic() || isa<CXXConstructorDecl>(Method) || Method->isCopyAssignmentOperator() || Method->isMoveAssignmentOperator())
    return false;
  if (isa<CXXDestructorDecl>(Method)) // only what it does before it joins
    return !Owner || joinsThread(Function, Owner, Unit) || destructionOf(Owner->getType(), Unit) == HandleDestruction::Joins;
  bool AnySite = false;
  for (unsigned Index : Flow.calls().into(Function)) {
    const CallEdge &Edge = Flow.calls().edges()[Index];
    if (isCalledOnThis(Edge))
      continue;
    AnySite = true;
    if (runsAt(Index))
      return true;
  }
  const SourceManager &Sources = Unit.context().getSourceManager();
  bool IsOnlyHere = Sources.isInMainFile(Sources.getExpansionLoc(Method->getLocation()));
  return Flow.calls().callers(Function) == Callers::Any && !(AnySite && IsOnlyHere) && !Flow.calls().isThreadEntry(Function);
}

} // namespace ward
