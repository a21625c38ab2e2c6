// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/threads/EarlyThreads.h"

#include "flow/locks/CommonLocks.h"
#include "flow/threads/Outlives.h"
#include "model/StmtParents.h"
#include "model/ThreadHandle.h"
#include "model/UnconditionalCode.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/SmallPtrSet.h"

using namespace clang;

namespace ward {
namespace {

/// How deep functions are followed from a constructor to the start of the thread, and to the write of a member.
constexpr unsigned MaxStartDepth = 4, MaxWriteDepth = 2;

bool isSameClass(const CXXRecordDecl *A, const CXXRecordDecl *B) { return A->getCanonicalDecl() == B->getCanonicalDecl(); }

/// \p Derived derives from \p Base.
bool derivesFrom(const CXXRecordDecl *Derived, const CXXRecordDecl *Base) {
  return Derived->hasDefinition() && Base->hasDefinition() && Derived->getDefinition()->isDerivedFrom(Base->getDefinition());
}

/// One step of a construction, in which an expression of it stands.
struct ConstructionStep {
  enum Kind { Base, Member, Body } Kind = Body;
  const FieldDecl *Field = nullptr;
};

/// The step of \p Constructor that evaluates \p E.
ConstructionStep stepOf(const CXXConstructorDecl *Constructor, const Expr *E) {
  for (const CXXCtorInitializer *Init : Constructor->inits())
    if (contains(Init->getInit(), E)) {
      if (Init->isDelegatingInitializer())
        return {};
      return Init->isBaseInitializer() ? ConstructionStep{ConstructionStep::Base, nullptr} : ConstructionStep{ConstructionStep::Member, Init->getAnyMember()};
    }
  return {};
}

/// The initialiser of \p Field in \p Constructor, written or not; null if unknown.
const CXXCtorInitializer *initialiserOf(const FieldDecl *Field, const CXXConstructorDecl *Constructor) {
  if (Constructor)
    for (const CXXCtorInitializer *Init : Constructor->inits())
      if (Init->getAnyMember() == Field)
        return Init;
  return nullptr;
}

/// The construction gives \p Field a value: it is not left as it is.
bool isInitialised(const FieldDecl *Field, const CXXConstructorDecl *Constructor) {
  QualType Type = Field->getType();
  if (Type->isReferenceType() || Field->hasInClassInitializer())
    return true;
  if (const CXXCtorInitializer *Init = initialiserOf(Field, Constructor); Init && Init->isWritten())
    return true;
  const auto *Class = Type->getBaseElementTypeUnsafe()->getAsCXXRecordDecl();
  return Class && Class->hasDefinition() && !Class->hasTrivialDefaultConstructor();
}

/// The thread \p Started runs on when the function that starts it returns. Calls \p During for the expressions of that function meanwhile.
bool runsOn(const Spawn &Started, UnitFlow &Flow, llvm::function_ref<void(const Stmt *)> During) {
  if (Started.End == ThreadEnd::Call || Started.End == ThreadEnd::Scoped || Started.MayRunHere)
    return false;
  return !Started.In || whileRunning(Started, Flow.spawns().captured(Started), Flow, During);
}

/// The search of one unit.
class EarlyThreads {
public:
  explicit EarlyThreads(UnitFlow &Flow) : Flow(Flow), Unit(Flow.model()), Uses(Flow) {
    for (const Spawn &Started : Flow.spawns().all())
      if (Started.In)
        By[Started.In].push_back(&Started);
    // The functions from which calls lead to a start.
    llvm::SmallVector<const FunctionModel *, 16> Work;
    for (const auto &[Function, Threads] : By)
      Work.push_back(Function);
    Leading.insert(Work.begin(), Work.end());
    const CallGraph &Calls = Flow.calls();
    while (!Work.empty())
      for (unsigned I : Calls.into(*Work.pop_back_val()))
        if (Leading.insert(Calls.edges()[I].Caller).second)
          Work.push_back(Calls.edges()[I].Caller);
  }

  std::vector<EarlyThread> run() {
    for (const FieldDecl *Field : Unit.initialisedFields())
      if (const auto *Class = dyn_cast<CXXRecordDecl>(Field->getParent()))
        judgeDefault(Field, Class);
    for (const auto &Function : Unit.functions())
      if (const auto *Constructor = dyn_cast<CXXConstructorDecl>(Function->Function); Constructor && !Function->IsPattern) {
        collect(*Function, Uses.namesIn(*Constructor), nullptr, MaxStartDepth);
        for (const Start &Each : take())
          judge(Each, Constructor->getParent(), Constructor, Function.get(), stepOf(Constructor, Each.At));
      }
    return std::move(Found);
  }

private:
  /// A thread that a construction starts.
  struct Start {
    const Spawn *Started;
    /// The expression of the constructor or initialiser.
    const Expr *At;
    std::vector<ObjectUse> Uses;
    /// The constructor starts it itself: it runs during these expressions, and on after the constructor.
    bool IsOwn, RunsOn;
    llvm::DenseSet<const Stmt *> During;
  };

  std::vector<Start> take() {
    Visited.clear();
    return std::exchange(Starts, {});
  }

  /// The threads that \p Function starts, itself or through functions of the unit, and that use the object named \p Object there.
  void collect(const FunctionModel &Function, const ObjectNames &Object, const Expr *At, unsigned Depth) {
    if (!Leading.contains(&Function) || !Visited.insert(&Function).second)
      return;
    for (const Spawn *Started : By.lookup(&Function))
      addStart(*Started, Object, At);
    if (Depth == 0)
      return;
    const CallGraph &Calls = Flow.calls();
    for (unsigned I : Calls.outOf(Function)) {
      const CallEdge &Edge = Calls.edges()[I];
      if (ObjectNames There = Uses.passedTo(*Edge.Callee, Edge.How, Object); !There.empty() && Edge.Callee != &Function)
        collect(*Edge.Callee, There, At ? At : Edge.Site, Depth - 1);
    }
  }

  void addStart(const Spawn &Started, const ObjectNames &Object, const Expr *At) {
    Start One{&Started, At ? At : Started.Site, {}, !At && Started.In, false, {}};
    One.RunsOn = runsOn(Started, Flow, [&](const Stmt *S) { One.During.insert(S); });
    if (!One.RunsOn && (At || One.During.empty()))
      return;
    One.Uses = Uses.by(Started, Object);
    if (llvm::any_of(One.Uses, [](const ObjectUse &Use) { return Use.BeforeWait; }))
      Starts.push_back(std::move(One));
  }

  /// Judges the threads that the default initialiser of \p Field starts.
  void judgeDefault(const FieldDecl *Field, const CXXRecordDecl *Class) {
    ObjectNames Object{AccessPath::ofThis()};
    for (const Spawn &Started : Flow.spawns().all())
      if (Started.Field == Field && !Started.In)
        addStart(Started, Object, nullptr);
    forEachExpression(Field->getInClassInitializer(), [&](const Expr *E) {
      std::optional<CallSite> Site;
      if (const auto *Call = dyn_cast<CallExpr>(E))
        Site = CallSite::of(Call);
      else if (const auto *Construct = dyn_cast<CXXConstructExpr>(E))
        Site = CallSite::of(Construct);
      if (const FunctionModel *Callee = Site ? Unit.function(Site->Callee) : nullptr)
        if (ObjectNames There = Uses.passedTo(*Callee, *Site, Object); !There.empty())
          collect(*Callee, There, E, MaxStartDepth);
    });
    std::vector<Start> All = take();
    if (All.empty())
      return;
    // The constructors that use the default initialiser.
    llvm::SmallVector<const CXXConstructorDecl *, 2> Users;
    bool AnyOther = false;
    for (const CXXConstructorDecl *Constructor : Class->ctors()) {
      const FunctionModel *Body = Unit.function(Constructor);
      if (!Body || Constructor->isDelegatingConstructor())
        continue;
      const auto *Definition = cast<CXXConstructorDecl>(Body->Function);
      const CXXCtorInitializer *Init = initialiserOf(Field, Definition);
      if (Init && Init->isWritten())
        AnyOther = true;
      else
        Users.push_back(Definition);
    }
    for (const Start &Each : All) {
      for (const CXXConstructorDecl *Constructor : Users)
        judge(Each, Class, Constructor, Unit.function(Constructor), {ConstructionStep::Member, Field});
      if (Users.empty() && !AnyOther)
        judge(Each, Class, nullptr, nullptr, {ConstructionStep::Member, Field});
    }
  }

  void judge(const Start &One, const CXXRecordDecl *Class, const CXXConstructorDecl *Constructor, const FunctionModel *Body, ConstructionStep At) {
    if (llvm::any_of(Found, [&](const EarlyThread &Other) { return Other.At == One.At && Other.Started == One.Started; }))
      return;
    std::optional<EarlyThread> Result;
    for (const ObjectUse &Use : One.Uses) {
      if (!Use.BeforeWait || (Result && Result->Why == EarlyThread::BeforeMember))
        continue;
      EarlyThread Next{EarlyThread::BeforeMember, One.Started, One.At, Class, Use.Virtual, Use.Where};
      if (Use.Virtual) {
        if (Class->isEffectivelyFinal() || Use.Virtual->hasAttr<FinalAttr>() || !mayBeOverridden(Use.Virtual, Class, Unit))
          continue;
        Next.Why = EarlyThread::BeforeVirtual;
      } else {
        const FieldDecl *Field = Use.field();
        const auto *Of = Field ? dyn_cast<CXXRecordDecl>(Field->getParent()) : nullptr;
        if (!Of)
          continue;
        bool OfDerived = derivesFrom(Of, Class);
        if (!OfDerived && !(isSameClass(Of, Class) && isMadeAfter(Field, At, One, Constructor)))
          continue;
        if (!isInitialised(Field, OfDerived ? nullptr : Constructor))
          continue;
        Next.Why = OfDerived ? EarlyThread::BeforeDerived : EarlyThread::BeforeMember;
        Next.What = Field;
      }
      if (!Result || Next.Why == EarlyThread::BeforeMember)
        Result = Next;
    }
    if (!Result && Body)
      Result = beforeWrite(One, Class, *Body, At);
    if (!Result)
      return;
    Result->Field = At.Field;
    Result->Constructor = One.Started->In && One.IsOwn ? Constructor : nullptr;
    Found.push_back(*Result);
  }

  /// \p Field is initialised after the step \p At, while the thread runs.
  bool isMadeAfter(const FieldDecl *Field, ConstructionStep At, const Start &One, const CXXConstructorDecl *Constructor) const {
    if (At.Kind == ConstructionStep::Body || (At.Field && Field->getFieldIndex() <= At.Field->getFieldIndex()))
      return false;
    if (!One.IsOwn || One.RunsOn)
      return true;
    const CXXCtorInitializer *Init = initialiserOf(Field, Constructor);
    return Init && One.During.contains(Init->getInit());
  }

  /// The expressions of \p Body that it may evaluate after \p At, up to a join.
  llvm::DenseSet<const Stmt *> after(const FunctionModel &Body, const Expr *At) {
    llvm::DenseSet<const Stmt *> Result;
    const CFG *Graph = Flow.graph(Body);
    if (!Graph)
      return Result;
    llvm::SmallPtrSet<const CFGBlock *, 16> Seen;
    llvm::SmallVector<const CFGBlock *, 16> Work;
    // True if control goes on to the successors.
    auto Follow = [&](const CFGBlock &Block, bool Running) {
      for (const CFGElement &Element : Block)
        if (std::optional<CFGStmt> S = Element.getAs<CFGStmt>()) {
          const auto *Call = dyn_cast<CallExpr>(S->getStmt());
          if (Running && Call && Call != At && joins(Call))
            return false;
          if (Running)
            Result.insert(S->getStmt());
          Running |= S->getStmt() == At;
        }
      return Running;
    };
    for (const CFGBlock *Block : *Graph)
      if (llvm::any_of(*Block, [&](const CFGElement &Element) {
            std::optional<CFGStmt> S = Element.getAs<CFGStmt>();
            return S && S->getStmt() == At;
          }))
        if (Follow(*Block, /*Running=*/false))
          Work.append(Block->succ_begin(), Block->succ_end());
    while (!Work.empty()) {
      const CFGBlock *Block = Work.pop_back_val();
      if (Block && Seen.insert(Block).second && Follow(*Block, /*Running=*/true))
        Work.append(Block->succ_begin(), Block->succ_end());
    }
    return Result;
  }

  bool joins(const CallExpr *Call) {
    if (joinedBy(Call, Unit.names()))
      return true;
    const FunctionModel *Callee = Unit.function(Call->getDirectCallee());
    return Callee && llvm::any_of(Callee->Calls, [&](const CallExpr *Inner) { return joinedBy(Inner, Unit.names()) != nullptr; });
  }

  /// The body of the constructor modifies what the thread uses while it runs, with no common lock.
  std::optional<EarlyThread> beforeWrite(const Start &One, const CXXRecordDecl *Class, const FunctionModel &Body, ConstructionStep At) {
    auto IsWhile = [&, Later = std::optional<llvm::DenseSet<const Stmt *>>()](const Stmt *S) mutable {
      if (One.IsOwn)
        return One.During.contains(S);
      if (At.Kind != ConstructionStep::Body)
        return true;
      if (!Later)
        Later = after(Body, One.At);
      return Later->contains(S);
    };
    std::optional<EarlyThread> Result;
    auto Visit = [&](const FunctionModel &In, const Expr *Where, const ClassifiedAccess &Write) {
      if (Result || Write.Kind != AccessKind::Write || Write.Indirect || Write.isAssumed() || Write.Pointer.value_or(0) > 0 || Write.Path.root())
        return;
      const FieldDecl *Field = Write.Path.steps().empty() ? nullptr : Write.Path.steps().front().asField();
      if (!Field || (Write.Statement && contains(Write.Statement, One.At)) || isOwnAffair(Write, Field))
        return;
      for (const ObjectUse &Use : One.Uses)
        if (Use.BeforeWait && mayOverlap(Use, Write) && !haveCommonLock(In, Write.Where, Use)) {
          Result = EarlyThread{EarlyThread::BeforeWrite, One.Started, One.At, Class, Field, Use.Where, Where};
          return;
        }
    };
    visitWrites(Body, nullptr, IsWhile, Visit, MaxWriteDepth);
    return Result;
  }

  /// The object synchronises it by itself, or it is the handle of a thread.
  bool isOwnAffair(const ClassifiedAccess &Write, const FieldDecl *Field) {
    if (destructionOf(Field->getType(), Unit))
      return true;
    return llvm::any_of(Write.Path.steps(), [&](const AccessPath::Step &Each) {
      const FieldDecl *Part = Each.asField();
      return Part && (Unit.types().isSynchronised(Part->getType()) || Unit.types().isInternallySynchronised(Part->getType()));
    });
  }

  static bool mayOverlap(const ObjectUse &Use, const ClassifiedAccess &Write) {
    ArrayRef<AccessPath::Step> A = Use.Steps, B = Write.Path.steps();
    size_t Common = std::min(A.size(), B.size());
    return Common > 0 && A.take_front(Common) == B.take_front(Common);
  }

  bool haveCommonLock(const FunctionModel &In, const Stmt *Where, const ObjectUse &Use) {
    LockContext &Locks = Flow.locks();
    CommonLocks Mine(Locks.heldAt(In, Where));
    return Use.In && Mine.mayMeet(CommonLocks(Locks.heldAt(*Use.In, Use.Where)));
  }

  using WriteFn = llvm::function_ref<void(const FunctionModel &, const Expr *, const ClassifiedAccess &)>;
  /// The writes of \p Function to its object, and of those that it calls on it, at a call that is \p From or during which IsWhile holds.
  void visitWrites(const FunctionModel &Function, const Expr *From, llvm::function_ref<bool(const Stmt *)> IsWhile, WriteFn Visit, unsigned Depth) {
    for (const ClassifiedAccess &Access : Flow.accesses(Function))
      if (From || IsWhile(Access.Where))
        Visit(Function, From ? From : Access.Where, Access);
    if (Depth == 0)
      return;
    const CallGraph &Calls = Flow.calls();
    for (unsigned I : Calls.outOf(Function)) {
      const CallEdge &Edge = Calls.edges()[I];
      const Expr *Object = Edge.How.Object;
      if (Object && isa<CXXThisExpr>(stripped(Object)) && Edge.Callee != &Function && (From || IsWhile(Edge.Site)))
        visitWrites(*Edge.Callee, From ? From : Edge.Site, IsWhile, Visit, Depth - 1);
    }
  }

  UnitFlow &Flow;
  UnitModel &Unit;
  ObjectUses Uses;
  llvm::DenseMap<const FunctionModel *, llvm::SmallVector<const Spawn *, 1>> By;
  llvm::DenseSet<const FunctionModel *> Leading, Visited;
  std::vector<Start> Starts;
  std::vector<EarlyThread> Found;
};

} // namespace

bool mayBeOverridden(const CXXMethodDecl *Method, const CXXRecordDecl *Class, UnitModel &Unit) {
  auto Overrides = [](const CXXMethodDecl *Candidate, const CXXMethodDecl *Base, auto &&Self) -> bool {
    return llvm::any_of(Candidate->overridden_methods(), [&](const CXXMethodDecl *Next) {
      return Next->getCanonicalDecl() == Base->getCanonicalDecl() || Self(Next, Base, Self);
    });
  };
  const CXXMethodDecl *Final = Method->getCorrespondingMethodInClass(Class, /*MayBeBase=*/true);
  if ((Final ? Final : Method)->isPureVirtual())
    return true;
  return llvm::any_of(Unit.classes(), [&](const CXXRecordDecl *Derived) {
    return derivesFrom(Derived, Class) && llvm::any_of(Derived->methods(), [&](const CXXMethodDecl *Candidate) {
             return Overrides(Candidate, Method, Overrides);
           });
  });
}

const std::vector<EarlyThread> &UnitFlow::earlyThreads() {
  if (!Early)
    Early = std::make_shared<const std::vector<EarlyThread>>(spawns().all().empty() ? std::vector<EarlyThread>() : EarlyThreads(*this).run());
  return *Early;
}

} // namespace ward
