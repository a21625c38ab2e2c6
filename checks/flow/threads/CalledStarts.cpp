// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/threads/CalledStarts.h"

#include "flow/threads/Outlives.h"
#include "model/Callables.h"
#include "model/ThreadHandle.h"
#include "model/UnconditionalCode.h"

#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace ward {
namespace {

/// How many calls lie between the start and a caller at most.
constexpr unsigned MaxCallerDepth = 3;

class CalledStartFinder {
public:
  explicit CalledStartFinder(UnitFlow &Flow) : Flow(Flow), Unit(Flow.model()), Names(Unit.names()), Objects(Flow) {}

  std::vector<CalledStart> run() {
    for (const Spawn &Started : Flow.spawns().all())
      if (std::optional<Owned> How = ownershipOf(Started))
        follow(Started, *How, *Started.In, Objects.given(Started), MaxCallerDepth);
    return std::move(Found);
  }

private:
  /// Who gets the handle of the thread.
  enum class Owned {
    ByObject, ///< the object of the member function that starts it
    ByCaller, ///< the caller, as the result
    ByArgument, ///< the caller, by an argument
  };

  /// None if the thread ends in the function that starts it, or belongs to something else.
  std::optional<Owned> ownershipOf(const Spawn &Started) {
    if (!Started.In || Started.In->IsPattern || Started.MayRunHere || Started.End != ThreadEnd::Handle || !Flow.spawns().bodyOf(Started) ||
        isClosure(Started.In->Function))
      return std::nullopt;
    HandlePlace Place = placeOf(Started, Names);
    const auto *Parameter = dyn_cast_or_null<ParmVarDecl>(Place.Variable);
    std::optional<Owned> How;
    if (Place.Kind == HandlePlace::Member)
      How = Owned::ByObject;
    else if (Place.Kind == HandlePlace::Returned || (Place.Kind == HandlePlace::Local && returns(*Started.In, Place.Variable)))
      How = Owned::ByCaller;
    else if (Place.Kind == HandlePlace::Elsewhere && Parameter && Started.Handle)
      How = Owned::ByArgument;
    if (!How || (*How == Owned::ByObject && !whileRunning(Started, Flow.spawns().captured(Started), Flow, [](const Stmt *) {})))
      return std::nullopt;
    return How;
  }

  bool returns(const FunctionModel &Function, const VarDecl *Variable) {
    return llvm::any_of(Names.returnedBy(Function.Function), [&](const Expr *Value) {
      const auto *Ref = dyn_cast<DeclRefExpr>(originalValue(Value, Names));
      return Ref && Ref->getDecl() == Variable;
    });
  }

  /// Follows \p Started, whose code names the objects of \p Function \p Given, to the callers of that.
  void follow(const Spawn &Started, Owned How, const FunctionModel &Function, ArrayRef<ObjectName> Given, unsigned Depth) {
    for (unsigned Index : Flow.calls().into(Function)) {
      const CallEdge &Edge = Flow.calls().edges()[Index];
      if (Edge.Caller->IsPattern || Edge.Caller == &Function || Edge.IsClosureArgument || Edge.IsOneOfSeveral)
        continue;
      llvm::SmallVector<ObjectName, 4> Mapped = throughNames(Given, Objects.namesAt(Edge));
      bool OnThis = Edge.How.isOnThis();
      if (llvm::any_of(Mapped, isOfCaller))
        add(Started, How, Edge, Mapped);
      bool GoesOn = How == Owned::ByObject ? OnThis : How == Owned::ByCaller && isReturned(Edge);
      if (GoesOn && Depth > 1 && !isa<CXXConstructorDecl>(Function.Function))
        follow(Started, How, *Edge.Caller, Mapped, Depth - 1);
    }
  }

  bool isReturned(const CallEdge &Edge) {
    return llvm::any_of(Names.returnedBy(Edge.Caller->Function), [&](const Expr *Value) { return originalValue(Value, Names) == Edge.Site; });
  }

  /// More than the object itself, whose own members are another matter (MemberConflicts).
  static bool isOfCaller(const ObjectName &Name) { return Name.Outer.root() || !Name.Outer.steps().empty(); }

  void add(const Spawn &Started, Owned How, const CallEdge &Edge, ArrayRef<ObjectName> Given) {
    for (const CalledStart &Known : Found)
      if (Known.Started.Site == Edge.Site && Known.Started.Body == Flow.spawns().bodyOf(Started))
        return;
    CalledStart Result{{Edge.Site, Edge.Caller, Edge.Site, {}, Started.End, Started.Parallel, Started.CarriesExceptions}, {}};
    Spawn &Here = Result.Started;
    Here.Body = Flow.spawns().bodyOf(Started);
    if (How == Owned::ByObject) {
      Here.End = ThreadEnd::Detached;
      Here.Owner = isa<CXXConstructorDecl>(Edge.Callee->Function) || !Edge.How.Object ? Edge.Site : Edge.How.Object;
      Here.Callable = Here.Owner;
      Here.Emplaced = isa<CXXConstructorDecl>(Edge.Callee->Function) && isa<CallExpr>(Edge.Site);
    } else if (How == Owned::ByArgument) {
      const auto *Parameter = dyn_cast_or_null<ParmVarDecl>(placeOf(Started, Names).Variable);
      if (Parameter->getFunctionScopeIndex() >= Edge.How.Arguments.size() || Edge.Callee != Started.In)
        return;
      Here.Handle = Edge.How.Arguments[Parameter->getFunctionScopeIndex()];
    }
    for (const Expr *Argument : Edge.How.Arguments)
      if (Argument != Here.Handle)
        Here.Given.push_back({nullptr, Argument});
    if (const Expr *Init = How == Owned::ByObject ? initialiserOf(Here.Owner) : nullptr)
      forEachExpression(Init, [&](const Expr *E) {
        if (const auto *Construct = dyn_cast<CXXConstructExpr>(E))
          for (const Expr *Argument : Construct->arguments())
            Here.Given.push_back({nullptr, Argument});
        else if (const auto *Call = dyn_cast<CallExpr>(E))
          for (const Expr *Argument : Call->arguments())
            Here.Given.push_back({nullptr, Argument});
      });
    for (const ObjectName &Name : Given)
      if (isOfCaller(Name))
        Result.Given.push_back(Name);
    Found.push_back(std::move(Result));
  }

  /// What the local variable that \p Object names is initialised with.
  static const Expr *initialiserOf(const Expr *Object) {
    const auto *Ref = dyn_cast<DeclRefExpr>(withoutAddressOf(Object));
    const auto *Variable = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
    return Variable && Variable->isLocalVarDecl() ? Variable->getInit() : nullptr;
  }

  UnitFlow &Flow;
  UnitModel &Unit;
  CatalogIndex &Names;
  ObjectAccesses Objects;
  std::vector<CalledStart> Found;
};

} // namespace

const std::vector<CalledStart> &UnitFlow::calledStarts() {
  if (!OfCallers)
    OfCallers = std::make_shared<const std::vector<CalledStart>>(
        spawns().all().empty() ? std::vector<CalledStart>() : CalledStartFinder(*this).run());
  return *OfCallers;
}

} // namespace ward
