// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "guard/CallbackUnderLockCheck.h"

#include "base/ChainNotes.h"
#include "model/UnknownCallees.h"

#include "clang/AST/ExprCXX.h"

#include <set>

using namespace clang;

namespace ward {
namespace {

/// How the text describes one kind of unknown callee.
struct Wording {
  llvm::StringLiteral Noun;
  /// What runs when it is called.
  llvm::StringLiteral Target;
};

Wording wordingOf(enum UnknownCallee::Kind Kind) {
  switch (Kind) {
  case UnknownCallee::Callback:
    return {"callback", "a callback"};
  case UnknownCallee::Pointer:
    return {"function pointer", "a function"};
  case UnknownCallee::Virtual:
    return {"virtual function", "an override"};
  case UnknownCallee::Signal:
    return {"signal", "a slot"};
  }
  llvm_unreachable("all kinds are handled");
}

/// "callback 'on_done_'"; "a callback" for one without a name.
std::string described(llvm::StringRef Noun, llvm::StringRef Name) {
  return (Name == Noun ? "a " + Noun : Noun + " '" + Name + "'").str();
}

/// One of \p Locks is reentrant, or may be, where \p Function acquires it.
bool mayBeReentrant(const FunctionModel &Function, llvm::ArrayRef<HeldLock> Locks, UnitFlow &Unit) {
  return llvm::any_of(Unit.lockSets(Function).sites(), [&](const LockSite &Site) {
    return llvm::any_of(Locks, [&](const HeldLock &Lock) { return Lock.AcquiredAt == Site.location(); }) &&
           llvm::any_of(Site.Locked, [](const LockRef &Ref) { return Ref.Type && Ref.Type->MayBeReentrant; });
  });
}

/// The location of the finding: for `callback(x)` its beginning, not the parenthesis.
SourceLocation locationOf(const Expr *Call) {
  const auto *Operator = dyn_cast<CXXOperatorCallExpr>(Call);
  return Operator && Operator->getOperator() == OO_Call ? Operator->getBeginLoc() : Call->getExprLoc();
}

/// The object and the name of the virtual function that \p Call calls; empty if it calls none or the object is unknown.
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
  std::set<std::pair<SourceLocation, std::string>> Reported;
  llvm::DenseMap<SourceLocation, enum UnknownCallee::Kind> Kinds; // by the location of the call
  CallChains Chains(Unit, [&](const Expr *E, const FunctionModel &) -> std::optional<Action> {
    const auto *Call = dyn_cast<CallExpr>(E);
    std::optional<UnknownCallee> Callee = Call ? unknownCallee(Call, Model) : std::nullopt;
    if (!Callee || (Callee->Kind == UnknownCallee::Virtual && !VirtualCalls))
      return std::nullopt;
    Kinds[E->getExprLoc()] = Callee->Kind;
    Action Result{E->getExprLoc(), Callee->Name, ("is a " + wordingOf(Callee->Kind).Noun).str(), {}};
    // Virtual functions and hooks are common: one that is called through helpers is no evidence against the lock held here.
    Result.OnlyDirect = Callee->Kind == UnknownCallee::Virtual || Callee->IsHook;
    return Result;
  });
  Chains.underLock([&](const FunctionModel &Function, const ChainStep &Step, const CallChain &Chain, llvm::ArrayRef<HeldLock> Locks) {
    const Expr *At = Step.Call;
    SourceLocation Location = locationOf(At);
    // Many helpers that call one callback are one finding; so are many calls of one virtual function of one object.
    std::string Key = Chain.Calls.empty() ? virtualOf(At, Model.names()) : Chain.Does.Name;
    if (!Key.empty() && !Locks.empty() && !Reported.insert({Locks.front().AcquiredAt, Key}).second)
      return;
    if (!claim(Location, Sources))
      return;
    enum UnknownCallee::Kind Kind = Kinds.lookup(Chain.Does.Where);
    Wording Text = wordingOf(Kind);
    diag(Location, "%select{%1 is %select{called|emitted}2|%3 %select{calls|emits}2 %1}0 while holding %4; %5 that acquires "
                   "%select{%7 deadlocks|another lock can deadlock}6")
        << !Chain.Calls.empty() << described(Text.Noun, Chain.Does.Name) << (Kind == UnknownCallee::Signal) << nameOfFirst(Chain)
        << namesOf(Locks) << Text.Target << mayBeReentrant(Function, Locks, Unit) << namesOf(Locks, "or", "the lock");
    noteChain(Chain, Locks, [&](SourceLocation Where, const std::string &Text) { diag(Where, "%0", DiagnosticIDs::Note) << Text; });
  });
}

} // namespace ward
