// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/threads/Outlives.h"

#include "flow/threads/ThreadWaits.h"
#include "model/Borrows.h"
#include "model/ThreadHandle.h"

#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Basic/SourceManager.h"

#include <deque>

using namespace clang;

namespace ward {
namespace {

/// The smallest statement of \p Root that ends the life of \p Variable; \p Root itself for one that lives as long as it.
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

/// One run of the analysis: can the thread still run when the local is gone?
class RunningThread {
public:
  RunningThread(const Spawn &Started, const VarDecl *Local, ArrayRef<Captured> Taken, UnitFlow &Flow)
      : Started(Started), Local(Local), Flow(Flow), Unit(Flow.model()), Names(Unit.names()), Sources(Unit.context().getSourceManager()),
        Waits(Started, Taken, Unit) {}

  std::optional<Escape> run(bool WithExceptions) {
    Strict = WithExceptions;
    std::optional<Escape> AtOnce;
    return prepare(AtOnce) ? solve() : AtOnce;
  }

  /// Follows the thread through the starting function, however it ends. True if it may run on then.
  bool follow(llvm::function_ref<void(const Stmt *)> Each) {
    Visit = Each;
    std::optional<Escape> AtOnce;
    if (!prepare(AtOnce) && !AtOnce)
      return false;
    solve();
    return RunsOn;
  }

private:
  /// Finds out who has the handle. False if nothing is left to follow: the thread is over at once, or got away \p AtOnce.
  bool prepare(std::optional<Escape> &AtOnce) {
    HandlePlace Place = placeOf(Started, Names);
    std::optional<HandleDestruction> Death = destructionOf(Place.Type, Unit);
    bool Wrapped = Started.End == ThreadEnd::Detached;
    switch (Place.Kind) {
    case HandlePlace::Joined:
      return false;
    case HandlePlace::Detached:
      DetachedAt = Place.Where; // unless the starter waits for a signal of the thread's
      break;
    case HandlePlace::Returned:
      AtOnce = Escape{Escape::Returned, Place.Where};
      return false;
    case HandlePlace::PassedOn:
      if (Wrapped && !Death)
        break;
      if (!Waits.joinsWhatItIsGiven(Place.Call))
        AtOnce = Escape{Escape::PassedOn, Place.Where};
      return false;
    case HandlePlace::Dropped:
      if (Started.End == ThreadEnd::Handle && Death != HandleDestruction::Detaches)
        return false; // joined, or the end of the program, at the semicolon
      break;
    case HandlePlace::Local:
      Waits.addHandle(AccessPath::ofVariable(Place.Variable));
      break;
    case HandlePlace::Member:
      if (Place.Field)
        Waits.addHandle(AccessPath::ofThis().push(AccessPath::Step::field(Place.Field)));
      break;
    case HandlePlace::Elsewhere:
      if (Place.Variable)
        Waits.addHandle(AccessPath::ofVariable(Place.Variable));
      break;
    }
    LastWay = Place.Kind == HandlePlace::Member || Place.Kind == HandlePlace::Elsewhere ? Escape::Stored
              : Wrapped || Place.Kind == HandlePlace::Dropped || DetachedAt.isValid()    ? Escape::Detached
                                                                                         : Escape::NotJoined;
    // What a pool hands out for a task does not wait for it in its destructor; std::async's future does.
    if (Place.Kind == HandlePlace::Local && !Wrapped)
      hold(Place.Variable);
    if (Started.Owner)
      if (std::optional<AccessPath> Owner = pathOf(Started.Owner, Names)) {
        Waits.setPool(*Owner);
        if (Owner->root() && Owner->root()->hasLocalStorage() && !Owner->root()->getType()->isReferenceType())
          hold(Owner->root());
      }
    if (Started.OnLoop)
      followLoop();
    if ((isa<CXXConstructExpr>(Started.Site) || Started.Emplaced) && Wrapped && Place.Kind == HandlePlace::Local)
      hold(Place.Variable); // an object of the user's own that has the thread inside
    return true;
  }

  /// A thread of the same function that runs the loop has run the task when it has ended.
  void followLoop() {
    for (const Spawn &Other : Flow.spawns().all()) {
      if (Other.In != Started.In || !Flow.spawns().runsLoopOf(Other, Started))
        continue;
      HandlePlace Place = placeOf(Other, Names);
      if (Place.Kind != HandlePlace::Local || !Place.Variable)
        continue;
      Waits.addHandle(AccessPath::ofVariable(Place.Variable));
      if (destructionOf(Place.Variable->getType(), Unit) == HandleDestruction::Joins)
        Joiners.push_back(Place.Variable);
    }
  }

  /// The thread is in \p Variable now, and ends with it if that joins when it dies.
  void hold(const VarDecl *Variable) {
    Joiners.clear();
    if (destructionOf(Variable->getType(), Unit) == HandleDestruction::Joins)
      Joiners.push_back(Variable);
  }

  /// \p Other, which is started here, waits for the thread, and this function for that. If somebody else waits for it, its handle
  /// is the thread's from here on.
  bool isEndedBy(const Spawn &Other) {
    const FunctionModel *Body = Flow.spawns().bodyOf(Other);
    if (!Body)
      return false;
    if (Other.End == ThreadEnd::Call || Other.End == ThreadEnd::Scoped)
      return Waits.endsInside(*Body, Other.Callable);
    bool Joins = Waits.containsJoin(Body->Body) && llvm::any_of(Flow.spawns().captured(Other), [&](const Captured &Taken) {
      return Taken.Source ? Waits.mentionsHandle(Taken.Source)
                          : Taken.Variable && isa<VarDecl>(Taken.Variable) && Taken.Type->isReferenceType() &&
                                Waits.isHandle(AccessPath::ofVariable(cast<VarDecl>(Taken.Variable)));
    });
    HandlePlace Place = placeOf(Other, Names);
    if (!Joins)
      return false;
    if (Place.Kind == HandlePlace::Joined)
      return true;
    if (Place.Kind == HandlePlace::Local && Place.Variable) {
      Waits.addHandle(AccessPath::ofVariable(Place.Variable));
      hold(Place.Variable);
    }
    return false;
  }

  /// The handle moves: into another local it is followed, into anything else it gets away.
  std::optional<Escape> followMove(const Stmt *S) {
    auto Moved = [&](const Expr *E) -> bool {
      E = stripped(E);
      while (const auto *Construct = dyn_cast<CXXConstructExpr>(E)) {
        if (Construct->getNumArgs() == 0)
          return false;
        E = stripped(Construct->getArg(0));
      }
      const auto *Call = dyn_cast<CallExpr>(E);
      return Call && Call->isXValue() && Call->getNumArgs() == 1 && Waits.isHandle(Call->getArg(0));
    };
    auto Into = [&](const Expr *Target) -> std::optional<Escape> {
      std::optional<AccessPath> Path = pathOf(Target, Names);
      bool IsLocal = Path && Path->root() && Path->root()->hasLocalStorage() && !Path->root()->getType()->isReferenceType();
      if (Path && !Waits.isHandle(Target))
        Waits.addHandle(*Path);
      if (IsLocal) {
        hold(Path->root());
      } else {
        Joiners.clear();
        LastWay = Escape::Stored;
      }
      return std::nullopt;
    };
    if (const auto *Declaration = dyn_cast<DeclStmt>(S)) {
      for (const Decl *D : Declaration->decls()) {
        const auto *Variable = dyn_cast<VarDecl>(D);
        if (!Variable || !Variable->getInit() || isa<LambdaExpr>(stripped(Variable->getInit())))
          continue;
        if (Moved(Variable->getInit())) {
          Waits.addHandle(AccessPath::ofVariable(Variable));
          hold(Variable);
        } else if (!contains(Variable->getInit(), Started.Site) && !Variable->getType()->isReferenceType() && Waits.mentionsHandle(Variable->getInit()) &&
                   destructionOf(Variable->getType(), Unit) == HandleDestruction::Joins) {
          Joiners.push_back(Variable); // a guard that joins the thread it refers to
        }
      }
      return std::nullopt;
    }
    if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(S); Operator && Operator->getOperator() == OO_Equal)
      return Moved(Operator->getArg(1)) ? Into(Operator->getArg(0)) : std::nullopt;
    if (const auto *Return = dyn_cast<ReturnStmt>(S)) {
      const Expr *Value = Return->getRetValue();
      if (!Value)
        return std::nullopt;
      Value = stripped(Value);
      if (const auto *Construct = dyn_cast<CXXConstructExpr>(Value); Construct && Construct->getNumArgs() >= 1)
        Value = stripped(Construct->getArg(0));
      if (Moved(Return->getRetValue()) || (isa<DeclRefExpr>(Value) && Waits.isHandle(Value)))
        return Escape{Escape::Returned, Return->getBeginLoc()};
      return std::nullopt;
    }
    const auto *Call = dyn_cast<CallExpr>(S);
    if (!Call)
      return std::nullopt;
    CallSite Site = CallSite::of(Call);
    if (llvm::none_of(Site.Arguments, Moved))
      return std::nullopt;
    if (Site.Object && Site.Callee && Names.isEmplacer(Site.Callee))
      return Into(Site.Object);
    const FunctionEntry *Entry = Site.Callee ? Names.function(Site.Callee) : nullptr;
    if (Entry || Unit.function(Site.Callee))
      return std::nullopt; // std::move itself; a function of the unit was read by endsByCall
    return Escape{Escape::PassedOn, Call->getExprLoc()};
  }

  bool isOutside(const Stmt *S) const {
    SourceLocation Where = Sources.getExpansionLoc(S->getBeginLoc());
    SourceRange Range = Scope->getSourceRange();
    return Where.isValid() && !Sources.isPointWithin(Where, Sources.getExpansionLoc(Range.getBegin()),
                                                     Sources.getExpansionLoc(Range.getEnd()));
  }

  /// The effect of \p Element on a thread that may be running; the escape if it gets away here.
  std::optional<Escape> step(const CFGElement &Element, bool &Running) {
    if (std::optional<CFGAutomaticObjDtor> Dtor = Element.getAs<CFGAutomaticObjDtor>()) {
      if (!Running)
        return std::nullopt;
      const VarDecl *Dying = Dtor->getVarDecl();
      if (llvm::is_contained(Joiners, Dying)) {
        // What was declared after the handle is gone before the handle joins.
        // (A loop that dies runs nothing any more.)
        if (!Visit && !Started.OnLoop && Sources.isBeforeInTranslationUnit(Dying->getLocation(), Local->getLocation()) && !isa<ParmVarDecl>(Local))
          return Escape{Escape::DiesLater, Dying->getLocation()};
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
    Waits.noteStartCode(S);
    if (!Running)
      return std::nullopt;
    if (const auto *E = dyn_cast<Expr>(S))
      for (const Spawn &Other : Flow.spawns().all())
        if (Other.Site == E && isEndedBy(Other)) {
          Running = false;
          return std::nullopt;
        }
    if (!Visit && Scope != Started.In->Body && isOutside(S))
      return away(S->getBeginLoc());
    if (const auto *Call = dyn_cast<CallExpr>(S)) {
      if (const Expr *Object = detachedBy(Call, Names); Object && Waits.isHandle(Object)) {
        LastWay = Escape::Detached;
        DetachedAt = Call->getExprLoc();
        Joiners.clear();
      }
      if (Waits.endsByCall(Call, !Joiners.empty())) {
        Running = false;
        return std::nullopt;
      }
    }
    if (Strict && mayThrow(S))
      return Escape{Escape::Thrown, S->getBeginLoc()};
    return followMove(S);
  }

  /// An exception leaves the function here, past the join, and nothing that it destroys joins.
  bool mayThrow(const Stmt *S) const {
    if (LastWay != Escape::NotJoined || !Joiners.empty() || Visit || isInTry(Started.In->Body, S))
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

  static bool contains(const Stmt *Root, const Stmt *S) {
    return Root && (Root == S || llvm::any_of(Root->children(), [&](const Stmt *Child) { return contains(Child, S); }));
  }

  Escape away(SourceLocation Where) const {
    return {LastWay, LastWay == Escape::Detached && DetachedAt.isValid() ? DetachedAt : Where};
  }


  std::optional<Escape> solve() {
    const CFG *Graph = Flow.graph(*Started.In);
    if (!Graph)
      return std::nullopt;
    if (!Visit)
      Scope = scopeOf(Local, Started.In->Body);
    std::vector<bool> Entry(Graph->getNumBlockIDs()), Visited(Graph->getNumBlockIDs());
    std::deque<const CFGBlock *> Work{&Graph->getEntry()};
    while (!Work.empty()) {
      const CFGBlock *Block = Work.front();
      Work.pop_front();
      Visited[Block->getBlockID()] = true;
      bool Running = Entry[Block->getBlockID()];
      if (Running && Block == &Graph->getExit()) {
        if (!Visit)
          return away(Started.In->Body->getEndLoc());
        RunsOn = true;
      }
      for (const CFGElement &Element : *Block)
        if (std::optional<Escape> Found = step(Element, Running); Found && !Visit)
          return Found;
      // An exception that skips the join is asked for by Strict; a detached thread was gone before.
      if (LastWay == Escape::NotJoined && llvm::any_of(*Block, [&](const CFGElement &Element) {
            std::optional<CFGStmt> S = Element.getAs<CFGStmt>();
            return S && isa<CXXThrowExpr>(S->getStmt()) && !isInTry(Started.In->Body, S->getStmt());
          }))
        Running = false;
      // The handles are known now, and so are the loops over them.
      if (Running && Waits.endsByLoop(Block->getTerminatorStmt()))
        Running = false;
      unsigned Index = 0;
      for (const CFGBlock *Next : Block->succs()) {
        bool Runs = Running && !Waits.knowsEnded(*Block, Index++);
        if (Next && (!Visited[Next->getBlockID()] || (Runs && !Entry[Next->getBlockID()]))) {
          Entry[Next->getBlockID()] = Entry[Next->getBlockID()] || Runs;
          Work.push_back(Next);
        }
      }
    }
    return std::nullopt;
  }

  const Spawn &Started;
  const VarDecl *Local;
  UnitFlow &Flow;
  UnitModel &Unit;
  CatalogIndex &Names;
  const SourceManager &Sources;
  const Stmt *Scope = nullptr;
  /// Set if the thread is only followed; then nothing that it borrows is asked for.
  llvm::function_ref<void(const Stmt *)> Visit = nullptr;
  ThreadWaits Waits;
  /// Local objects whose death joins the thread.
  llvm::SmallVector<const VarDecl *, 2> Joiners;
  Escape::Way LastWay = Escape::NotJoined;
  bool Strict = false;
  /// Followed to the end of the function, it still ran.
  bool RunsOn = false;
  SourceLocation DetachedAt;
};

} // namespace

const VarDecl *borrowedLocal(const Captured &Capture, CatalogIndex &Names) {
  if (Capture.IsThis)
    return nullptr;
  if (Capture.Type->isReferenceType()) {
    if (Capture.Source)
      return localStorage(Capture.Source, Names);
    if (const auto *Binding = dyn_cast_or_null<BindingDecl>(Capture.Variable)) {
      // Another name for a part of what was taken apart; for an object of its own if that is tuple-like.
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

std::optional<Escape> outlives(const Spawn &Started, const VarDecl *Local, ArrayRef<Captured> Taken, UnitFlow &Flow, bool Strict) {
  if (!Started.In || Started.End == ThreadEnd::Scoped || Started.End == ThreadEnd::Call || Started.In->IsPattern)
    return std::nullopt;
  // A local of an enclosing function: how long that lives is not for this function to say.
  if (Local->getDeclContext() != Started.In->Function)
    return std::nullopt;
  return RunningThread(Started, Local, Taken, Flow).run(Strict);
}

bool whileRunning(const Spawn &Started, ArrayRef<Captured> Taken, UnitFlow &Flow, llvm::function_ref<void(const Stmt *)> Visit) {
  return Started.In && !Started.In->IsPattern && Started.End != ThreadEnd::Call &&
         RunningThread(Started, nullptr, Taken, Flow).follow(Visit);
}

} // namespace ward
