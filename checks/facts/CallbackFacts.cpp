// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The facts about closures that one function passes to another, which runs them or keeps them for later.
#include "facts/UnitFacts.h"

#include "facts/JsonMembers.h"

#include "model/Callables.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace ward {
namespace {

/// The object that \p Call calls: a function pointer, or an object with operator(); null for other calls.
const Expr *callableOf(const CallExpr *Call) {
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call))
    return Operator->getOperator() == OO_Call && Operator->getNumArgs() > 0 ? Operator->getArg(0) : nullptr;
  return Call->getDirectCallee() || isa<CXXMemberCallExpr>(Call) ? nullptr : Call->getCallee();
}

const VarDecl *localNamedBy(const Expr *E) {
  const auto *Ref = E ? dyn_cast<DeclRefExpr>(stripped(E)) : nullptr;
  const auto *Variable = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
  return Variable && Variable->isLocalVarDecl() ? Variable : nullptr;
}

/// What \p Local, a container of callables, was copied, moved or swapped from.
std::optional<AccessPath> originOf(const VarDecl *Local, const FunctionModel &Function, CatalogIndex &Names) {
  auto Of = [&](const Expr *E) { return pathOf(originalValue(E, Names), Names); };
  for (const CallExpr *Call : Function.Calls) {
    CallSite Site = CallSite::of(Call);
    const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Site.Callee);
    if (!Method || !Site.Object || Site.Arguments.size() != 1)
      continue;
    bool Assigns = Method->getOverloadedOperator() == OO_Equal;
    bool Swaps = Method->getDeclName().isIdentifier() && Method->getName() == "swap";
    if ((Assigns || Swaps) && localNamedBy(Site.Object) == Local)
      return Of(Site.Arguments[0]);
    if (Swaps && localNamedBy(Site.Arguments[0]) == Local)
      return Of(Site.Object);
  }
  const Expr *Init = Local->getInit() ? stripped(Local->getInit()) : nullptr;
  const auto *Copy = dyn_cast_or_null<CXXConstructExpr>(Init);
  return Copy && Copy->getNumArgs() == 1 && Copy->getConstructor()->isCopyOrMoveConstructor() ? Of(Copy->getArg(0)) : std::nullopt;
}

/// The place of \p Callable; for the variable of a range-for, an element of the range.
std::optional<AccessPath> placeOfCallable(const Expr *Callable, const FunctionModel &Function, CatalogIndex &Names) {
  for (const Stmt *Branch : Function.Branches)
    if (const auto *Loop = dyn_cast<CXXForRangeStmt>(Branch); Loop && Loop->getLoopVariable() && Loop->getRangeInit() &&
        Loop->getLoopVariable() == localNamedBy(Callable)) {
      std::optional<AccessPath> Range = pathOf(Loop->getRangeInit(), Names);
      if (Range)
        Range->push(AccessPath::Step::element());
      return Range;
    }
  return pathOf(Callable, Names);
}

/// \p Path begins at a parameter of \p Function, or at a member of its object.
bool isFromOutside(const AccessPath &Path, const FunctionModel &Function) {
  if (!Path.root())
    return !Path.steps().empty();
  return isa<ParmVarDecl>(Path.root()) && Path.root()->getDeclContext() == Function.Function;
}

} // namespace

void UnitFacts::writeRuns(const FunctionModel &Function, llvm::json::OStream &Out) {
  CatalogIndex &Names = Flow.model().names();
  for (const CallExpr *Call : Function.Calls) {
    const Expr *Callable = callableOf(Call);
    if (!Callable || Flow.locks().isUnreachable(Function, Call) || Flow.confined().isBeforeStartOrAfterJoin(Function, Call))
      continue;
    std::optional<AccessPath> Path = placeOfCallable(Callable, Function, Names);
    if (Path && Path->root() && Path->root()->isLocalVarDecl())
      if (std::optional<AccessPath> Origin = originOf(Path->root(), Function, Names)) {
        Origin->append(Path->steps());
        Path = std::move(Origin);
      }
    if (Path && isFromOutside(*Path, Function) && containsCallable(Callable->getType(), Names))
      Out.value(llvm::json::Object{{"f", Symbols.function(Function)},
                                   {"p", Symbols.path(*Path)},
                                   {"must", locks(Flow.locks().heldAt(Function, Call))}});
  }
}

void UnitFacts::writeKeeps(const FunctionModel &Function, llvm::json::OStream &Out) {
  CatalogIndex &Names = Flow.model().names();
  auto Keep = [&](const Expr *Value, std::optional<AccessPath> In, bool AsElement) {
    const ParmVarDecl *Parameter = parameterOf(Value, Function, Names);
    if (!Parameter || !In || In->root() || In->steps().empty() || !containsCallable(Parameter->getType(), Names))
      return;
    if (AsElement)
      In->push(AccessPath::Step::element());
    Out.value(llvm::json::Object{
        {"f", Symbols.function(Function)}, {"arg", Parameter->getFunctionScopeIndex()}, {"p", Symbols.path(*In)}});
  };
  for (const CallExpr *Call : Function.Calls) {
    CallSite Site = CallSite::of(Call);
    const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Site.Callee);
    if (!Method || !Site.Object || !isLibraryCode(Method))
      continue;
    bool Assigns = Method->getOverloadedOperator() == OO_Equal;
    if (Assigns || Names.isValue(Method->getParent()))
      for (const Expr *Argument : Site.Arguments)
        Keep(Argument, pathOf(Site.Object, Names), !Assigns);
  }
  if (const auto *Constructor = dyn_cast<CXXConstructorDecl>(Function.Function))
    for (const CXXCtorInitializer *Init : Constructor->inits())
      if (Init->isMemberInitializer())
        Keep(Init->getInit(), AccessPath::ofThis().push(AccessPath::Step::field(Init->getMember())), false);
}

void UnitFacts::writeGives(const FunctionModel &Function, llvm::json::OStream &Out) {
  CatalogIndex &Names = Flow.model().names();
  auto Give = [&](const CallSite &Call, const Expr *Site) {
    const FunctionModel *Here = Call.Callee ? Flow.model().function(Call.Callee) : nullptr;
    if (!Call.Callee || (!Here && !calleeElsewhere(Call)))
      return;
    for (unsigned I = 0; I != Call.Arguments.size(); ++I) {
      const LambdaExpr *Lambda = lambdaOf(Call.Arguments[I], Names);
      const FunctionModel *Closure = Lambda ? Flow.model().function(Lambda->getCallOperator()) : nullptr;
      if (!Closure || !Relevant.contains(Closure))
        continue;
      llvm::json::Object One{{"to", Here ? Symbols.function(*Here) : Symbols.declared(Call.Callee)},
                             {"arg", I},
                             {"c", Symbols.function(*Closure)}};
      if (std::optional<AccessPath> Object = Call.Object ? pathOf(Call.Object, Names) : std::nullopt)
        One["obj"] = Symbols.path(*Object);
      llvm::json::Array Arguments;
      for (const Expr *Argument : Call.Arguments) {
        std::optional<AccessPath> Path = Argument->isGLValue() || Argument->getType()->isPointerType() ? pathOf(Argument, Names) : std::nullopt;
        Arguments.push_back(Path ? static_cast<int64_t>(Symbols.path(*Path)) : -1);
      }
      One["args"] = std::move(Arguments);
      set(One, "must", locks(Flow.locks().ownAt(Function, Site)));
      Out.value(std::move(One));
    }
  };
  for (const CallExpr *Call : Function.Calls)
    Give(CallSite::of(Call), Call);
  for (const CXXConstructExpr *Construct : Function.Constructs)
    Give(CallSite::of(Construct), Construct);
}

void UnitFacts::writeCallbacks(llvm::json::OStream &Out) {
  auto Each = [&](llvm::StringRef Name, void (UnitFacts::*Write)(const FunctionModel &, llvm::json::OStream &)) {
    Out.attributeArray(Name, [&] {
      for (const auto &Function : Flow.model().functions())
        if (Function->hasKnownLocks() && !Function->IsPattern)
          (this->*Write)(*Function, Out);
    });
  };
  Each("runs", &UnitFacts::writeRuns);
  Each("keeps", &UnitFacts::writeKeeps);
  Each("gives", &UnitFacts::writeGives);
}

} // namespace ward
