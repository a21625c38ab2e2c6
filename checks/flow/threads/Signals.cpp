// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/threads/Signals.h"

#include "model/Blocking.h"
#include "model/BranchParts.h"

#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace ward {
namespace {

using IsSignalFn = llvm::function_ref<bool(const AccessPath &)>;

bool names(const Expr *E, IsSignalFn IsSignal, CatalogIndex &Names) {
  std::optional<AccessPath> Path = E ? pathOf(E, Names) : std::nullopt;
  return Path && IsSignal(*Path);
}

/// \p S reads a synchronised place that is a signal.
bool readsSignal(const Stmt *S, IsSignalFn IsSignal, UnitModel &Unit) {
  if (!S)
    return false;
  if (const auto *E = dyn_cast<Expr>(S); E && isa<DeclRefExpr, MemberExpr>(E) &&
                                         Unit.types().isSynchronised(E->getType().getNonReferenceType()) &&
                                         names(E, IsSignal, Unit.names()))
    return true;
  return llvm::any_of(S->children(), [&](const Stmt *Child) { return readsSignal(Child, IsSignal, Unit); });
}

bool spins(const Stmt *S, IsSignalFn IsSignal, UnitModel &Unit) {
  if (!S || isa<LambdaExpr>(S))
    return false;
  if (readsSignal(loopCondition(S).value_or(nullptr), IsSignal, Unit))
    return true;
  return llvm::any_of(S->children(), [&](const Stmt *Child) { return spins(Child, IsSignal, Unit); });
}

bool blocks(const CallExpr *Call, const FunctionModel &Function, UnitModel &Unit) {
  if (std::optional<BlockingCall> What = blockingCall(Call, Function, Unit))
    return What->Kind == BlockingKind::Join || What->Kind == BlockingKind::Result || What->Kind == BlockingKind::Event ||
           What->Kind == BlockingKind::Condvar;
  const FunctionDecl *Callee = Call->getDirectCallee();
  return Callee && !Unit.function(Callee) && Callee->getDeclName().isIdentifier() && soundsLikeWaiting(Callee->getName());
}

} // namespace

bool soundsLikeWaiting(llvm::StringRef Name) {
  if (Name.contains_insensitive("async"))
    return false;
  for (llvm::StringRef Word : {"wait", "join", "acquire", "drain", "flush", "sync", "finish", "shutdown", "stop"})
    if (Name.contains_insensitive(Word))
      return true;
  return Name == "get";
}

bool mayTimeOut(llvm::StringRef Name) { return Name.ends_with("_for") || Name.ends_with("_until") || Name.starts_with("try_"); }

bool waitsFor(const FunctionModel &Function, IsSignalFn IsSignal, UnitModel &Unit, unsigned Depth) {
  if (spins(Function.Body, IsSignal, Unit))
    return true;
  CatalogIndex &Names = Unit.names();
  for (const CallExpr *Call : Function.Calls) {
    CallSite Site = CallSite::of(Call);
    auto IsNamed = [&](const Expr *E) { return names(E, IsSignal, Names); };
    if (blocks(Call, Function, Unit) && (IsNamed(Site.Object) || llvm::any_of(Site.Arguments, IsNamed)))
      return true;
    const FunctionModel *Callee = Depth > 0 ? Unit.function(Site.Callee) : nullptr;
    if (Callee && Callee != &Function)
      if (waitsFor(
              *Callee,
              [&](const AccessPath &Inner) {
                std::optional<AccessPath> Here = atCall(Inner, Site, Names);
                return Here && IsSignal(*Here);
              },
              Unit, Depth - 1))
        return true;
  }
  return false;
}

} // namespace ward
