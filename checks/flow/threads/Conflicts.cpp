// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/threads/Conflicts.h"

#include "flow/threads/CalledStarts.h"
#include "flow/threads/Outlives.h"
#include "flow/threads/SignalOrder.h"
#include "model/SharedCount.h"

#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/MapVector.h"

using namespace clang;

namespace ward {
namespace {

/// Each iteration of the innermost loop around \p Site has its own \p Variable.
bool isPerIteration(const VarDecl *Variable, const Expr *Site, const Stmt *Root, const SourceManager &Sources) {
  const Stmt *Innermost = nullptr;
  auto Search = [&](auto &&Self, const Stmt *S, const Stmt *Loop) -> bool {
    if (!S)
      return false;
    if (S == Site) {
      Innermost = Loop;
      return true;
    }
    if (const auto *For = dyn_cast<ForStmt>(S))
      Loop = For->getBody();
    else if (const auto *Range = dyn_cast<CXXForRangeStmt>(S))
      Loop = Range; // each iteration has its own loop variable
    else if (isa<WhileStmt, DoStmt>(S))
      Loop = S;
    return !isa<LambdaExpr>(S) && llvm::any_of(S->children(), [&](const Stmt *Child) { return Self(Self, Child, Loop); });
  };
  Search(Search, Root, nullptr);
  return Innermost && Sources.isPointWithin(Variable->getLocation(), Innermost->getBeginLoc(), Innermost->getEndLoc());
}

class ConflictFinder {
public:
  ConflictFinder(UnitFlow &Flow, bool DisjointElements)
      : Flow(Flow), Sources(Flow.model().context().getSourceManager()), DisjointElements(DisjointElements), Accesses(Flow), Order(Flow) {}

  std::vector<Conflict> run() {
    llvm::MapVector<const FunctionModel *, std::vector<Running>> ByFunction;
    for (const Spawn &Started : Flow.spawns().all())
      if (Started.In && !Started.In->IsPattern && !Started.MayRunHere)
        addThread(Started, Accesses.ofThread(Started), ByFunction[Started.In]);
    for (const CalledStart &Called : Flow.calledStarts())
      addThread(Called.Started, Accesses.ofThread(Called.Started, Called.Given), ByFunction[Called.Started.In]);
    for (const auto &[Function, Threads] : ByFunction)
      for (const Running &Thread : Threads) {
        if (compareWithItself(Thread))
          continue;
        for (const Running &Other : Threads)
          compareThreads(Thread, Other);
        compareWithStarter(Thread, Threads);
      }
    return std::move(Found);
  }

private:
  struct Running {
    const Spawn *Started;
    llvm::SmallVector<Captured, 4> Captures;
    std::vector<ObjectAccess> Accesses;
    /// What its starter does before the thread has ended, as far as joins and signals tell, and as far as joins do.
    llvm::DenseSet<const Stmt *> During, BeforeJoin;
  };

  void addThread(const Spawn &Started, std::vector<ObjectAccess> Does, std::vector<Running> &Into) {
    Running Thread{&Started, Flow.spawns().captured(Started), std::move(Does), {}, {}};
    bool RunsOn = whileRunning(Started, Thread.Captures, Flow, [&](const Stmt *S) { Thread.During.insert(S); });
    whileRunning(Started, Thread.Captures, Flow, [&](const Stmt *S) { Thread.BeforeJoin.insert(S); }, /*DespiteSignals=*/true);
    // The members of an object that has a thread are another matter (MemberConflicts).
    llvm::erase_if(Thread.Accesses, [&](const ObjectAccess &Access) { return !Access.Place.root() && RunsOn; });
    if (!Thread.Accesses.empty())
      Into.push_back(std::move(Thread));
  }

  /// Where \p Thread is given what it accesses at \p Place.
  SourceLocation givenAt(const Running &Thread, const AccessPath &Place) {
    for (const Captured &Capture : Thread.Captures) {
      std::optional<ReachedPlace> Object;
      if (Capture.IsThis)
        Object = ReachedPlace(AccessPath::ofThis());
      else if (Capture.Source)
        Object = Accesses.objectOf(Capture.Source, !Capture.Type->isReferenceType());
      else if (const auto *Variable = dyn_cast_or_null<VarDecl>(Capture.Variable))
        Object = Accesses.placeOf(Variable);
      if (Object && Object->Path.root() == Place.root())
        return Capture.Location;
    }
    return Thread.Started->Callable->getBeginLoc();
  }

  /// Each iteration of the loop around the start has its own object there.
  bool isPerIteration(const ObjectAccess &Access, const Spawn &Started) const {
    const VarDecl *Root = Access.Place.root();
    return Root && ward::isPerIteration(Root, Started.Site, Started.In->Body, Sources);
  }

  /// Only this function's words for a static count: what code names itself is judged as a whole (SharedGlobals).
  static bool isJudgedElsewhere(const ObjectAccess &Mine, const ObjectAccess &Other) {
    return Mine.Place.root() && Mine.Place.root()->hasGlobalStorage() && !Mine.IsGiven && !Other.IsGiven;
  }

  bool conflict(const ObjectAccess &Mine, ArrayRef<ObjectAccess> OfMine, const ObjectAccess &Other, ArrayRef<ObjectAccess> OfOther) {
    return isSamePlaceWritten(Mine, Other, DisjointElements) && !haveCommonLock(Mine, Other) && !isJudgedElsewhere(Mine, Other) &&
           !Order.isOrdered(Mine, OfMine, Other, OfOther);
  }

  void add(const Running &Thread, const ObjectAccess &Mine, const ObjectAccess &Other, bool IsItself) {
    for (const Conflict &Known : Found) // the same thread, by the call of a function that starts it
      if (Known.Started != Thread.Started && Known.Started->In == Thread.Started->In && Known.Mine.Where == Mine.Where && Known.Other.Where == Other.Where)
        return;
    const FieldDecl *Last = Mine.Place.lastField();
    QualType Type = Last ? Last->getType() : Mine.Place.steps().empty() && Mine.Place.root() ? Mine.Place.root()->getType() : QualType();
    bool OfPointer = !Type.isNull() && sharesOwnership(Type, Flow.model().names()) && !(Mine.Indirect && Other.Indirect);
    Found.push_back({Thread.Started, givenAt(Thread, Mine.Place), Mine, Other, IsItself, OfPointer});
  }

  /// It races with another thread that runs the same code.
  bool compareWithItself(const Running &Thread) {
    const Spawn &Started = *Thread.Started;
    if (!Started.Parallel &&
        (Started.OncePerObject || Flow.spawns().runSequentially(Started, Started) || !Thread.During.contains(Started.Site)))
      return false;
    size_t Before = Found.size();
    for (const ObjectAccess &Access : Thread.Accesses)
      if (Access.writes() && !Access.OfElement && !Access.Atomic &&
          conflict(Access, Thread.Accesses, Access, Thread.Accesses) && (Started.Parallel || !isPerIteration(Access, Started))) {
        add(Thread, Access, Access, /*IsItself=*/true);
        break;
      }
    return Found.size() > Before;
  }

  /// Adds the first of \p Mine that conflicts with one of \p Others, which run \p OnThread or in the starter; a write if there is one.
  bool addFirst(const Running &Thread, ArrayRef<ObjectAccess> Mine, ArrayRef<ObjectAccess> Others, bool OnThread) {
    for (bool Writes : {true, false})
      for (const ObjectAccess &First : Mine)
        for (const ObjectAccess &Second : Others)
          if (First.writes() == Writes && conflict(First, Mine, Second, Others)) {
            add(Thread, First, Second, /*IsItself=*/OnThread && First.Where == Second.Where);
            return true;
          }
    return false;
  }

  /// \p Other is started while \p Thread runs.
  void compareThreads(const Running &Thread, const Running &Other) {
    const Spawn &Started = *Thread.Started, &Later = *Other.Started;
    if (&Started == &Later || Flow.spawns().runSequentially(Started, Later))
      return;
    bool IsOtherSite = Later.Site != Started.Site;
    if (Thread.During.contains(Later.Site) ? IsOtherSite || &Started < &Later : Started.Together && !IsOtherSite && &Started < &Later)
      addFirst(Other, Other.Accesses, Thread.Accesses, /*OnThread=*/true);
  }

  /// It races with its starter, before the join.
  void compareWithStarter(const Running &Thread, ArrayRef<Running> Threads) {
    const Spawn &Started = *Thread.Started;
    std::vector<ObjectAccess> Own = Accesses.ofFunction(*Started.In, [&](const FunctionModel &In, const Stmt *S) {
      return &In != Started.In || (Thread.BeforeJoin.contains(S) && S != Started.Callable && !isPassedOn(S, Started, Threads));
    });
    const Captured *Owner = llvm::find_if(Thread.Captures, [](const Captured &Capture) { return Capture.IsOwner; });
    if (Owner != Thread.Captures.end()) // a call of start() or join()
      llvm::erase_if(Own, [&](const ObjectAccess &Access) { return Access.Place.root() == Owner->Variable && Access.Place.steps().empty(); });
    auto IsApart = [&](const ObjectAccess &Access) {
      const Stmt *At = Access.inBase();
      // A pointer that goes elsewhere meanwhile; the object of another turn of the loop.
      bool IsReassigned = Access.Pointer && llvm::any_of(Own, [&](const ObjectAccess &Write) {
        return Write.writes() && !Write.Indirect && Write.Place.steps().size() == *Access.Pointer && Access.Place.startsWith(Write.Place) &&
               isBefore(Write.inBase(), At);
      });
      return IsReassigned || (isBefore(At, Started.Site) && isPerIteration(Access, Started));
    };
    std::vector<ObjectAccess> Meeting, Signalled;
    for (ObjectAccess &Access : Own)
      if (!IsApart(Access))
        (Thread.During.contains(Access.inBase()) ? Meeting : Signalled).push_back(std::move(Access));
    if (addFirst(Thread, Thread.Accesses, Meeting, /*OnThread=*/false))
      return;
    for (const ObjectAccess &Mine : Thread.Accesses)
      for (const ObjectAccess &Other : Signalled)
        if (conflict(Mine, Thread.Accesses, Other, Signalled) && Order.isSignalledTooSoon(Mine, Thread.Accesses, Other, Signalled))
          return add(Thread, Mine, Other, /*IsItself=*/false);
  }

  bool isBefore(const Stmt *A, const Stmt *B) const { return Sources.isBeforeInTranslationUnit(A->getBeginLoc(), B->getBeginLoc()); }

  /// \p S only passes something to another thread, whose own accesses are known.
  bool isPassedOn(const Stmt *S, const Spawn &Started, ArrayRef<Running> Threads) const {
    return llvm::any_of(Threads, [&](const Running &Other) {
      SourceRange Site = Other.Started->Site->getSourceRange();
      return Other.Started != &Started && Site.isValid() && Sources.isPointWithin(S->getBeginLoc(), Site.getBegin(), Site.getEnd());
    });
  }

  UnitFlow &Flow;
  const SourceManager &Sources;
  bool DisjointElements;
  ObjectAccesses Accesses;
  SignalOrder Order;
  std::vector<Conflict> Found;
};

} // namespace

const std::vector<Conflict> &UnitFlow::conflicts(bool DisjointElements) {
  std::shared_ptr<const std::vector<Conflict>> &Known = Conflicting[DisjointElements];
  if (!Known)
    Known = std::make_shared<const std::vector<Conflict>>(ConflictFinder(*this, DisjointElements).run());
  return *Known;
}

} // namespace ward
