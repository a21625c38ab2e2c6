// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/threads/Outlives.h"

#include "flow/threads/HandleOwners.h"
#include "model/Borrows.h"
#include "model/StmtParents.h"
#include "model/ThreadHandle.h"

#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Basic/SourceManager.h"

using namespace clang;

namespace ward {

const Stmt *scopeOf(const VarDecl *Variable, const Stmt *Root) {
  if (isa<ParmVarDecl>(Variable))
    return Root;
  const Stmt *Found = Root;
  auto Search = [&](auto &&Self, const Stmt *S, const Stmt *Scope) -> bool {
    if (!S)
      return false;
    if (isa<CompoundStmt, ForStmt, CXXForRangeStmt, WhileStmt, IfStmt, SwitchStmt, CXXCatchStmt>(S))
      Scope = S;
    if (const auto *Declaration = dyn_cast<DeclStmt>(S))
      if (llvm::is_contained(Declaration->decls(), Variable)) {
        Found = Scope;
        return true;
      }
    return !isa<LambdaExpr>(S) && llvm::any_of(S->children(), [&](const Stmt *Child) { return Self(Self, Child, Scope); });
  };
  Search(Search, Root, Root);
  return Found;
}

namespace {

/// One run of the analysis: whether the thread may still run after the local is destroyed.
class RunningThread {
public:
  RunningThread(const Spawn &Started, const VarDecl *Local, ArrayRef<Captured> Captures, UnitFlow &Flow)
      : Started(Started), Local(Local), Flow(Flow), Names(Flow.model().names()),
        Sources(Flow.model().context().getSourceManager()), Owners(Started, Captures, Flow) {}

  std::optional<Escape> run(bool WithExceptions) {
    Strict = WithExceptions;
    Owners.waits().judgeLifetime();
    std::optional<Escape> AtOnce;
    return Owners.followStart(AtOnce) ? solve() : AtOnce;
  }

  /// Visits the statements of the starting function during which the thread may run. True if it may run on after that function.
  bool follow(llvm::function_ref<void(const Stmt *)> Each, bool DespiteSignals) {
    Visit = Each;
    if (DespiteSignals)
      Owners.waits().ignoreSignals();
    std::optional<Escape> AtOnce;
    if (!Owners.followStart(AtOnce) && !AtOnce)
      return false;
    solve();
    return RunsOn;
  }

private:
  bool isOutside(const Stmt *S) const {
    SourceLocation Where = Sources.getExpansionLoc(S->getBeginLoc());
    SourceRange Range = Scope->getSourceRange();
    return Where.isValid() && !Sources.isPointWithin(Where, Sources.getExpansionLoc(Range.getBegin()),
                                                     Sources.getExpansionLoc(Range.getEnd()));
  }

  /// The effect of \p Element on a thread that may be running; its escape if it escapes here.
  std::optional<Escape> step(const CFGElement &Element, bool &Running) {
    if (std::optional<CFGAutomaticObjDtor> Dtor = Element.getAs<CFGAutomaticObjDtor>()) {
      if (!Running)
        return std::nullopt;
      const VarDecl *Destroyed = Dtor->getVarDecl();
      if (Owners.joinsWhenDestroyed(Destroyed)) {
        // What is declared after the handle is destroyed before the handle joins. (A destroyed event loop runs nothing more.)
        if (!Visit && !Started.OnLoop && !isa<ParmVarDecl>(Local) &&
            Sources.isBeforeInTranslationUnit(Destroyed->getLocation(), Local->getLocation()))
          return Escape{Escape::JoinedTooLate, Destroyed->getLocation()};
        Running = false;
      }
      return std::nullopt;
    }
    std::optional<CFGStmt> Statement = Element.getAs<CFGStmt>();
    if (!Statement)
      return std::nullopt;
    const Stmt *S = Statement->getStmt();
    if (Running && Visit)
      Visit(S);
    if (S == Started.Site) {
      Running = true;
      return std::nullopt;
    }
    Owners.waits().noteStartCode(S);
    if (!Running)
      return std::nullopt;
    if (const auto *E = dyn_cast<Expr>(S))
      for (const Spawn &Other : Flow.spawns().all())
        if (Other.Site == E && Owners.isEndedBy(Other)) {
          Running = false;
          return std::nullopt;
        }
    if (!Visit && Scope != Started.In->Body && isOutside(S))
      return Owners.escapeAt(S->getBeginLoc());
    if (const auto *Call = dyn_cast<CallExpr>(S)) {
      for (const Expr *Object : {detachedBy(Call, Names), leakedBy(Call, Names)})
        if (Object && Owners.waits().isHandle(Object))
          Owners.detach(Call->getExprLoc());
      if (Owners.waits().endsByCall(Call)) {
        Running = false;
        return std::nullopt;
      }
    }
    if (const auto *E = dyn_cast<Expr>(S); E && Owners.waits().endsByDrop(E)) {
      Running = false;
      return std::nullopt;
    }
    if (Strict && mayThrow(S))
      return Escape{Escape::Thrown, S->getBeginLoc()};
    return Owners.followMove(S);
  }

  /// An exception from \p S skips the join, and no destructor joins.
  bool mayThrow(const Stmt *S) const {
    if (Owners.lastWay() != Escape::NotJoined || Owners.isJoinedByDestructor() || Visit || isInTry(Started.In->Body, S))
      return false;
    const FunctionDecl *Callee = nullptr;
    if (const auto *Call = dyn_cast<CallExpr>(S))
      Callee = Call->getDirectCallee();
    else if (const auto *Construct = dyn_cast<CXXConstructExpr>(S))
      Callee = Construct->getConstructor();
    else
      return isa<CXXThrowExpr>(S);
    const auto *Type = Callee ? Callee->getType()->getAs<FunctionProtoType>() : nullptr;
    bool Evaluated = Type && !isUnresolvedExceptionSpec(Type->getExceptionSpecType());
    return !Callee || (!Callee->getBuiltinID() && (!Type || (Evaluated && !Type->isNothrow())));
  }

  static bool isInTry(const Stmt *Root, const Stmt *S) {
    if (!Root || Root == S || isa<LambdaExpr>(Root))
      return false;
    if (const auto *Try = dyn_cast<CXXTryStmt>(Root); Try && contains(Try->getTryBlock(), S))
      return true;
    return llvm::any_of(Root->children(), [&](const Stmt *Child) { return isInTry(Child, S); });
  }

  std::optional<Escape> solve() {
    const CFG *Graph = Flow.graph(*Started.In);
    if (!Graph)
      return std::nullopt;
    if (!Visit)
      Scope = scopeOf(Local, Started.In->Body);
    std::optional<Escape> Result;
    auto Through = [&](const CFGBlock &Block, bool Running) -> std::optional<bool> {
      if (Running && &Block == &Graph->getExit()) {
        if (!Visit) {
          Result = Owners.escapeAt(Started.In->Body->getEndLoc());
          return std::nullopt;
        }
        RunsOn = true;
      }
      for (const CFGElement &Element : Block)
        if (std::optional<Escape> Found = step(Element, Running); Found && !Visit) {
          Result = std::move(Found);
          return std::nullopt;
        }
      // Only Strict reports joins that an exception skips; a detached thread has escaped before.
      if (Owners.lastWay() == Escape::NotJoined && llvm::any_of(Block, [&](const CFGElement &Element) {
            std::optional<CFGStmt> S = Element.getAs<CFGStmt>();
            return S && isa<CXXThrowExpr>(S->getStmt()) && !isInTry(Started.In->Body, S->getStmt());
          }))
        return false;
      return Running && !Owners.waits().endsByLoop(Block.getTerminatorStmt());
    };
    spread(*Graph, /*AtEntry=*/false, Through,
           [this](const CFGBlock &Block, unsigned Index) { return Owners.waits().hasEndedAfter(Block, Index); });
    return Result;
  }

  const Spawn &Started;
  const VarDecl *Local;
  UnitFlow &Flow;
  CatalogIndex &Names;
  const SourceManager &Sources;
  const Stmt *Scope = nullptr;
  /// Set if the thread is only followed, with no local to judge.
  llvm::function_ref<void(const Stmt *)> Visit = nullptr;
  HandleOwners Owners;
  bool Strict = false;
  /// The thread may still run at the end of the function.
  bool RunsOn = false;
};

} // namespace

const VarDecl *borrowedLocal(const Captured &Capture, CatalogIndex &Names) {
  if (Capture.IsThis)
    return nullptr;
  if (Capture.Type->isReferenceType()) {
    if (Capture.Source)
      return localStorage(Capture.Source, Names);
    if (const auto *Binding = dyn_cast_or_null<BindingDecl>(Capture.Variable)) {
      // It names a part of the decomposed object, or an object of its own if that is tuple-like.
      const auto *Whole = dyn_cast<VarDecl>(Binding->getDecomposedDecl());
      return !Whole || !Whole->hasLocalStorage() ? nullptr
             : !Whole->getType()->isReferenceType() ? Whole
                                                    : localStorage(Whole->getInit(), Names);
    }
    const auto *Variable = dyn_cast_or_null<VarDecl>(Capture.Variable);
    if (!Variable || !Variable->hasLocalStorage())
      return nullptr;
    if (!Variable->getType()->isReferenceType())
      return Variable;
    return isa<ParmVarDecl>(Variable) ? nullptr : localStorage(Variable->getInit(), Names);
  }
  if (Capture.Source)
    return borrowedBy(Capture.Source, Names);
  const auto *Variable = dyn_cast_or_null<VarDecl>(Capture.Variable);
  return Variable && Variable->hasLocalStorage() && !isa<ParmVarDecl>(Variable) ? borrowedBy(Variable->getInit(), Names) : nullptr;
}

std::optional<Escape> outlives(const Spawn &Started, const VarDecl *Local, ArrayRef<Captured> Captures, UnitFlow &Flow, bool Strict) {
  if (!Started.In || Started.End == ThreadEnd::Call || Started.In->IsPattern || (Started.End == ThreadEnd::Scoped && !Started.Scope))
    return std::nullopt;
  // The lifetime of a local of an enclosing function is not this function's matter.
  if (Local->getDeclContext() != Started.In->Function)
    return std::nullopt;
  return RunningThread(Started, Local, Captures, Flow).run(Strict);
}

bool whileRunning(const Spawn &Started, ArrayRef<Captured> Captures, UnitFlow &Flow, llvm::function_ref<void(const Stmt *)> Visit,
                  bool DespiteSignals) {
  return Started.In && !Started.In->IsPattern && Started.End != ThreadEnd::Call &&
         RunningThread(Started, nullptr, Captures, Flow).follow(Visit, DespiteSignals);
}

} // namespace ward
