// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lock/DoubleChecks.h"

#include "flow/LocalValues.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "model/AccessKinds.h"

using namespace clang;

namespace ward {
namespace {

/// A read of a place that a condition depends on.
struct Read {
  AccessPath Path;
  const Expr *Where;
};

/// A condition's read, or a write, in one function.
struct Check {
  const IfStmt *Branch;
  Read What;
};

/// What one function checks and writes.
class ActionReader {
public:
  ActionReader(const FunctionModel &Function, UnitFlow &Unit)
      : Function(Function), Unit(Unit), Names(Unit.model().names()), Around(Function.Body) {
    for (const AtomicOperation &Operation : Unit.atomics().in(Function))
      Operations[Operation.Where] = &Operation;
    for (const Stmt *Branch : Function.Branches)
      if (const auto *If = dyn_cast<IfStmt>(Branch))
        collectChecks(*If);
    for (const ClassifiedAccess &Access : Unit.accesses(Function))
      if (Access.Kind != AccessKind::Read)
        Writes.push_back({Access.Path, Access.Where});
    for (const CallExpr *Call : Function.Calls)
      addPointerWrite(Call);
    for (const auto &[Where, Operation] : Operations)
      if (Operation->Action != AtomicAction::Load)
        Writes.push_back({Operation->Path, cast<Expr>(Where)});
    llvm::sort(Writes, [&](const Read &A, const Read &B) { return Around.order(A.Where) < Around.order(B.Where); });
  }

  const StmtParents &around() const { return Around; }
  const std::vector<Check> &checks() const { return Checks; }
  const std::vector<Read> &writes() const { return Writes; }
  const AtomicOperation *operation(const Expr *Where) const { return Operations.lookup(Where); }

  /// Whether a lock is held at \p E: one of its own, as a write needs it, if \p Alone. In a template's pattern, whose flow is
  /// not known, a guard in scope counts.
  bool isLocked(const Expr *E, bool Alone) const {
    if (Unit.lockSets(Function).known())
      return (Alone ? Unit.lockedExclusively(Function) : Unit.locked(Function)).contains(E);
    for (const Stmt *S = E; S; S = Around.parent(S))
      if (const auto *Block = dyn_cast_or_null<CompoundStmt>(Around.parent(S)))
        for (const Stmt *Before : Block->body()) {
          if (Before == S)
            break;
          if (const auto *Declaration = dyn_cast<DeclStmt>(Before))
            for (const Decl *D : Declaration->decls())
              if (const GuardVariable *Guard = Function.guardVariable(dyn_cast<ValueDecl>(D)); Guard && Guard->How.mayHold())
                return true;
        }
    return false;
  }

private:
  void collectChecks(const IfStmt &If) {
    llvm::SmallVector<Read, 4> Reads;
    collectReads(If.getCond(), Reads, /*Depth=*/2);
    if (const VarDecl *Variable = If.getConditionVariable())
      collectReads(Variable->getInit(), Reads, /*Depth=*/2);
    for (Read &What : Reads)
      Checks.push_back({&If, std::move(What)});
  }

  /// The shared places that \p S reads, through the locals that they were read into.
  void collectReads(const Stmt *S, llvm::SmallVectorImpl<Read> &Into, unsigned Depth) {
    if (!S || isa<LambdaExpr>(S))
      return;
    if (const auto *E = dyn_cast<Expr>(S)) {
      if (auto It = Operations.find(E); It != Operations.end() && It->second->Action == AtomicAction::Load) {
        Into.push_back({It->second->Path, E});
        return;
      }
      if (const auto *Ref = dyn_cast<DeclRefExpr>(E))
        if (const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl()); isOwnLocal(Variable)) {
          if (Depth)
            if (const Expr *Source = lastValue(Variable, E, Function, Around, Unit))
              collectReads(Source, Into, Depth - 1);
          return;
        }
      if (isa<DeclRefExpr, MemberExpr, ArraySubscriptExpr, CXXDependentScopeMemberExpr>(E))
        if (std::optional<AccessPath> Path = pathOf(E, Names); Path && isShared(*Path)) {
          Into.push_back({std::move(*Path), E});
          return;
        }
    }
    // What a function is given to put something in, it does not ask.
    llvm::SmallPtrSet<const Stmt *, 4> Filled;
    if (const auto *Call = dyn_cast<CallExpr>(S)) {
      CallSite Site = CallSite::of(Call);
      for (unsigned I = 0; Site.Callee && I < Site.Arguments.size() && I < Site.Callee->getNumParams(); ++I)
        if (QualType Type = Site.Callee->getParamDecl(I)->getType();
            Type->isLValueReferenceType() && !Type->getPointeeType().isConstQualified())
          Filled.insert(Site.Arguments[I]);
    }
    for (const Stmt *Child : S->children())
      if (!Filled.contains(Child))
        collectReads(Child, Into, Depth);
  }

  static bool isShared(const AccessPath &Path) {
    const VarDecl *Root = Path.root();
    if (!Root)
      return !Path.steps().empty();
    if (Root->getTSCSpec() != TSCS_unspecified || Root->isConstexpr())
      return false;
    return Root->hasGlobalStorage() || !Path.steps().empty() || Root->getType()->isReferenceType() || Root->getType()->isPointerType();
  }

  /// `p = std::make_unique<T>()`, `p.reset(q)`: the smart pointer itself changes.
  void addPointerWrite(const CallExpr *Call) {
    const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Call->getDirectCallee());
    const Expr *Object = CallSite::of(Call).Object;
    // By the object's own type: implementations put such members into a base of another name.
    if (!Method || !Object || Method->isConst() || Method->isStatic() || !Names.isPointer(classOf(stripped(Object)->getType())) ||
        hasConstOverload(Method))
      return;
    if (std::optional<AccessPath> Path = pathOf(Object, Names))
      Writes.push_back({std::move(*Path), stripped(Object)});
  }

  const FunctionModel &Function;
  UnitFlow &Unit;
  CatalogIndex &Names;
  StmtParents Around;
  llvm::DenseMap<const Stmt *, const AtomicOperation *> Operations;
  std::vector<Check> Checks;
  std::vector<Read> Writes;
};

/// \p Written is \p Checked, or an element of it.
bool changes(const AccessPath &Written, const AccessPath &Checked) {
  return Written.startsWith(Checked) &&
         llvm::all_of(Written.steps().drop_front(Checked.steps().size()), [](const AccessPath::Step &Step) { return Step.isElement(); });
}

/// The second check and the write that it decides, both under a lock.
struct Action {
  AccessPath Path;
  const Expr *Inner, *Write;
  const AtomicOperation *Store;
  /// What stands in the function in question: the inner branch, or the call that leads to it.
  const Stmt *Place;
};

void addActions(const FunctionModel &Function, const ActionReader &Reads, UnitFlow &Unit, std::vector<Action> &Into) {
  if (!Unit.acquiresOrReleases(Function))
    return;
  for (const Check &Inner : Reads.checks()) {
    if (!Reads.isLocked(Inner.What.Where, /*Alone=*/true))
      continue;
    for (const Read &Write : Reads.writes())
      if (changes(Write.Path, Inner.What.Path) && Reads.around().decides(Inner.Branch, Write.Where) &&
          Reads.isLocked(Write.Where, /*Alone=*/true)) {
        Into.push_back({Inner.What.Path, Inner.What.Where, Write.Where, Reads.operation(Write.Where), Inner.Branch});
        break;
      }
  }
}

bool hasFence(const FunctionModel &Function, CatalogIndex &Names) {
  return llvm::any_of(Function.Calls, [&](const CallExpr *Call) {
    const FunctionDecl *Callee = Call->getDirectCallee();
    return Callee && Names.isFence(Callee);
  });
}

/// The type of the object at \p Path's end.
QualType typeOf(const AccessPath &Path) {
  if (const FieldDecl *Field = Path.lastField())
    return Field->getType();
  return Path.root() && Path.steps().empty() ? Path.root()->getType().getNonReferenceType() : QualType();
}

/// Its class has a lock or an atomic inside and looks after itself.
bool isInternallySynchronised(QualType Type, LockTypes &Types) {
  const auto *Class = Type.isNull() ? nullptr : Type->getAsCXXRecordDecl();
  return Class && Class->hasDefinition() && llvm::any_of(Class->fields(), [&](const FieldDecl *Field) {
    return Types.isSynchronised(Field->getType());
  });
}

} // namespace

std::vector<DoubleCheck> findDoubleChecks(const FunctionModel &Function, UnitFlow &Unit) {
  std::vector<DoubleCheck> Result;
  if (llvm::none_of(Function.Branches, [](const Stmt *S) { return isa<IfStmt>(S); }))
    return Result;
  UnitModel &Model = Unit.model();
  auto MayAct = [&](const CallExpr *Call) {
    const FunctionModel *Callee = Model.function(Call->getDirectCallee());
    return Callee && Callee != &Function && Callee->touchesLocks() && !Callee->Branches.empty();
  };
  if (!Unit.acquiresOrReleases(Function) && llvm::none_of(Function.Calls, MayAct))
    return Result;
  const auto *Method = dyn_cast<CXXMethodDecl>(Function.Function);
  ActionReader Reads(Function, Unit);
  if (Reads.checks().empty() || (Method && isCalledUnderLock(Method, Unit)))
    return Result;

  std::vector<Action> Actions;
  addActions(Function, Reads, Unit, Actions);
  for (const CallExpr *Call : Function.Calls) {
    if (!MayAct(Call) || Reads.isLocked(Call, /*Alone=*/false))
      continue;
    const FunctionModel *Callee = Model.function(Call->getDirectCallee());
    std::vector<Action> Theirs;
    addActions(*Callee, ActionReader(*Callee, Unit), Unit, Theirs);
    for (Action &Their : Theirs)
      if (std::optional<AccessPath> Path = atCall(Their.Path, CallSite::of(Call), Model.names()))
        Actions.push_back({std::move(*Path), Their.Inner, Their.Write, Their.Store, Call});
  }

  llvm::DenseSet<const IfStmt *> Told;
  for (const Check &Outer : Reads.checks()) {
    if (Reads.isLocked(Outer.What.Where, /*Alone=*/false))
      continue;
    for (const Action &Inner : Actions) {
      if (!(Inner.Path == Outer.What.Path) || Inner.Place == Outer.Branch || !Reads.around().decides(Outer.Branch, Inner.Place))
        continue;
      QualType Type = typeOf(Outer.What.Path);
      const AtomicOperation *Load = Reads.operation(Outer.What.Where);
      if (Load && ((!Load->Relaxed && !(Inner.Store && Inner.Store->Relaxed)) || hasFence(Function, Model.names())))
        continue;
      if (!Load && !Type.isNull() && (Model.types().isSynchronised(Type) || isInternallySynchronised(Type, Model.types())))
        continue;
      if (Told.insert(Outer.Branch).second)
        Result.push_back({Outer.What.Path, Outer.What.Where, Inner.Inner, Inner.Write, Load, Inner.Store,
                          !Type.isNull() && Type.isVolatileQualified()});
    }
  }
  return Result;
}

} // namespace ward
