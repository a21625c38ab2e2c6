// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "capture/Conflicts.h"

#include "flow/threads/Outlives.h"

#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/SmallPtrSet.h"

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
  ConflictFinder(UnitFlow &Unit, bool DisjointElements) : Unit(Unit), DisjointElements(DisjointElements) {}

  std::vector<Conflict> run() {
    const SourceManager &Sources = Unit.model().context().getSourceManager();
    llvm::DenseMap<const FunctionModel *, std::vector<ThreadUse>> ByFunction;
    for (const Spawn &Started : Unit.spawns().all())
      if (Started.In && !Started.In->IsPattern && !Started.MayRunHere)
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
      for (const ThreadUse &Mine : Uses) {
        if (Mine.Started != &Started)
          continue;
        // The thread races with another one that runs the same code.
        bool Several = Started.Parallel || (!Unit.spawns().runSequentially(Started, Started) && During.contains(Started.Site) && !Started.OncePerObject &&
                                            !isPerIteration(Mine.Variable, Started.Site, Started.In->Body, Sources));
        const auto *Racing = llvm::find_if(
            Mine.Accesses, [](const PartAccess &Access) { return Access.Writes && !Access.Locked && !Access.Atomic; });
        if (Several && Racing != Mine.Accesses.end()) {
          Found.push_back({Mine, *Racing, Racing->Where});
          continue;
        }
        // It races with another thread that is started while it runs.
        for (const ThreadUse &Other : Uses)
          if (Other.Started != &Started && Other.Variable == Mine.Variable && Other.OfPointer == Mine.OfPointer &&
              !Unit.spawns().runSequentially(Started, *Other.Started) &&
              (Other.Started->Site != Started.Site || Started.Together || &Started < Other.Started) &&
              (During.contains(Other.Started->Site) || (Started.Together && Other.Started->Site == Started.Site && &Started < Other.Started)))
            addFirst(Other, Other.Accesses, Mine.Accesses);
        // It races with its starter, before the join.
        ThreadUse Own{&Started, Mine.Variable, {}, Mine.OfPointer, Mine.IsOwner, {}};
        forEachAccess(*Started.In, [&](const ClassifiedAccess &Access, bool IsAtomic) {
          if (Mine.IsOwner && Access.Path.steps().empty())
            return; // a call of start() or join()
          if (Access.Path.root() == Mine.Variable && During.contains(Access.Where) && Access.Where != Started.Callable &&
              !isPassedOn(Access.Where, Mine, Uses))
            add(Own, Access, Access.Path, *Started.In, IsAtomic);
        });
        addFirst(Mine, Mine.Accesses, Own.Accesses);
      }
    }
    return Found;
  }

private:
  /// \p E only passes the variable of \p Mine to another thread, whose own accesses are known.
  bool isPassedOn(const Expr *E, const ThreadUse &Mine, ArrayRef<ThreadUse> Uses) const {
    const SourceManager &Sources = Unit.model().context().getSourceManager();
    return llvm::any_of(Uses, [&](const ThreadUse &Other) {
      SourceRange Site = Other.Started->Site->getSourceRange();
      return Other.Started != Mine.Started && Other.Variable == Mine.Variable && Site.isValid() &&
             Sources.isPointWithin(E->getBeginLoc(), Site.getBegin(), Site.getEnd());
    });
  }

  /// Reports the first of \p Mine that conflicts with one of \p Others.
  void addFirst(const ThreadUse &At, ArrayRef<PartAccess> Mine, ArrayRef<PartAccess> Others) {
    for (bool Writes : {true, false}) // prefer a write
      for (const PartAccess &First : Mine)
        for (const PartAccess &Second : Others)
          if (First.Writes == Writes && inConflict(First, Second)) {
            Found.push_back({At, First, Second.Where});
            return;
          }
  }

  /// Calls \p Visit for each access of \p Function, and whether it is an atomic one.
  void forEachAccess(const FunctionModel &Function, llvm::function_ref<void(const ClassifiedAccess &, bool)> Visit) {
    const FunctionAccesses &All = Unit.allAccesses(Function);
    for (const ClassifiedAccess &Access : All.Plain)
      Visit(Access, false);
    for (const ClassifiedAccess &Access : All.Atomic)
      Visit(Access, true);
  }

  /// Adds \p Access of \p Function, with the path \p Path from the variable.
  void add(ThreadUse &Into, const ClassifiedAccess &Access, AccessPath Path, const FunctionModel &Function, bool IsAtomic) {
    bool Behind = Access.Indirect || !Access.Path.steps().empty();
    bool Writes = Access.Kind == AccessKind::Write || (Access.Kind == AccessKind::ElementWrite && !DisjointElements);
    if (sharesOwnership(Into.Variable->getType(), Unit.model().names())) {
      if (!Into.OfPointer && !Behind)
        return;
      Writes &= Into.OfPointer != Behind; // an access to the pointee only reads the pointer
    }
    bool Locked = (Writes ? Unit.lockedExclusively(Function) : Unit.locked(Function)).contains(Access.Where);
    PartAccess Part{Access.Where, std::move(Path), Writes, Locked, IsAtomic, {}, {}};
    Part.At = constantIndices(Access.Where);
    if (Access.Kind == AccessKind::ElementWrite)
      Part.WrittenAt = Part.At;
    Into.Accesses.push_back(std::move(Part));
  }

  /// The indices in \p E, from the last to the first; none unless each is a constant.
  llvm::SmallVector<int64_t, 1> constantIndices(const Expr *E) const {
    llvm::SmallVector<int64_t, 1> Result;
    const ASTContext &Context = Unit.model().context();
    while (true) {
      E = stripped(E);
      const Expr *Index = nullptr;
      if (const auto *Subscript = dyn_cast<ArraySubscriptExpr>(E)) {
        Index = Subscript->getIdx();
        E = Subscript->getBase();
      } else if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(E); Operator && Operator->getOperator() == OO_Subscript) {
        Index = Operator->getArg(1);
        E = Operator->getArg(0);
      } else if (const auto *Member = dyn_cast<MemberExpr>(E)) {
        E = Member->getBase();
        continue;
      } else {
        return isa<DeclRefExpr, CXXThisExpr>(E) ? Result : llvm::SmallVector<int64_t, 1>();
      }
      Expr::EvalResult Value;
      if (Index->isValueDependent() || !Index->getType()->isIntegralOrEnumerationType() || !Index->EvaluateAsInt(Value, Context))
        return {};
      Result.push_back(Value.Val.getInt().getExtValue());
    }
  }

  /// Adds the accesses of \p Body to the argument \p Capture: to its parameter, or to the object of a member function.
  void addArgument(ThreadUse &Into, const Spawn &Started, const Captured &Capture, const FunctionModel &Body) {
    const auto *Method = dyn_cast<CXXMethodDecl>(Body.Function);
    bool IsMember = Method && !Method->isStatic() && !Method->getParent()->isLambda();
    if (Started.Body) {
      llvm::SmallPtrSet<const FunctionModel *, 8> Seen;
      return addMember(Into, Started, Capture, Body, Seen);
    }
    if (Capture.Source == Started.Callable)
      return addFunctor(Into, Body);
    unsigned Object = IsMember && Method->getOverloadedOperator() != OO_Call ? 1 : 0;
    for (unsigned I = 0; I != Started.Arguments.size(); ++I) {
      if (Started.Arguments[I] != Capture.Source)
        continue;
      if (I < Object)
        addAccesses(Into, nullptr, Capture.Source, Body);
      else if (I - Object < Body.Function->getNumParams())
        addAccesses(Into, Body.Function->getParamDecl(I - Object), Capture.Source, Body);
    }
  }

  /// A function of an object runs: adds its accesses to what a member refers to, or to the object itself.
  void addMember(ThreadUse &Into, const Spawn &Started, const Captured &Capture, const FunctionModel &Body,
                 llvm::SmallPtrSetImpl<const FunctionModel *> &Seen) {
    if (!Seen.insert(&Body).second)
      return;
    const auto &Locked = Unit.locked(Body);
    for (const CallExpr *Call : Body.Calls)
      if (const FunctionModel *Callee = Locked.contains(Call) ? nullptr : Unit.spawns().ownCallee(Started, Call))
        addMember(Into, Started, Capture, *Callee, Seen);
    if (!Capture.Member)
      return addAccesses(Into, nullptr, Capture.Source, Body);
    forEachAccess(Body, [&](const ClassifiedAccess &Access, bool IsAtomic) {
      if (Access.Path.root() || Access.Path.steps().empty() || Access.Path.steps().front().asField() != Capture.Member->getCanonicalDecl())
        return;
      if (!Capture.Member->getType()->isReferenceType() && Access.Path.steps().size() == 1 && !Access.Indirect)
        return; // the pointer, and not what it points to
      AccessPath Path = AccessPath::ofVariable(Into.Variable);
      for (const AccessPath::Step &Step : Access.Path.steps().drop_front())
        Path.push(Step);
      add(Into, Access, std::move(Path), Body, IsAtomic);
    });
  }

  /// A function object runs: its references and pointers to the variable's type are assumed to refer to the variable.
  void addFunctor(ThreadUse &Into, const FunctionModel &Body) {
    forEachAccess(Body, [&](const ClassifiedAccess &Access, bool IsAtomic) {
      const FieldDecl *Field = Access.Path.root() || Access.Path.steps().empty() ? nullptr : Access.Path.steps().front().asField();
      if (!Field || !(Field->getType()->isReferenceType() || Field->getType()->isPointerType()) ||
          !Unit.model().context().hasSameUnqualifiedType(Field->getType()->getPointeeType(), Into.Variable->getType()))
        return;
      AccessPath Path = AccessPath::ofVariable(Into.Variable);
      for (const AccessPath::Step &Step : Access.Path.steps().drop_front())
        Path.push(Step);
      add(Into, Access, std::move(Path), Body, IsAtomic);
    });
  }

  /// Adds the accesses of \p Body to \p Name, which stands for \p Source: the variable or a part of it.
  void addAccesses(ThreadUse &Into, const ValueDecl *Name, const Expr *Source, const FunctionModel &Body) {
    AccessPath Start = AccessPath::ofVariable(Into.Variable);
    if (std::optional<AccessPath> Given = Source ? pathOf(Source, Unit.model().names()) : std::nullopt; Given && Given->root() == Start.root())
      Start = *Given;
    llvm::SmallVector<int64_t, 1> At = Source ? constantIndices(withoutAddressOf(Source)) : llvm::SmallVector<int64_t, 1>();
    forEachAccess(Body, [&](const ClassifiedAccess &Access, bool IsAtomic) {
      if (Name ? Access.Path.root() != Name->getCanonicalDecl() : Access.Path.root() || Access.Path.steps().empty())
        return;
      if (Name && Name != Into.Variable && Name->getType()->isPointerType() && Access.Path.steps().empty() && !Access.Indirect)
        return; // the thread's own pointer, and not what it points to
      AccessPath Path = Start;
      for (const AccessPath::Step &Step : Access.Path.steps())
        Path.push(Step);
      add(Into, Access, std::move(Path), Body, IsAtomic);
      // An element that was passed on is distinguished from the others by its index.
      bool PassedOn = llvm::is_contained(Start.steps(), AccessPath::Step::element());
      if (Into.Accesses.empty() || Into.Accesses.back().Where != Access.Where || !PassedOn || !DisjointElements)
        return;
      PartAccess &Last = Into.Accesses.back();
      if (Last.Writes)
        Last.WrittenAt = At;
      Last.At = At;
      Last.Writes = false;
    });
  }

  static const Expr *withoutAddressOf(const Expr *E) {
    E = stripped(E);
    if (const auto *Address = dyn_cast<UnaryOperator>(E); Address && Address->getOpcode() == UO_AddrOf)
      E = Address->getSubExpr();
    return E;
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
      if (const ThreadEntry *Pool = Model.names().thread(classOf(Variable->getType())); Pool && Pool->Shared)
        continue;
      bool Pointer = sharesOwnership(Variable->getType(), Model.names());
      for (bool OfPointer : {false, true}) {
        if (OfPointer && !Pointer)
          continue;
        ThreadUse One{&Started, Variable, Capture.Location, OfPointer, Capture.IsOwner, {}};
        if (Capture.Lambda && Capture.Variable) {
          const FunctionModel *Code = Model.function(Capture.Lambda->getCallOperator());
          if (Code)
            addAccesses(One, Capture.Variable, Capture.Source, *Code);
          if (Code && Capture.Variable != Variable && !Capture.Source) // it is captured through a reference to it
            addAccesses(One, Variable, nullptr, *Code);
        } else {
          addArgument(One, Started, Capture, *Body);
        }
        if (!One.Accesses.empty())
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

bool inConflict(const PartAccess &First, const PartAccess &Second) {
  if ((First.Locked && Second.Locked) || (First.Atomic && Second.Atomic))
    return false;
  size_t Shorter = std::min(First.Path.steps().size(), Second.Path.steps().size());
  if (!std::equal(First.Path.steps().begin(), First.Path.steps().begin() + Shorter, Second.Path.steps().begin()))
    return false;
  if (First.Writes || Second.Writes)
    return true;
  // Constant indices are compared; elements at other indices are assumed to be different.
  return (!First.WrittenAt.empty() && First.WrittenAt == Second.At) || (!Second.WrittenAt.empty() && Second.WrittenAt == First.At);
}

bool sharesOwnership(QualType Type, CatalogIndex &Names) {
  const TypeEntry *Entry = Names.type(classOf(Type));
  return Entry && Entry->Shares;
}

std::vector<Conflict> findConflicts(UnitFlow &Flow, bool DisjointElements) { return ConflictFinder(Flow, DisjointElements).run(); }

} // namespace ward
