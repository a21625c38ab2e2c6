// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lock/SplitSections.h"

#include "flow/LocalValues.h"
#include "flow/threads/Writers.h"
#include "lock/CheckedAccesses.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallPtrSet.h"

using namespace clang;

namespace ward {
namespace {

/// Values are followed through this many variables.
constexpr unsigned MaxValues = 4;

/// Functions with more pairs of an access and a branch than this are generated, and are not analysed.
constexpr size_t MaxPairs = 100000;

/// One access in a critical section, which its mutex and a number unique within the function identify.
struct SectionAccess {
  const Expr *Where;
  AccessPath Path;
  AccessPath Mutex;
  unsigned Section;
  bool Writes;
  /// It changes something, or requires that an element exists.
  bool Acts;
  /// It relies on no earlier check: an insertion, a removal by key, a lookup.
  bool ChecksItself;
};

bool isShared(const AccessPath &Path) {
  const VarDecl *Root = Path.root();
  if (!Root)
    return !Path.steps().empty();
  return Root->getTSCSpec() == TSCS_unspecified && (Root->hasGlobalStorage() || !Path.steps().empty() || Root->getType()->isReferenceType());
}

class SectionSearch {
public:
  SectionSearch(const FunctionModel &Function, UnitFlow &Unit)
      : Function(Function), Unit(Unit), Names(Unit.model().names()), Around(Function.Body) {}

  std::vector<SplitSection> run() {
    collectOwn();
    collectCalls();
    llvm::sort(Accesses, [&](const SectionAccess &A, const SectionAccess &B) {
      unsigned First = Around.order(A.Where), Second = Around.order(B.Where);
      return First != Second ? First < Second : A.Section < B.Section;
    });
    for (unsigned I = 0; I != Accesses.size(); ++I)
      At[Accesses[I].Where].push_back(I);
    for (const Stmt *Branch : Function.Branches)
      if (const auto *If = dyn_cast<IfStmt>(Branch)) {
        llvm::SmallVector<unsigned, 4> Checks;
        if (const VarDecl *Variable = If->getConditionVariable())
          sources(Variable->getInit(), Checks, MaxValues);
        sources(If->getCond(), Checks, MaxValues);
        if (!Checks.empty())
          Deciding.push_back({If, std::move(Checks)});
      }
    std::vector<SplitSection> Result;
    if (waits(Function) || Accesses.size() * (Deciding.size() + 1) > MaxPairs)
      return Result;
    for (const SectionAccess &Act : Accesses)
      if (std::optional<SplitSection> Found = judge(Act); Found && !isOnlyWriter(Act)) {
        Reported.insert(Act.Where);
        Result.push_back(std::move(*Found));
      }
    return Result;
  }

private:
  /// The accesses of this function while it holds a lock.
  void collectOwn() {
    if (!Unit.acquiresOrReleases(Function))
      return;
    const LockSets &Locks = Unit.lockSets(Function);
    llvm::DenseMap<const Stmt *, llvm::SmallVector<unsigned, 1>> Sites;
    Locks.forEach([&](const Stmt *S, const LockSet &State) {
      for (unsigned Site : State.Must.set_bits())
        Sites[S].push_back(Site);
    });
    auto Add = [&](const Expr *Where, const AccessPath &Path, bool Writes) {
      bool Acts = Writes || usesElement(Where);
      auto It = Sites.find(Where);
      if (It == Sites.end() || !isShared(Path) || Unit.model().types().isSynchronised(Where->getType()))
        return;
      for (unsigned Site : It->second)
        for (const LockRef &Ref : Locks.sites()[Site].Locked)
          if (Ref.Mutex)
            Accesses.push_back({Where, Path, *Ref.Mutex, sectionOf(Site, Locks.sites()[Site], Where), Writes, Acts, checksItself(Where, Around, Names)});
    };
    for (const ClassifiedAccess &Access : Unit.accesses(Function))
      Add(Access.Where, Access.Path, Access.Kind != AccessKind::Read);
  }

  /// A guard that was unlocked, or used for a wait, and then locked again begins another section.
  unsigned sectionOf(unsigned Site, const LockSite &At, const Expr *Where) {
    unsigned Breaks = 0;
    if (At.Guard)
      for (const CallExpr *Call : Function.Calls) {
        if (Around.order(Call) >= Around.order(Where))
          continue;
        const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
        const CXXMethodDecl *Method = Member ? Member->getMethodDecl() : nullptr;
        const auto *Object = Method ? dyn_cast<DeclRefExpr>(stripped(Member->getImplicitObjectArgument())) : nullptr;
        if (Object && Function.guardVariable(Object->getDecl()) == At.Guard &&
            Unit.model().types().guardEffect(*At.Guard->Type, Method) == FunctionEffect::Unlock && leads(Call, Where))
          ++Breaks;
      }
    return Site + Breaks * 1000;
  }

  /// A path leads from \p Call to \p Where: `if (empty) { lock.unlock(); return; }` does not split the code after it.
  bool leads(const CallExpr *Call, const Expr *Where) {
    const CFG *Graph = Unit.graph(Function);
    if (!Graph)
      return true;
    if (Blocks.empty())
      for (const CFGBlock *Block : *Graph)
        for (const CFGElement &Element : *Block)
          if (std::optional<CFGStmt> S = Element.getAs<CFGStmt>())
            Blocks.try_emplace(S->getStmt(), Block);
    const CFGBlock *From = Blocks.lookup(Call), *To = Blocks.lookup(Where);
    if (!From || !To || From == To)
      return true;
    llvm::SmallPtrSet<const CFGBlock *, 16> Seen;
    llvm::SmallVector<const CFGBlock *, 16> Work{From};
    while (!Work.empty())
      for (const CFGBlock *Next : Work.pop_back_val()->succs())
        if (Next && Seen.insert(Next).second)
          Work.push_back(Next);
    return Seen.contains(To);
  }

  /// `q.empty()`, `q.pop()` of an object that locks internally: each is a section of its own.
  void collectCalls() {
    unsigned Section = 1u << 20;
    for (const CallExpr *Call : Function.Calls) {
      const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
      const FunctionModel *Callee = Member ? Unit.model().function(Member->getMethodDecl()) : nullptr;
      if (!Callee || Callee == &Function || !Callee->hasKnownLocks() || !Callee->touchesLocks() || Unit.locked(Function).contains(Call))
        continue;
      ++Section;
      CallSite Site = CallSite::of(Call);
      const LockSets &Locks = Unit.lockSets(*Callee);
      llvm::DenseMap<const Stmt *, const LockRef *> Under;
      Locks.forEach([&](const Stmt *S, const LockSet &State) {
        for (unsigned Index : State.Must.set_bits())
          for (const LockRef &Ref : Locks.sites()[Index].Locked)
            if (Ref.Mutex && !Ref.Mutex->root())
              Under[S] = &Ref;
      });
      if (Under.empty())
        continue;
      bool Checks = checksUnderLock(*Callee, Under);
      for (const ClassifiedAccess &Access : Unit.accesses(*Callee)) {
        auto It = Under.find(Access.Where);
        if (It == Under.end() || !isShared(Access.Path))
          continue;
        std::optional<AccessPath> Path = atCall(Access.Path, Site, Names), Mutex = atCall(*It->second->Mutex, Site, Names);
        if (Path && Mutex)
          Accesses.push_back({Call, std::move(*Path), std::move(*Mutex), Section, Access.Kind != AccessKind::Read,
                             Access.Kind != AccessKind::Read, Checks});
      }
    }
  }

  /// \p Callee checks under its lock before it acts, or waits.
  bool checksUnderLock(const FunctionModel &Callee, const llvm::DenseMap<const Stmt *, const LockRef *> &Under) {
    StmtParents Inside(Callee.Body);
    if (llvm::any_of(Unit.accesses(Callee), [&](const ClassifiedAccess &Access) {
          return Under.contains(Access.Where) && isInCondition(Access.Where, Inside);
        }))
      return true;
    return waits(Callee) || llvm::all_of(Unit.accesses(Callee), [&](const ClassifiedAccess &Access) {
             return !Under.contains(Access.Where) || Access.Kind == AccessKind::Read || checksItself(Access.Where, Inside, Names);
           });
  }

  bool waits(const FunctionModel &In) {
    return llvm::any_of(In.Calls, [&](const CallExpr *Call) {
      const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Call->getDirectCallee());
      return Method && Names.condvar(Method->getParent());
    });
  }

  /// `m[k]`, `m.at(k)`, `v.front()`: the element must exist.
  bool usesElement(const Expr *Where) {
    std::optional<AccessPath> Path = pathOf(Where, Names);
    if (Path && Path->hasElement())
      return true;
    const CallExpr *Call = callOn(Where, Around);
    std::optional<AccessPath> Result = Call ? pathOf(Call, Names) : std::nullopt;
    return Result && !Result->steps().empty() && Result->steps().back().isElement();
  }

  /// The accesses that the value of \p S depends on, directly and through variables.
  void sources(const Stmt *S, llvm::SmallVectorImpl<unsigned> &Into, unsigned Depth) {
    if (!S || isa<LambdaExpr>(S))
      return;
    if (auto It = At.find(S); It != At.end())
      Into.append(It->second);
    if (const auto *Ref = dyn_cast<DeclRefExpr>(S))
      if (const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl()); isOwnLocal(Variable) && Depth)
        sources(lastValue(Variable, Ref, Function, Around, Unit), Into, Depth - 1);
    for (const Stmt *Child : S->children())
      sources(Child, Into, Depth);
  }

  std::optional<SplitSection> judge(const SectionAccess &Act) {
    if (!Act.Acts || Reported.contains(Act.Where))
      return std::nullopt;
    if (!Act.ChecksItself)
      for (const auto &[If, Checks] : Deciding)
        if (Around.decides(If, Act.Where))
          for (unsigned Check : Checks)
            if (relies(Accesses[Check], Act) && !clearsPointer(Act, *If))
              return SplitSection{Act.Path, Act.Mutex, Accesses[Check].Where, Act.Where, false};
    const auto *Assign = dyn_cast_or_null<BinaryOperator>(Around.parent(Act.Where));
    if (!Assign || Assign->getOpcode() != BO_Assign || stripped(Assign->getLHS()) != stripped(Act.Where))
      return std::nullopt;
    llvm::SmallVector<unsigned, 4> Checks;
    sources(Assign->getRHS(), Checks, MaxValues);
    for (unsigned Check : Checks)
      if (Accesses[Check].Path == Act.Path && relies(Accesses[Check], Act))
        return SplitSection{Act.Path, Act.Mutex, Accesses[Check].Where, Act.Where, true};
    return std::nullopt;
  }

  /// No other thread changes what \p Act does: it finds what this one left.
  bool isOnlyWriter(const SectionAccess &Act) {
    const ValueDecl *Subject = Act.Path.lastField() ? static_cast<const ValueDecl *>(Act.Path.lastField()) : Act.Path.root();
    return Subject && Unit.writers().isOnlyWriter(Function, Subject);
  }

  /// `if (target) { ...; target = nullptr; }`: the act only clears the pointer that was checked.
  bool clearsPointer(const SectionAccess &Act, const IfStmt &If) {
    const auto *Assign = dyn_cast_or_null<BinaryOperator>(Around.parent(Act.Where));
    return Assign && Assign->getOpcode() == BO_Assign && stripped(Assign->getLHS()) == stripped(Act.Where) &&
           Act.Where->getType()->isPointerType() &&
           Assign->getRHS()->isNullPointerConstant(Unit.model().context(), Expr::NPC_ValueDependentIsNotNull) != Expr::NPCK_NotNull &&
           Around.contains(If.getThen(), Act.Where);
  }

  /// \p Act relies on what \p Check read in an earlier section of the same lock: that section writes nothing that would keep other threads
  /// away, and this one does not check again.
  bool relies(const SectionAccess &Check, const SectionAccess &Act) {
    if (Check.Section == Act.Section || !(Check.Mutex == Act.Mutex) || Check.Writes || Around.order(Check.Where) >= Around.order(Act.Where))
      return false;
    if (!isElementOrSame(Act.Path, Check.Path) && !isElementOrSame(Check.Path, Act.Path))
      return false;
    for (const SectionAccess &Other : Accesses) {
      if (Other.Section == Check.Section && Other.Writes)
        return false;
      if (Other.Section == Act.Section && Around.order(Other.Where) <= Around.order(Act.Where) && isChecked(Other, Act))
        return false;
      // Both lie in one section of an outer lock.
      if (Other.Where == Act.Where && Other.Section != Act.Section && llvm::any_of(At.lookup(Check.Where), [&](unsigned Same) {
            return Accesses[Same].Section == Other.Section;
          }))
        return false;
    }
    return true;
  }

  /// A condition that decides \p Act depends on \p Other, which is in the same section.
  bool isChecked(const SectionAccess &Other, const SectionAccess &Act) {
    if (isInCondition(Other.Where, Around))
      return true;
    return llvm::any_of(Deciding, [&](const auto &Branch) {
      return llvm::any_of(Branch.second, [&](unsigned Index) { return &Accesses[Index] == &Other; }) && Around.decides(Branch.first, Act.Where);
    });
  }

  const FunctionModel &Function;
  UnitFlow &Unit;
  CatalogIndex &Names;
  StmtParents Around;
  std::vector<SectionAccess> Accesses;
  /// By expression: the accesses there. By branch: those that its condition depends on.
  llvm::DenseMap<const Stmt *, llvm::SmallVector<unsigned, 2>> At;
  std::vector<std::pair<const IfStmt *, llvm::SmallVector<unsigned, 4>>> Deciding;
  llvm::DenseSet<const Expr *> Reported;
  llvm::DenseMap<const Stmt *, const CFGBlock *> Blocks;
};

} // namespace

std::vector<SplitSection> findSplitSections(const FunctionModel &Function, UnitFlow &Unit) {
  // There must be at least two sections.
  unsigned Sections = Function.Guards.size() + Function.Temporaries.size() + 2 * Function.CallsLocks;
  for (const CallExpr *Call : Function.Calls) {
    const Expr *Object = CallSite::of(Call).Object;
    if (const auto *Ref = dyn_cast_or_null<DeclRefExpr>(Object ? stripped(Object) : nullptr); Ref && Function.guardVariable(Ref->getDecl()))
      ++Sections; // it may unlock and lock again
    if (const FunctionModel *Callee = Unit.model().function(Call->getDirectCallee()); Callee && Callee != &Function)
      Sections += Callee->touchesLocks();
  }
  if (Sections < 2 || !Function.hasKnownLocks())
    return {};
  return SectionSearch(Function, Unit).run();
}

} // namespace ward
