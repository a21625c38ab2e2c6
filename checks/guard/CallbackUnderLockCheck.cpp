// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "guard/CallbackUnderLockCheck.h"

#include "base/ChainNotes.h"
#include "model/UnknownCallees.h"

#include "clang/AST/ExprCXX.h"

#include <set>

using namespace clang;

namespace ward {
namespace {

llvm::StringRef verbOf(enum UnknownCallee::Kind Kind) {
  switch (Kind) {
  case UnknownCallee::Callback:
  case UnknownCallee::Pointer:
    return "is code that was given from outside";
  case UnknownCallee::Virtual:
    return "is whatever a derived class does";
  case UnknownCallee::Signal:
    return "runs whatever is connected";
  }
  return "is not known here";
}

/// Where the call is seen: of `callback(x)` at its beginning, not at the parenthesis.
SourceLocation locationOf(const Expr *Call) {
  const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call);
  return Operator && Operator->getOperator() == OO_Call ? Operator->getBeginLoc() : Call->getExprLoc();
}

/// The object and the name of the virtual function that \p Call calls; empty if it calls none or the object can't be told.
std::string virtualOf(const Expr *Call, CatalogIndex &Names) {
  const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
  const CXXMethodDecl *Method = Member ? Member->getMethodDecl() : nullptr;
  std::optional<AccessPath> Object = Method && Method->isVirtual() ? pathOf(Member->getImplicitObjectArgument(), Names) : std::nullopt;
  return Object ? Object->print() + "." + Method->getNameAsString() : "";
}

} // namespace

CallbackUnderLockCheck::CallbackUnderLockCheck(llvm::StringRef Name, tidy::ClangTidyContext *Context)
    : WardCheck(Name, Context), VirtualCalls(boolOption("VirtualCalls", true)) {}

void CallbackUnderLockCheck::storeOptions(tidy::ClangTidyOptions::OptionMap &Opts) {
  Options.store(Opts, "VirtualCalls", VirtualCalls ? "true" : "false");
  WardCheck::storeOptions(Opts);
}

void CallbackUnderLockCheck::analyse(UnitFlow &Unit) {
  UnitModel &Model = Unit.model();
  if (llvm::none_of(Model.functions(), [](const auto &Function) { return Function->touchesLocks(); }))
    return;
  const SourceManager &Sources = Model.context().getSourceManager();
  std::set<std::pair<SourceLocation, std::string>> Told;
  CallChains CallsBack(Unit, [&](const Expr *E, const FunctionModel &) -> std::optional<Action> {
    const auto *Call = dyn_cast<CallExpr>(E);
    std::optional<UnknownCallee> Callee = Call ? unknownCallee(Call, Model) : std::nullopt;
    if (!Callee || (Callee->Kind == UnknownCallee::Virtual && !VirtualCalls))
      return std::nullopt;
    Action Result{E->getExprLoc(), Callee->Name, verbOf(Callee->Kind).str(), {}};
    // Interfaces are everywhere, and so are a program's hooks: those that a helper calls further down say little of the lock here.
    Result.OnlyDirect = Callee->Kind == UnknownCallee::Virtual || Callee->IsHook;
    return Result;
  });
  CallsBack.underLock([&](const FunctionModel &, const ChainStep &Step, const CallChain &Chain, llvm::ArrayRef<HeldLock> Locks) {
    const Expr *At = Step.Call;
    SourceLocation Location = locationOf(At);
    // Many helpers that all come to one callback are one finding; so are many calls of one virtual function of one object.
    std::string Key = Chain.Calls.empty() ? virtualOf(At, Model.names()) : Chain.Does.Name;
    if (!Key.empty() && !Locks.empty() && !Told.insert({Locks.front().AcquiredAt, Key}).second)
      return;
    if (!claim(Location, Sources))
      return;
    diag(Location, "%0 %select{is called|calls '%1'}2 while %3: it %4, and if that takes the lock, or waits for one who does, it "
                   "never comes back")
        << nameOfFirst(Chain) << Chain.Does.Name << !Chain.Calls.empty() << nameOf(Locks) << Chain.Does.Does;
    tellChain(Chain, Locks, [&](SourceLocation Where, const std::string &Text) { diag(Where, "%0", DiagnosticIDs::Note) << Text; });
  });
}

} // namespace ward
