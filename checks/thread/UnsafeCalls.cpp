// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "thread/UnsafeCalls.h"

#include "flow/locks/CommonLocks.h"
#include "flow/threads/ParallelCode.h"
#include "model/Callables.h"
#include "model/StmtParents.h"

#include "clang/AST/ExprCXX.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;

namespace ward {
namespace {

/// Limits of the search for ways to a call.
constexpr unsigned MaxDepth = 12, MaxRoutes = 24;

/// One way for a thread to a function: the calls that lead there.
struct Route {
  /// The number of the thread; none for code outside the unit's threads.
  std::optional<unsigned> Thread;
  CommonLocks Held;
  /// The threads that may run beside it, because this code has started them before or was entered beside them.
  llvm::BitVector Beside;
  llvm::SmallVector<const CallEdge *, 4> Calls;
};

struct Site {
  const CallExpr *Call;
  const FunctionModel *In;
  const HiddenStateEntry *State;
};

class UnsafeCalls {
public:
  UnsafeCalls(UnitFlow &Flow, const llvm::StringSet<> &Ignored)
      : Flow(Flow), Unit(Flow.model()), Names(Unit.names()), Threads(Flow.spawns().all()), Ignored(Ignored) {}

  std::vector<UnsafeCall> run() {
    collectSites();
    if (Sites.empty())
      return {};
    findRelevant();
    ParallelCode Code(Flow);
    Parallel = &Code;
    for (const auto &Function : Unit.functions())
      if (Code.isRoot(*Function) && Relevant.contains(Function.get()) && !Unit.isAddressTaken(Function->Function))
        follow(*Function, {std::nullopt, {}, Code.runningAtEntry(*Function), {}});
    for (unsigned I = 0; I != Threads.size(); ++I)
      if (const FunctionModel *Body = Code.isThread(I) ? Flow.spawns().bodyOf(Threads[I]) : nullptr)
        if (Relevant.contains(Body))
          follow(*Body, {I, {}, llvm::BitVector(Threads.size()), {}});
    return report();
  }

private:
  void collectSites() {
    for (const auto &Function : Unit.functions()) {
      if (Function->IsPattern)
        continue;
      std::optional<StmtParents> Parents;
      for (const CallExpr *Call : Function->Calls) {
        const FunctionDecl *Callee = Call->getDirectCallee();
        const HiddenStateEntry *State = Callee && !Unit.function(Callee) ? Names.hiddenState(Callee) : nullptr;
        if (!State || Ignored.contains(Callee->getName()) || isHarmless(*State, Call))
          continue;
        if (State->Result) {
          if (!Parents)
            Parents.emplace(Function->Body);
          if (isDiscarded(Call, *Parents))
            continue;
        }
        Sites.push_back({Call, Function.get(), State});
      }
    }
  }

  bool isHarmless(const HiddenStateEntry &State, const CallExpr *Call) const {
    return State.UnlessNull >= 0 && static_cast<unsigned>(State.UnlessNull) < Call->getNumArgs() &&
           Call->getArg(State.UnlessNull)->isNullPointerConstant(Unit.context(), Expr::NPC_ValueDependentIsNotNull) != Expr::NPCK_NotNull;
  }

  /// The value of \p Call is not used.
  static bool isDiscarded(const CallExpr *Call, const StmtParents &Parents) {
    const Stmt *Parent = Parents.parent(Call);
    while (Parent && (isa<FullExpr, ParenExpr>(Parent) || (isa<CastExpr>(Parent) && cast<CastExpr>(Parent)->getType()->isVoidType())))
      Parent = Parents.parent(Parent);
    return isa_and_nonnull<CompoundStmt>(Parent);
  }

  /// The functions from which calls lead to a site.
  void findRelevant() {
    llvm::SmallVector<const FunctionModel *, 16> Work;
    for (const Site &Each : Sites)
      if (Relevant.insert(Each.In).second)
        Work.push_back(Each.In);
    const CallGraph &Calls = Flow.calls();
    while (!Work.empty())
      for (unsigned I : Calls.into(*Work.pop_back_val()))
        if (Relevant.insert(Calls.edges()[I].Caller).second)
          Work.push_back(Calls.edges()[I].Caller);
  }

  void follow(const FunctionModel &Function, Route Here) {
    std::vector<Route> &Known = Routes[&Function];
    if (Known.size() >= MaxRoutes || Here.Calls.size() > MaxDepth || llvm::any_of(Known, [&](const Route &Other) {
          return Other.Thread == Here.Thread && Other.Held == Here.Held && Other.Beside == Here.Beside;
        }))
      return;
    Known.push_back(Here);
    const CallGraph &Calls = Flow.calls();
    for (unsigned I : Calls.outOf(Function)) {
      const CallEdge &Edge = Calls.edges()[I];
      if (!Relevant.contains(Edge.Callee) || Edge.Callee == &Function || Edge.Callee->IsPattern ||
          (Flow.spawns().standsForSpawn(Edge.Site, Edge.Callee) && !(Here.Thread && Flow.spawns().bodyOf(Threads[*Here.Thread]) == Edge.Callee)))
        continue;
      Route Next = Here;
      Next.Calls.push_back(&Edge);
      addHeld(Next, Function, Edge.Site);
      if (Edge.RunBy && Edge.RunAt)
        Next.Held.add(Flow.locks().ownAt(*Edge.RunBy, Edge.RunAt));
      if (Edge.IsClosureArgument)
        addOnce(Next, Edge);
      follow(*Edge.Callee, std::move(Next));
    }
  }

  /// Adds what \p Function holds at \p S, and the threads that it has started before.
  void addHeld(Route &To, const FunctionModel &Function, const Expr *S) {
    To.Held.add(Flow.locks().ownAt(Function, S));
    To.Beside |= Parallel->startedBefore(Function, S);
    for (const VarDecl *Static : Unit.staticVariables()) // made once: other threads wait
      if (Static->isStaticLocal() && Static->getTSCSpec() == TSCS_unspecified && Static->getDeclContext() == Function.Function &&
          Static->getInit() && contains(Static->getInit(), S))
        To.Held.add(Static);
  }

  /// The flag of std::call_once is a lock, too.
  void addOnce(Route &To, const CallEdge &Edge) {
    const auto *Call = dyn_cast<CallExpr>(Edge.Site);
    const FunctionEntry *Entry = Call && Call->getDirectCallee() ? Names.function(Call->getDirectCallee()) : nullptr;
    if (!Entry || Entry->Effect != FunctionEffect::Once || Call->getNumArgs() == 0)
      return;
    if (std::optional<AccessPath> Flag = pathOf(withoutAddressOf(Call->getArg(0)), Names))
      To.Held.add(Flag->lastField() ? static_cast<const ValueDecl *>(Flag->lastField()) : Flag->root());
  }

  /// Two threads, of which the routes \p A and \p B are, may be at \p First and \p Second at the same time.
  bool mayMeet(const Site &First, const Route &A, const Site &Second, const Route &B) {
    if (!A.Thread && !B.Thread)
      return false;
    if (A.Thread && B.Thread) {
      if (!Parallel->mayOverlap(*A.Thread, *B.Thread))
        return false;
      // A thread that starts the other runs beside it only from there to the join.
      if (*A.Thread != *B.Thread && (isApart(A, First, *B.Thread) || isApart(B, Second, *A.Thread)))
        return false;
      return true;
    }
    return A.Thread ? B.Beside.test(*A.Thread) : A.Beside.test(*B.Thread);
  }

  /// The code of \p Route starts thread number \p Started, and does not run beside it where it makes the call of \p At.
  bool isApart(const Route &Of, const Site &At, unsigned Started) {
    const FunctionModel *Starter = Threads[Started].In;
    bool Starts = Starter == At.In || llvm::any_of(Of.Calls, [&](const CallEdge *Edge) { return Edge->Caller == Starter; });
    return Starter && Starts && !Parallel->mayOverlap(*Of.Thread, *Of.Thread) && !Of.Beside.test(Started);
  }

  /// The object that has the state of the call \p At, as far up as \p Of shows where it comes from; none if it is the call's own.
  std::optional<AccessPath> stateOf(const Site &At, const Route &Of) {
    if (static_cast<unsigned>(At.State->Of) >= At.Call->getNumArgs())
      return std::nullopt;
    std::optional<AccessPath> Path = pathOf(At.Call->getArg(At.State->Of), Names);
    const FunctionModel *In = At.In;
    for (const CallEdge *Edge : llvm::reverse(Of.Calls)) {
      if (!Path || isOwnLocal(*Path, *In))
        return std::nullopt;
      Path = CallGraph::toCaller(*Path, *Edge, Names);
      In = Edge->Caller;
    }
    if (!Path || !Of.Thread || !Path->root() || Path->root()->hasGlobalStorage())
      return Path;
    // What the thread was given.
    const Spawn &Started = Threads[*Of.Thread];
    const VarDecl *Root = Path->root();
    if (isOwnLocal(*Path, *In))
      return std::nullopt;
    const Expr *Given = nullptr;
    if (const auto *Parameter = dyn_cast<ParmVarDecl>(Root); Parameter && Parameter->getDeclContext() == In->Function) {
      unsigned Index = Parameter->getFunctionScopeIndex();
      const auto *Method = dyn_cast<CXXMethodDecl>(In->Function);
      if (Method && !Method->isStatic() && !isClosure(Method))
        ++Index; // the object comes first
      Given = Index < Started.Arguments.size() ? Started.Arguments[Index] : nullptr;
    } else if (Root->isInitCapture()) {
      Given = Root->getInit();
    } else {
      return Path;
    }
    std::optional<AccessPath> Behind = Given ? pathOf(withoutAddressOf(Given), Names) : std::nullopt;
    return Behind ? std::optional(Path->rebase(*Behind)) : std::nullopt;
  }

  static bool isOwnLocal(const AccessPath &Path, const FunctionModel &In) {
    const VarDecl *Root = Path.root();
    return Root && Root->hasLocalStorage() && !isa<ParmVarDecl>(Root) && !Root->isInitCapture() && Root->getDeclContext() == In.Function;
  }

  /// Both calls are on one object.
  bool shareState(const Site &First, const Route &A, const Site &Second, const Route &B) {
    if (First.State->Of < 0)
      return true;
    std::optional<AccessPath> One = stateOf(First, A), Other = stateOf(Second, B);
    if (!One || !Other || !(*One == *Other))
      return false;
    const VarDecl *Root = One->root();
    if (A.Thread != B.Thread || !A.Thread || !Root || Root->hasGlobalStorage())
      return true;
    // The threads of one start in a loop: a variable outside of it.
    const Spawn &Started = Threads[*A.Thread];
    return Started.Parallel || (Started.In && llvm::any_of(Started.In->Branches, [&](const Stmt *Loop) {
             return isa<ForStmt, WhileStmt, DoStmt, CXXForRangeStmt>(Loop) && contains(Loop, Started.Site) &&
                    !Loop->getSourceRange().fullyContains(Root->getLocation());
           }));
  }

  /// The thread that makes one of the calls while another may make the other; null if none does.
  const Spawn *conflict(const Site &First, const Site &Second) {
    if (First.State->State != Second.State->State || (First.State->Reads && Second.State->Reads))
      return nullptr;
    for (Route A : Routes[First.In]) {
      addHeld(A, *First.In, First.Call);
      for (Route B : Routes[Second.In]) {
        addHeld(B, *Second.In, Second.Call);
        if (mayMeet(First, A, Second, B) && !A.Held.mayMeet(B.Held) && shareState(First, A, Second, B))
          return &Threads[A.Thread ? *A.Thread : *B.Thread];
      }
    }
    return nullptr;
  }

  std::vector<UnsafeCall> report() {
    const SourceManager &Sources = Unit.context().getSourceManager();
    llvm::sort(Sites, [&](const Site &A, const Site &B) {
      return Sources.isBeforeInTranslationUnit(A.Call->getBeginLoc(), B.Call->getBeginLoc());
    });
    std::vector<UnsafeCall> Result;
    auto IsReported = [&](const Site &Each) {
      return llvm::any_of(Result, [&](const UnsafeCall &Other) { return Other.In == Each.In && Other.State->State == Each.State->State; });
    };
    for (const Site &Each : Sites) {
      if (Each.State->Reads || IsReported(Each))
        continue;
      auto Judge = [&](const Site &Other) {
        const Spawn *Started = conflict(Each, Other);
        if (Started)
          Result.push_back({Each.Call, Each.In, Each.State, Other.Call, Started});
        return Started != nullptr;
      };
      if (Judge(Each))
        continue;
      for (const Site &Other : Sites)
        if (Other.Call != Each.Call && !IsReported(Other) && Judge(Other))
          break;
    }
    return Result;
  }

  UnitFlow &Flow;
  UnitModel &Unit;
  CatalogIndex &Names;
  const std::vector<Spawn> &Threads;
  const llvm::StringSet<> &Ignored;
  ParallelCode *Parallel = nullptr;
  std::vector<Site> Sites;
  llvm::DenseSet<const FunctionModel *> Relevant;
  std::unordered_map<const FunctionModel *, std::vector<Route>> Routes;
};

} // namespace

std::vector<UnsafeCall> findUnsafeCalls(UnitFlow &Flow, const llvm::StringSet<> &Ignored) {
  return Flow.spawns().all().empty() ? std::vector<UnsafeCall>() : UnsafeCalls(Flow, Ignored).run();
}

} // namespace ward
