// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/threads/Joins.h"

#include "flow/UnitFlow.h"
#include "model/BranchParts.h"
#include "model/StmtParents.h"
#include "model/ThreadHandle.h"
#include "model/ThreadObjects.h"

#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Analysis/CFG.h"

#include "llvm/Support/SaveAndRestore.h"

using namespace clang;

namespace ward {
namespace {

/// \p S reads members of the object, and nothing that a caller or another thread chooses: a test of the object's own state.
bool readsOnlyOwnState(const Stmt *S, bool &Any) {
  if (!S)
    return true;
  if (isa<CXXThisExpr>(S))
    Any = true;
  if (const auto *Ref = dyn_cast<DeclRefExpr>(S); Ref && isa<VarDecl>(Ref->getDecl()))
    return false;
  return llvm::all_of(S->children(), [&](const Stmt *Child) { return readsOnlyOwnState(Child, Any); });
}

bool isOwnState(const Stmt *Condition) {
  bool Any = false;
  return readsOnlyOwnState(Condition, Any) && Any;
}

/// \p S names a handle, and no part of it is another variable's.
bool namesHandle(const Stmt *S, IsHandleFn IsHandle, CatalogIndex &Names) {
  if (!S)
    return false;
  if (const auto *E = dyn_cast<Expr>(S); E && isa<DeclRefExpr, MemberExpr>(E))
    if (std::optional<AccessPath> Path = pathOf(E, Names); Path && IsHandle(Path))
      return true;
  return llvm::any_of(S->children(), [&](const Stmt *Child) { return namesHandle(Child, IsHandle, Names); });
}

} // namespace

bool Joins::containsJoin(const Stmt *S, IsHandleFn IsHandle, bool OfElements) {
  if (!S)
    return false;
  CatalogIndex &Names = Flow.model().names();
  if (const auto *Call = dyn_cast<CallExpr>(S)) {
    if (const Expr *Object = joinedBy(Call, Names); Object && (OfElements || IsHandle(pathOf(Object, Names))))
      return true;
    const FunctionModel *Callee = OfElements ? Flow.model().function(CallSite::of(Call).Callee) : nullptr;
    if (Callee && joinsSomething(*Callee))
      return true;
  }
  if (const auto *Ref = dyn_cast<DeclRefExpr>(S); Ref && OfElements) // &std::thread::join
    if (const auto *Method = dyn_cast<CXXMethodDecl>(Ref->getDecl()))
      if (const ThreadEntry *Entry = Names.thread(Method->getParent());
          Entry && Method->getDeclName().isIdentifier() && llvm::is_contained(Entry->Join, Method->getName()))
        return true;
  if (const auto *Lambda = dyn_cast<LambdaExpr>(S))
    return containsJoin(Lambda->getBody(), IsHandle, OfElements);
  return llvm::any_of(S->children(), [&](const Stmt *Child) { return containsJoin(Child, IsHandle, OfElements); });
}

bool Joins::joinsByCall(const CallExpr *Call, IsHandleFn IsHandle, unsigned Depth) {
  CallSite Site = CallSite::of(Call);
  const FunctionModel *Callee = Depth > 0 ? Flow.model().function(Site.Callee) : nullptr;
  if (!Callee || !mayJoin(*Callee))
    return false;
  if (OfAnyHandle)
    return joinsSomething(*Callee);
  // A function that calls itself joins nothing by that.
  if (llvm::is_contained(Active, Callee))
    return false;
  Active.push_back(Callee);
  CatalogIndex &Names = Flow.model().names();
  const auto *Method = dyn_cast<CXXMethodDecl>(Callee->Function);
  bool Result = Method && Method->getParent()->isLambda()
                    ? joins(*Callee, IsHandle, Depth - 1) // it uses the names of the function around it
                    : joins(
                          *Callee,
                          [&](const std::optional<AccessPath> &Inner) {
                            std::optional<AccessPath> Here = Inner ? ward::atCall(*Inner, Site, Names) : std::nullopt;
                            return Here ? IsHandle(Here) : !Inner && IsHandle(Inner);
                          },
                          Depth - 1);
  Active.pop_back();
  return Result;
}

const Expr *Joins::dropsJoining(const Expr *E) {
  const Expr *Dropped = droppedBy(E, Flow.model().names());
  QualType Type = Dropped ? Dropped->getType() : QualType();
  return Dropped && destructionOf(Type->isPointerType() ? Type->getPointeeType() : Type, Flow.model()) == HandleDestruction::Joins ? Dropped
                                                                                                                                     : nullptr;
}

bool Joins::isJoin(const Stmt *S, IsHandleFn IsHandle, unsigned Depth) {
  CatalogIndex &Names = Flow.model().names();
  const auto *E = dyn_cast<Expr>(S);
  if (const Expr *Dropped = E ? dropsJoining(E) : nullptr;
      Dropped && llvm::none_of(Flow.spawns().all(), [&](const Spawn &Started) { return contains(E, Started.Site); }))
    return IsHandle(pathOf(Dropped, Names));
  const auto *Call = dyn_cast<CallExpr>(S);
  if (!Call)
    return false;
  if (const Expr *Object = joinedBy(Call, Names))
    return IsHandle(pathOf(Object, Names));
  if (Flow.model().function(CallSite::of(Call).Callee))
    return joinsByCall(Call, IsHandle, Depth);
  // std::for_each(threads.begin(), threads.end(), ...)
  const FunctionDecl *Callee = Call->getDirectCallee();
  return Callee && Callee->isInStdNamespace() && !isa<CXXMethodDecl>(Callee) && !Names.spawn(Callee) &&
         llvm::any_of(Call->arguments(), [&](const Expr *E) { return containsJoin(E, IsHandle, /*OfElements=*/true); }) &&
         namesHandle(Call, IsHandle, Names);
}

/// \p Condition has the same value each time: it names only variables that are never assigned.
static bool isFixed(const Stmt *Condition, CatalogIndex &Names) {
  if (!Condition || isa<CallExpr, MemberExpr>(Condition))
    return false;
  if (const auto *Ref = dyn_cast<DeclRefExpr>(Condition)) {
    const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl());
    return !Variable || (Variable->hasLocalStorage() && !Variable->getType()->isReferenceType() && Names.rebindings().isNeverReassigned(Variable));
  }
  return llvm::all_of(Condition->children(), [&](const Stmt *Child) { return isFixed(Child, Names); });
}

bool isUnderSameCondition(const FunctionModel &Function, const Stmt *Start, const IfStmt *Now, UnitModel &Unit) {
  return isFixed(Now->getCond(), Unit.names()) && llvm::any_of(Function.Branches, [&](const Stmt *Branch) {
           const auto *Before = dyn_cast<IfStmt>(Branch);
           return Before && Before != Now && contains(Before->getThen(), Start) &&
                  sameStructure(Before->getCond(), Now->getCond(), Unit.context());
         });
}

bool Joins::isStartedUnder(const FunctionModel &Function, const IfStmt *Now, IsHandleFn IsHandle) {
  UnitModel &Unit = Flow.model();
  bool Any = false;
  for (const Spawn &Started : Flow.spawns().all()) {
    if (Started.In != &Function || !Started.Handle || !IsHandle(pathOf(Started.Handle, Unit.names())))
      continue;
    Any = true;
    if (!isUnderSameCondition(Function, Started.Site, Now, Unit))
      return false;
  }
  return Any;
}

bool Joins::findsNone(const FunctionModel &Function, const CFGBlock &Block, unsigned Index, IsHandleFn IsHandle) {
  CatalogIndex &Names = Flow.model().names();
  const Stmt *Terminator = Block.getTerminatorStmt();
  const auto *Condition = dyn_cast_or_null<Expr>(Block.getTerminatorCondition());
  if (!Terminator || !Condition || Block.succ_size() != 2)
    return false;
  bool Negated = false;
  const Expr *Asked = withoutNegation(Condition, Negated);
  if (const auto *Call = dyn_cast<CXXMemberCallExpr>(Asked); Call && Call->getMethodDecl()) { // if (t.joinable())
    const ThreadEntry *Entry = Names.thread(classOf(Call->getImplicitObjectArgument()->IgnoreParenImpCasts()->getType()));
    if (Entry && llvm::is_contained(Entry->Alive, Call->getMethodDecl()->getNameAsString()) &&
        IsHandle(pathOf(Call->getImplicitObjectArgument(), Names)))
      return Index == (Negated ? 0u : 1u);
  }
  // The object's own state tells whether there is a thread: `if (started_) t.join();`, `if (!started_) return;`.
  const auto *If = dyn_cast<IfStmt>(Terminator);
  if (If && If->getThen() && containsJoin(If->getThen(), IsHandle, /*OfElements=*/false) && isStartedUnder(Function, If, IsHandle))
    return Index == 1;
  if (!If || !isOwnState(If->getCond()))
    return false;
  if (If->getThen() && containsJoin(If->getThen(), IsHandle, /*OfElements=*/false))
    return Index == 1;
  return Index == 0 && alwaysLeaves(If->getThen());
}

bool Joins::solve(const FunctionModel &Function, IsHandleFn IsHandle, unsigned Depth, llvm::function_ref<void(const Stmt *)> Visit) {
  const CFG *Graph = Flow.graph(Function);
  if (!Graph || Function.IsPattern)
    return false;
  CatalogIndex &Names = Flow.model().names();
  llvm::DenseSet<const Stmt *> Starts;
  for (const Spawn &Started : Flow.spawns().all())
    if (Started.In == &Function)
      Starts.insert(Started.Site);
  bool AnyJoin = false;
  llvm::DenseMap<const Stmt *, bool> Known;
  auto Step = [&](const Stmt *S, bool &Joined) {
    auto [It, New] = Known.try_emplace(S, false);
    if (New)
      It->second = isJoin(S, IsHandle, Depth);
    if (It->second)
      Joined = AnyJoin = true;
    else if (Starts.contains(S))
      Joined = false;
  };
  auto Leaves = [&](const CFGBlock &Block, bool &Joined) {
    const Stmt *Loop = Block.getTerminatorStmt();
    const auto *Range = dyn_cast_or_null<CXXForRangeStmt>(Loop);
    bool Each = Range ? namesHandle(Range->getRangeInit(), IsHandle, Names) && containsJoin(Range->getBody(), IsHandle, /*OfElements=*/true)
                      : Loop && loopCondition(Loop) && containsJoin(Loop, IsHandle, /*OfElements=*/false);
    if (Each)
      Joined = AnyJoin = true;
  };
  // What spreads is that the thread is not joined yet: on some path, so not on every path.
  llvm::DenseMap<const CFGBlock *, bool> AtStart;
  auto Through = [&](const CFGBlock &Block, bool IsOpen) {
    AtStart[&Block] = !IsOpen;
    bool Now = !IsOpen;
    for (const CFGElement &Element : Block)
      if (std::optional<CFGStmt> S = Element.getAs<CFGStmt>())
        Step(S->getStmt(), Now);
    Leaves(Block, Now);
    return std::optional(!Now);
  };
  spread(*Graph, /*AtEntry=*/true, Through, [&](const CFGBlock &Block, unsigned Index) { return findsNone(Function, Block, Index, IsHandle); });
  if (Visit)
    for (const CFGBlock *Block : *Graph) {
      bool Now = AtStart.lookup(Block);
      for (const CFGElement &Element : *Block)
        if (std::optional<CFGStmt> S = Element.getAs<CFGStmt>()) {
          if (Now)
            Visit(S->getStmt());
          Step(S->getStmt(), Now);
        }
    }
  return AnyJoin && AtStart.lookup(&Graph->getExit());
}

bool Joins::joins(const FunctionModel &Function, IsHandleFn IsHandle, unsigned Depth) { return solve(Function, IsHandle, Depth, nullptr); }

const llvm::DenseSet<const Stmt *> &Joins::after(const FunctionModel &Function, const ValueDecl *Handle) {
  if (auto It = After.find({&Function, Handle}); It != After.end())
    return *It->second;
  auto Result = std::make_unique<llvm::DenseSet<const Stmt *>>();
  bool IsMember = isa_and_nonnull<FieldDecl>(Handle);
  llvm::SaveAndRestore<bool> Any(OfAnyHandle, !Handle);
  solve(
      Function,
      [&](const std::optional<AccessPath> &Path) {
        if (!Handle || !Path) // a handle that is not named may be any
          return true;
        if (IsMember) // a local may be a copy of the handle, or an element of the member
          return Path->root() ? !Path->root()->hasGlobalStorage()
                              : !Path->steps().empty() && Path->steps().front().asField() == Handle->getCanonicalDecl();
        return Path->root() && Path->root() == Handle->getCanonicalDecl();
      },
      MaxCallDepth, [&](const Stmt *S) { Result->insert(S); });
  return *(After[{&Function, Handle}] = std::move(Result));
}

bool Joins::mayJoin(const FunctionModel &Function) {
  if (!MayJoin)
    findJoins();
  return MayJoin->contains(&Function);
}

void Joins::findJoins() {
  MayJoin.emplace();
  UnitModel &Unit = Flow.model();
  auto NamesJoin = [&](const Expr *E) { // &std::thread::join
    const auto *Ref = dyn_cast<DeclRefExpr>(withoutAddressOf(E));
    const auto *Method = Ref ? dyn_cast<CXXMethodDecl>(Ref->getDecl()) : nullptr;
    return Method && Unit.names().thread(Method->getParent());
  };
  llvm::DenseMap<const FunctionModel *, llvm::SmallVector<const FunctionModel *, 4>> CallersOf;
  llvm::SmallVector<const FunctionModel *, 32> Work;
  for (const auto &Function : Unit.functions()) {
    bool Joins = false;
    for (const CallExpr *Call : Function->Calls) {
      Joins |= joinedBy(Call, Unit.names()) || dropsJoining(Call) || llvm::any_of(Call->arguments(), NamesJoin);
      if (const FunctionModel *Callee = Unit.function(CallSite::of(Call).Callee))
        CallersOf[Callee].push_back(Function.get());
    }
    if (Function->Enclosing)
      CallersOf[Function.get()].push_back(Function->Enclosing);
    if (Joins && MayJoin->insert(Function.get()).second)
      Work.push_back(Function.get());
  }
  while (!Work.empty())
    for (const FunctionModel *Caller : CallersOf.lookup(Work.pop_back_val()))
      if (MayJoin->insert(Caller).second)
        Work.push_back(Caller);
}

bool Joins::joinsSomething(const FunctionModel &Function) {
  auto [It, New] = Something.try_emplace(&Function, false); // in a recursion: no
  if (!New || !mayJoin(Function))
    return It->second;
  llvm::SaveAndRestore<bool> Any(OfAnyHandle, true);
  bool Result = solve(Function, [](const std::optional<AccessPath> &) { return true; }, MaxCallDepth, nullptr);
  return Something[&Function] = Result;
}

bool Joins::isAfterJoinOf(const FunctionModel &Function, const Stmt *S, const ValueDecl *Handle) {
  return mayJoin(Function) && after(Function, Handle).contains(S);
}

bool Joins::isAfter(const FunctionModel &Function, const Stmt *S) {
  if (!mayJoin(Function))
    return false;
  // The members that own threads of the object.
  llvm::SmallPtrSet<const FieldDecl *, 4> Handles;
  if (const CXXRecordDecl *Class = classOfThis(Function))
    for (const Spawn &Started : Flow.spawns().all())
      if (Started.End == ThreadEnd::Handle && Started.In && classOfThis(*Started.In) == Class)
        if (HandlePlace Place = placeOf(Started, Flow.model().names()); Place.Kind == HandlePlace::Member && Place.Field)
          Handles.insert(Place.Field->getCanonicalDecl());
  if (Handles.empty())
    return after(Function, nullptr).contains(S);
  return llvm::all_of(Handles, [&](const FieldDecl *Handle) { return after(Function, Handle).contains(S); });
}

} // namespace ward
