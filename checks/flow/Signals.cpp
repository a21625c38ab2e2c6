// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/Signals.h"

#include "model/Blocking.h"

#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace ward {
namespace {

using IsSignalFn = llvm::function_ref<bool(const AccessPath &)>;

const Expr *conditionOf(const Stmt *Loop) {
  if (const auto *For = dyn_cast<ForStmt>(Loop))
    return For->getCond();
  if (const auto *While = dyn_cast<WhileStmt>(Loop))
    return While->getCond();
  if (const auto *Do = dyn_cast<DoStmt>(Loop))
    return Do->getCond();
  return nullptr;
}

bool names(const Expr *E, IsSignalFn IsSignal, CatalogIndex &Names) {
  std::optional<AccessPath> Path = E ? pathOf(E, Names) : std::nullopt;
  return Path && IsSignal(*Path);
}

/// \p S reads a place that is synchronised and a signal.
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
  if (const Expr *Condition = conditionOf(S); Condition && readsSignal(Condition, IsSignal, Unit))
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

bool waitsFor(const FunctionModel &Function, IsSignalFn IsSignal, UnitModel &Unit, unsigned Depth) {
  if (spins(Function.Body, IsSignal, Unit))
    return true;
  CatalogIndex &Names = Unit.names();
  for (const CallExpr *Call : Function.Calls) {
    CallSite Site = CallSite::of(Call);
    auto IsGiven = [&](const Expr *E) {
      const auto *Address = dyn_cast<UnaryOperator>(stripped(E));
      return names(Address && Address->getOpcode() == UO_AddrOf ? Address->getSubExpr() : E, IsSignal, Names);
    };
    if (blocks(Call, Function, Unit) && ((Site.Object && names(Site.Object, IsSignal, Names)) || llvm::any_of(Site.Arguments, IsGiven)))
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
