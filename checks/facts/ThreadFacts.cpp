// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The facts about threads: which functions start and join them, and what an object's own function calls follow.
#include "facts/UnitFacts.h"

#include "facts/JsonMembers.h"
#include "model/Callables.h"
#include "model/ThreadHandle.h"

#include "clang/Analysis/Analyses/CFGReachabilityAnalysis.h"

using namespace clang;

namespace ward {

/// The function that runs on the thread \p Started: with its body here, or by name alone. None if it is unknown.
std::optional<unsigned> UnitFacts::startedFunction(const Spawn &Started) {
  if (const FunctionModel *Body = Flow.spawns().bodyOf(Started))
    return Relevant.contains(Body) ? std::optional(Symbols.function(*Body)) : std::nullopt;
  const auto *Named = dyn_cast<DeclRefExpr>(withoutAddressOf(Started.Callable));
  const auto *Function = Named ? dyn_cast<FunctionDecl>(Named->getDecl()) : nullptr;
  return Function && !isLibraryCode(Function) ? std::optional(Symbols.declared(Function)) : std::nullopt;
}

llvm::json::Array UnitFacts::starts(const FunctionModel &Function) {
  llvm::json::Array Result;
  for (const Spawn &Started : Flow.spawns().all()) {
    if (Started.In != &Function || !isReported(Started.Site->getExprLoc()))
      continue;
    std::optional<unsigned> Run = startedFunction(Started);
    if (!Run)
      continue;
    llvm::json::Object One{{"at", Symbols.place(Started.Site->getBeginLoc())}, {"f", *Run}};
    setIf(One, "this", Roles.startsOnThis(Started));
    setIf(One, "sole", Roles.startsOnce(Started));
    setIf(One, "birth", isa<CXXConstructorDecl>(Function.Function));
    Result.push_back(std::move(One));
  }
  return Result;
}

bool UnitFacts::joinsOwnThread(const FunctionModel &Function) {
  CatalogIndex &Names = Flow.model().names();
  auto IsOfThis = [&](const Expr *E) {
    std::optional<AccessPath> Path = E ? pathOf(E, Names) : std::nullopt;
    return Path && !Path->root();
  };
  // `for (auto &t : threads_) t.join();`
  auto IsOverThis = [&](const Expr *Handle) {
    const auto *Ref = Handle ? dyn_cast<DeclRefExpr>(stripped(Handle)) : nullptr;
    return Ref && llvm::any_of(Function.Branches, [&](const Stmt *Branch) {
             const auto *Loop = dyn_cast<CXXForRangeStmt>(Branch);
             return Loop && Loop->getLoopVariable() == Ref->getDecl() && IsOfThis(Loop->getRangeInit());
           });
  };
  return llvm::any_of(Function.Calls, [&](const CallExpr *Call) {
    const Expr *Handle = joinedBy(Call, Names);
    return IsOfThis(Handle) || IsOverThis(Handle);
  });
}

/// The calls of member functions of \p Root, a local object of \p Function, that may come before \p Site.
llvm::json::Array UnitFacts::callsBefore(const FunctionModel &Function, const Expr *Site, const VarDecl *Root) {
  llvm::json::Array Result;
  const CFG *Graph = Flow.graph(Function);
  if (!Graph)
    return Result;
  CatalogIndex &Names = Flow.model().names();
  llvm::DenseMap<const Stmt *, std::pair<const CFGBlock *, unsigned>> Places;
  auto IsOfRoot = [&](const CallExpr *Call) {
    CallSite How = CallSite::of(Call);
    std::optional<AccessPath> Object = How.Object ? pathOf(How.Object, Names) : std::nullopt;
    return Object && Object->root() == Root;
  };
  llvm::SmallVector<const CallExpr *, 8> Calls;
  llvm::copy_if(Function.Calls, std::back_inserter(Calls), IsOfRoot);
  for (const CFGBlock *Block : *Graph)
    for (unsigned I = 0; I != Block->size(); ++I)
      if (std::optional<CFGStmt> S = (*Block)[I].getAs<CFGStmt>(); S && (S->getStmt() == Site || llvm::is_contained(Calls, S->getStmt())))
        Places[S->getStmt()] = {Block, I};
  auto Here = Places.find(Site);
  if (Here == Places.end())
    return Result;
  auto [Block, Index] = Here->second;
  CFGReverseBlockReachabilityAnalysis Reachable(*Graph);
  for (const CallExpr *Call : Calls) {
    auto There = Places.find(Call);
    if (Call != Site && There != Places.end() &&
        ((There->second.first == Block && There->second.second < Index) || Reachable.isReachable(There->second.first, Block)))
      Result.push_back(Symbols.place(Call->getExprLoc()));
  }
  return Result;
}

} // namespace ward
