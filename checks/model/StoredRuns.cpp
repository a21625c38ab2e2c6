// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Which of the callables and tasks that are stored in objects a function runs.
#include "model/StoredCalls.h"

#include "model/Callables.h"

#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace ward {
namespace {

constexpr size_t MaxRuns = 16;

/// The object that \p Call calls: a pointer to a function, a function object, or the first argument of std::invoke; null if it names
/// the function. \p Arguments are those that the object is called with.
const Expr *calledObject(const CallExpr *Call, ArrayRef<const Expr *> &Arguments) {
  Arguments = {Call->getArgs(), Call->getNumArgs()};
  if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call)) {
    if (Operator->getOperator() != OO_Call)
      return nullptr;
    Arguments = Arguments.drop_front();
    return Operator->getArg(0);
  }
  if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call)) { // f.operator()(), (object->*f)()
    if (const CXXMethodDecl *Method = Member->getMethodDecl())
      return Method->getOverloadedOperator() == OO_Call ? Member->getImplicitObjectArgument() : nullptr;
    const auto *Pointer = dyn_cast<BinaryOperator>(Call->getCallee()->IgnoreParens());
    return Pointer && Pointer->isPtrMemOp() ? Pointer->getRHS() : nullptr;
  }
  const FunctionDecl *Callee = Call->getDirectCallee();
  if (!Callee)
    return Call->getCallee();
  if (Callee->isInStdNamespace() && Call->getNumArgs() > 0 && Callee->getDeclName().isIdentifier() &&
      (Callee->getName() == "invoke" || Callee->getName() == "apply")) {
    Arguments = Arguments.drop_front();
    return Call->getArg(0);
  }
  return nullptr;
}

/// \p Call is of a virtual function that an override may replace, or of a function of the class that derives from that of `this`:
/// `static_cast<Derived *>(this)->run()`.
bool isDispatched(const CallExpr *Call, const CallSite &Site) {
  const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Site.Callee);
  if (!Method || !Site.Object || Method->isStatic() || isa<CXXDestructorDecl>(Method))
    return false;
  const auto *Member = dyn_cast<MemberExpr>(Call->getCallee()->IgnoreParens());
  if (Member && Member->hasQualifier())
    return false;
  if (Method->isVirtual())
    return !Method->getDevirtualizedMethod(Site.Object, /*IsAppleKext=*/false);
  const auto *This = dyn_cast<CXXThisExpr>(stripped(Site.Object));
  const CXXRecordDecl *Own = This ? This->getType()->getPointeeCXXRecordDecl() : nullptr;
  return Own && Method->getParent()->hasDefinition() && Own->hasDefinition() && Method->getParent()->isDerivedFrom(Own);
}

/// A `try` in \p Root around \p Inner has a handler for all exceptions, or for std::exception.
bool isCaught(const Stmt *Root, const Stmt *Inner) {
  if (!Root || isa<LambdaExpr>(Root))
    return false;
  if (Root == Inner)
    return false;
  const auto *Try = dyn_cast<CXXTryStmt>(Root);
  for (const Stmt *Child : Root->children()) {
    if (!Child || !(Child == Inner || Child->getSourceRange().fullyContains(Inner->getSourceRange())))
      continue;
    if (Try && Child == Try->getTryBlock())
      for (unsigned I = 0; I != Try->getNumHandlers(); ++I) {
        QualType Type = Try->getHandler(I)->getCaughtType();
        const TagDecl *Class = Type.isNull() ? nullptr : classOf(Type);
        if (Type.isNull() || (Class && qualifiedName(*Class) == "std::exception"))
          return true;
      }
    if (isCaught(Child, Inner))
      return true;
  }
  return false;
}

} // namespace

llvm::SmallVector<StoredRun, 2> StoredCalls::runBy(const CallExpr *Call, const FunctionModel &Function) {
  llvm::SmallVector<StoredRun, 2> Result;
  CallSite Site = CallSite::of(Call);
  ArrayRef<const Expr *> Arguments = Site.Arguments;
  const Expr *Called = calledObject(Call, Arguments);
  const CXXMethodDecl *Method = nullptr;
  if (!Called) {
    if (!isDispatched(Call, Site))
      return Result;
    Called = Site.Object;
    Method = cast<CXXMethodDecl>(Site.Callee);
    Arguments = Site.Arguments;
  }
  StoredRun Run{AccessPath::ofThis(), Method, {}, Call, isCaught(Function.Body, Call)};
  for (const Expr *Argument : Arguments) {
    std::optional<AccessPath> Place;
    for (const StoredValue &Each : values(Argument, Function))
      if (Each.Place && (!Each.Place->root() || !Each.Place->root()->isLocalVarDecl()) && !Place)
        Place = Each.Place;
    Run.Arguments.push_back(std::move(Place));
  }
  for (const StoredValue &Each : values(Called, Function))
    if (Each.Place) {
      Run.Place = *Each.Place;
      Result.push_back(Run);
    }
  return Result;
}

llvm::SmallVector<StoredRun, 2> StoredCalls::runsAtCall(const StoredRun &Run, const FunctionDecl *Callee, const CallSite &Call,
                                                        const std::optional<AccessPath> &Object, const FunctionModel &Caller) {
  llvm::SmallVector<StoredRun, 2> Result;
  StoredRun Here = Run;
  Here.Arguments.clear();
  for (const std::optional<AccessPath> &Argument : Run.Arguments) {
    llvm::SmallVector<AccessPath, 2> Places;
    if (Argument)
      Places = placesAtCall(*Argument, Callee, Call, Object, Caller);
    Here.Arguments.push_back(Places.empty() ? std::nullopt : std::optional(Places.front()));
  }
  for (AccessPath &Place : placesAtCall(Run.Place, Callee, Call, Object, Caller)) {
    Here.Place = std::move(Place);
    Result.push_back(Here);
  }
  return Result;
}

const std::vector<StoredRun> &StoredCalls::runs(const FunctionModel &Function) {
  std::unique_ptr<std::vector<StoredRun>> &Slot = Runs[&Function];
  if (Slot)
    return *Slot;
  Slot = std::make_unique<std::vector<StoredRun>>(); // empty for a recursion
  std::vector<StoredRun> Result;
  auto Add = [&](StoredRun Run) {
    if (Result.size() < MaxRuns && llvm::none_of(Result, [&](const StoredRun &Known) {
          return Known.Place == Run.Place && Known.Method == Run.Method && Known.Call == Run.Call;
        }))
      Result.push_back(std::move(Run));
  };
  if (!Function.IsPattern)
    for (const CallExpr *Call : Function.Calls) {
      for (StoredRun &Run : runBy(Call, Function))
        Add(std::move(Run));
      CallSite Site = CallSite::of(Call);
      const FunctionModel *Callee = Unit.function(Site.Callee);
      if (!Callee || Callee == &Function || isClosure(Callee->Function))
        continue;
      bool Caught = isCaught(Function.Body, Call);
      std::vector<StoredRun> Inner = runs(*Callee); // a copy: the map may grow
      for (const StoredRun &Run : Inner)
        for (StoredRun &Here : runsAtCall(Run, Site.Callee, Site, std::nullopt, Function)) {
          Here.Caught |= Caught;
          Add(std::move(Here));
        }
    }
  std::unique_ptr<std::vector<StoredRun>> &Now = Runs[&Function];
  *Now = std::move(Result);
  return *Now;
}

} // namespace ward
