// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/Conflicts.h"

#include "flow/Outlives.h"

#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Basic/SourceManager.h"

using namespace clang;

namespace ward {
namespace {

/// Each turn of the innermost loop around \p Site has a \p Variable of its own.
bool isOfTheSameTurn(const VarDecl *Variable, const Expr *Site, const Stmt *Root, const SourceManager &Sources) {
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
      Loop = Range; // its variable is made anew on every turn
    else if (isa<WhileStmt, DoStmt>(S))
      Loop = S;
    return !isa<LambdaExpr>(S) && llvm::any_of(S->children(), [&](const Stmt *Child) { return Self(Self, Child, Loop); });
  };
  Search(Search, Root, nullptr);
  return Innermost && Sources.isPointWithin(Variable->getLocation(), Innermost->getBeginLoc(), Innermost->getEndLoc());
}

class Finder {
public:
  Finder(UnitFlow &Unit, bool DisjointElements) : Unit(Unit), DisjointElements(DisjointElements) {}

  std::vector<Conflict> run() {
    const SourceManager &Sources = Unit.model().context().getSourceManager();
    llvm::DenseMap<const FunctionModel *, std::vector<ThreadUse>> ByFunction;
    for (const Spawn &Started : Unit.spawns().all())
      if (Started.In && !Started.In->IsPattern)
        for (ThreadUse &One : usesOf(Started))
          ByFunction[Started.In].push_back(One);
    for (const Spawn &Started : Unit.spawns().all()) {
      auto It = Started.In ? ByFunction.find(Started.In) : ByFunction.end();
      if (It == ByFunction.end())
        continue;
      const std::vector<ThreadUse> &Uses = It->second;
      if (llvm::none_of(Uses, [&](const ThreadUse &Other) { return Other.Started == &Started; }))
        continue;
      llvm::DenseSet<const Stmt *> During;
      whileRunning(Started, Unit.spawns().captured(Started), Unit, [&](const Stmt *S) { During.insert(S); });
      const auto &Locked = Unit.locked(*Started.In);
      for (const ThreadUse &Mine : Uses) {
        if (Mine.Started != &Started)
          continue;
        // Several at once of the same code.
        bool Again = Started.Parallel || (During.contains(Started.Site) &&
                                          !isOfTheSameTurn(Mine.Variable, Started.Site, Started.In->Body, Sources));
        if (Again && Mine.UnlockedWrite) {
          Found.push_back({Mine, Mine.Write});
          continue;
        }
        // Another thread that is started while this one runs.
        for (const ThreadUse &Other : Uses)
          if (Other.Started != &Started && Other.Variable == Mine.Variable && Other.OfPointer == Mine.OfPointer &&
              During.contains(Other.Started->Site) && inConflict(Mine, Other))
            Found.push_back({Other, Mine.Write ? Mine.Write : Mine.Read});
        // The starter itself, before it joins.
        for (const ClassifiedAccess &Access : Unit.accesses(*Started.In)) {
          if (Access.Path.root() != Mine.Variable || !During.contains(Access.Where) || Access.Where == Started.Callable)
            continue;
          ThreadUse Own{&Started, Mine.Variable, {}, Mine.OfPointer};
          add(Own, Access, Locked.contains(Access.Where));
          if (inConflict(Mine, Own))
            Found.push_back({Mine, Access.Where});
        }
      }
    }
    return Found;
  }

private:
  void add(ThreadUse &Into, const ClassifiedAccess &Access, bool IsLocked) const {
    bool Behind = Access.Indirect || !Access.Path.steps().empty();
    bool Writes = Access.Kind == AccessKind::Write || (Access.Kind == AccessKind::ElementWrite && !DisjointElements);
    if (sharesOwnership(Into.Variable->getType(), Unit.model().names())) {
      if (!Into.OfPointer && !Behind)
        return;
      Writes &= Into.OfPointer != Behind; // to get at what is behind it, the pointer is read
    }
    if (Writes) {
      Into.Write = Into.Write ? Into.Write : Access.Where;
      Into.UnlockedWrite |= !IsLocked;
    } else {
      Into.Read = Into.Read ? Into.Read : Access.Where;
      Into.UnlockedRead |= !IsLocked;
    }
  }

  /// What \p Body does with the argument \p Capture: with its parameter, or as the object that it is a member function of.
  void addArgument(ThreadUse &Into, const Spawn &Started, const Captured &Capture, const FunctionModel &Body) {
    const auto *Method = dyn_cast<CXXMethodDecl>(Body.Function);
    unsigned Object = Method && !Method->isStatic() && !Method->getParent()->isLambda() ? 1 : 0;
    for (unsigned I = 0; I != Started.Arguments.size(); ++I) {
      if (Started.Arguments[I] != Capture.Source)
        continue;
      if (I < Object)
        addAccesses(Into, nullptr, Body);
      else if (I - Object < Body.Function->getNumParams())
        addAccesses(Into, Body.Function->getParamDecl(I - Object), Body);
    }
  }

  void addAccesses(ThreadUse &Into, const ValueDecl *Name, const FunctionModel &Body) {
    const auto &Locked = Unit.locked(Body);
    for (const ClassifiedAccess &Access : Unit.accesses(Body)) {
      if (Name ? Access.Path.root() != Name->getCanonicalDecl() : Access.Path.root() || Access.Path.steps().empty())
        continue;
      add(Into, Access, Locked.contains(Access.Where));
    }
  }

  std::vector<ThreadUse> usesOf(const Spawn &Started) {
    UnitModel &Model = Unit.model();
    LockTypes &Types = Model.types();
    std::vector<ThreadUse> Result;
    const FunctionModel *Body = Unit.spawns().bodyOf(Started);
    if (!Body)
      return Result;
    for (const Captured &Capture : Unit.spawns().captured(Started)) {
      const VarDecl *Variable = borrowedLocal(Capture, Model.names());
      if (!Variable) // a local of an enclosing function, captured there by reference and here again
        continue;
      if (Variable->getType().isConstQualified() || Types.isSynchronised(Variable->getType()) || Types.mutex(Variable->getType()))
        continue;
      bool Pointer = sharesOwnership(Variable->getType(), Model.names());
      for (bool OfPointer : {false, true}) {
        if (OfPointer && !Pointer)
          continue;
        ThreadUse One{&Started, Variable, Capture.Location, OfPointer};
        if (Capture.Lambda && Capture.Variable) {
          const FunctionModel *Code = Model.function(Capture.Lambda->getCallOperator());
          if (Code)
            addAccesses(One, Capture.Variable, *Code);
          if (Code && Capture.Variable != Variable && !Capture.Source) // the same through a reference of the starter's
            addAccesses(One, Variable, *Code);
        } else {
          addArgument(One, Started, Capture, *Body);
        }
        if (One.Read || One.Write)
          Result.push_back(One);
      }
    }
    return Result;
  }

  UnitFlow &Unit;
  bool DisjointElements;
  std::vector<Conflict> Found;
};

} // namespace

bool sharesOwnership(QualType Type, CatalogIndex &Names) {
  const TypeEntry *Entry = Names.type(classOf(Type));
  return Entry && Entry->Shares;
}

std::vector<Conflict> findConflicts(UnitFlow &Flow, bool DisjointElements) { return Finder(Flow, DisjointElements).run(); }

} // namespace ward
