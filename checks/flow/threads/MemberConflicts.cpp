// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/threads/MemberConflicts.h"

#include "flow/threads/CalledStarts.h"
#include "flow/threads/ObjectThreads.h"
#include "flow/threads/Outlives.h"
#include "flow/threads/SignalOrder.h"
#include "flow/threads/ThreadRoles.h"
#include "model/Annotations.h"
#include "model/SharedCount.h"

#include "clang/AST/ExprCXX.h"
#include "clang/Basic/SourceManager.h"

#include <deque>
#include <map>

using namespace clang;

namespace ward {
namespace {

const FieldDecl *memberOf(const ObjectAccess &Access) {
  return Access.Place.root() || Access.Place.steps().empty() ? nullptr : Access.Place.steps().front().asField();
}

/// One of the two writes the pointer at their common place, which shares ownership, and not what it points to.
bool isOfSharedPointer(const ObjectAccess &First, const ObjectAccess &Second, CatalogIndex &Names) {
  auto Writes = [&](const ObjectAccess &Access) {
    const FieldDecl *Last = Access.Place.lastField();
    return Access.writes() && !Access.Indirect && Last && sharesOwnership(Last->getType(), Names);
  };
  return Writes(First) || Writes(Second);
}

class MemberConflictFinder {
public:
  explicit MemberConflictFinder(UnitFlow &Flow)
      : Flow(Flow), Unit(Flow.model()), Sources(Unit.context().getSourceManager()), Accesses(Flow), Order(Flow) {}

  std::vector<MemberConflict> run() {
    for (const Spawn &Started : Flow.spawns().all())
      addThread(Started, nullptr);
    for (const CalledStart &Called : Flow.calledStarts())
      addThread(Called.Started, &Called);
    for (size_t I = 0; I != Threads.size(); ++I) {
      for (size_t J = 0; J != I; ++J)
        compareThreads(Threads[J], Threads[I]);
      compareWithItself(Threads[I]);
      compareWithFunctions(Threads[I]);
    }
    return std::move(Found);
  }

private:
  struct Running {
    const Spawn *Started;
    const CXXRecordDecl *Class;
    SourceLocation Given;
    std::vector<ObjectAccess> Accesses;
    llvm::DenseSet<const Stmt *> During;
    ObjectThread Life;
  };

  /// Follows \p Started if it goes on beside the function that starts it, with the object of that function; or beside that which calls
  /// it, if it is that of \p Called.
  void addThread(const Spawn &Started, const CalledStart *Called) {
    if ((Started.In && Started.In->IsPattern) || Started.MayRunHere || Started.End == ThreadEnd::Call || Started.End == ThreadEnd::Scoped)
      return;
    llvm::SmallVector<Captured, 4> Captures = Flow.spawns().captured(Started);
    const CXXRecordDecl *Class = Started.In ? classOfThis(*Started.In) : cast<CXXRecordDecl>(Started.Field->getParent());
    if (!Class)
      return;
    std::vector<ObjectAccess> All = Called ? Accesses.ofThread(Started, Called->Given) : Accesses.ofThread(Started);
    llvm::erase_if(All, [](const ObjectAccess &Access) { return !memberOf(Access); });
    if (All.empty())
      return;
    llvm::DenseSet<const Stmt *> During;
    if (Started.In && !whileRunning(Started, Captures, Flow, [&](const Stmt *S) { During.insert(S); }))
      return;
    SourceLocation Given = Started.Callable->getBeginLoc();
    for (const Captured &Capture : Captures)
      if (Capture.IsThis)
        Given = Capture.Location;
    Threads.push_back({&Started, Class, Given, std::move(All), std::move(During), ObjectThread(Started, Class, Flow)});
  }

  void add(const Running &Thread, const ObjectAccess &Mine, const ObjectAccess &Other, const Spawn *OtherThread, SourceLocation Where) {
    const FieldDecl *Field = memberOf(Other);
    if (Reported.insert(patternOf(Field)).second)
      Found.push_back({Thread.Started, Mine, Other, Field, OtherThread, Where, Thread.Given, isOfSharedPointer(Mine, Other, Unit.names())});
  }

  /// The first access of \p Mine that conflicts with \p Other; null if there is none.
  const ObjectAccess *conflicting(ArrayRef<ObjectAccess> Mine, const ObjectAccess &Other, ArrayRef<ObjectAccess> Theirs) {
    const ObjectAccess *Result = nullptr;
    for (const ObjectAccess &Access : Mine)
      if (isSamePlaceWritten(Access, Other) && !haveCommonLock(Access, Other) && !Order.isOrdered(Access, Mine, Other, Theirs))
        if (!Result || (Access.writes() && !Result->writes()))
          Result = &Access;
    return Result;
  }

  /// The later of two threads is given an object that the earlier one still uses.
  void compareThreads(const Running &First, const Running &Second) {
    if (!First.Life.isOfObject(Second.Class) || Flow.spawns().runSequentially(*First.Started, *Second.Started))
      return;
    if (First.Started->In == Second.Started->In && First.Started->In && !First.During.contains(Second.Started->Site) &&
        !Second.During.contains(First.Started->Site))
      return;
    for (const ObjectAccess &Other : Second.Accesses)
      if (const ObjectAccess *Mine = conflicting(First.Accesses, Other, Second.Accesses))
        add(First, *Mine, Other, Second.Started, Second.Given);
  }

  /// Several threads run the same code on one object.
  void compareWithItself(const Running &Thread) {
    if (!(Thread.Started->Parallel || Thread.During.contains(Thread.Started->Site)) ||
        Flow.spawns().runSequentially(*Thread.Started, *Thread.Started))
      return;
    for (const ObjectAccess &Access : Thread.Accesses)
      if (Access.writes() && !Access.Atomic && Access.Held.empty() && !Access.HoldsUnknown)
        add(Thread, Access, Access, Thread.Started, Thread.Given);
  }

  void compareWithFunctions(Running &Thread) {
    for (const auto &Function : Unit.functions()) {
      const auto *Method = dyn_cast<CXXMethodDecl>(Function->Function);
      if (!Method || Function->IsPattern || !Thread.Life.isOfObject(Method->getParent()) || isExemptFromLockChecks(Method))
        continue;
      llvm::DenseSet<const Stmt *> Beside;
      if (Function.get() == Thread.Started->In) {
        if (isa<CXXConstructorDecl>(Method))
          continue; // what it initialises too late is ward-thread-before-members'
        Beside = Thread.During;
      } else if (Thread.Life.mayBeCalledMeanwhile(*Function)) {
        Beside = Thread.Life.beside(*Function, AccessPath::ofThis(), /*RunsAtEntry=*/!Thread.Life.starts(*Function));
      }
      if (Beside.empty())
        continue;
      // What a function that it calls does on the same object counts until that has joined the thread.
      std::map<const FunctionModel *, llvm::DenseSet<const Stmt *>> Inner;
      std::vector<ObjectAccess> Theirs = Accesses.ofFunction(*Function, [&](const FunctionModel &In, const Stmt *S) {
        const auto *Called = dyn_cast<CXXMethodDecl>(In.Function);
        if (&In == Function.get() || !Called || Called->isStatic() || !Thread.Life.isOfObject(Called->getParent()))
          return &In != Function.get() || Beside.contains(S);
        auto [It, New] = Inner.try_emplace(&In);
        if (New)
          It->second = Thread.Life.beside(In, AccessPath::ofThis(), /*RunsAtEntry=*/!Thread.Life.starts(In));
        return It->second.contains(S);
      });
      llvm::sort(Theirs, [&](const ObjectAccess &A, const ObjectAccess &B) {
        return Sources.isBeforeInTranslationUnit(A.Where->getBeginLoc(), B.Where->getBeginLoc());
      });
      for (const ObjectAccess &Other : Theirs)
        if (memberOf(Other))
          if (const ObjectAccess *Mine = conflicting(Thread.Accesses, Other, Theirs))
            add(Thread, *Mine, Other, nullptr, useOf(Other, Thread));
    }
  }

  /// Where a member function of the object makes \p Access: the access, or the call of a member's own function.
  SourceLocation useOf(const ObjectAccess &Access, const Running &Thread) const {
    const Expr *Use = Access.Where;
    const FunctionModel *In = Access.In;
    for (const WalkStep &Step : llvm::reverse(Access.Calls)) {
      const CXXRecordDecl *Class = classOfThis(*In);
      if (Class && Thread.Life.isOfObject(Class))
        break;
      Use = Step.At;
      In = Step.In;
    }
    return Use->getBeginLoc();
  }

  UnitFlow &Flow;
  UnitModel &Unit;
  const SourceManager &Sources;
  ObjectAccesses Accesses;
  SignalOrder Order;
  std::deque<Running> Threads;
  llvm::DenseSet<const FieldDecl *> Reported;
  std::vector<MemberConflict> Found;
};

} // namespace

const std::vector<MemberConflict> &UnitFlow::memberConflicts() {
  if (!OfMembers)
    OfMembers = std::make_shared<const std::vector<MemberConflict>>(
        spawns().all().empty() ? std::vector<MemberConflict>() : MemberConflictFinder(*this).run());
  return *OfMembers;
}

} // namespace ward
