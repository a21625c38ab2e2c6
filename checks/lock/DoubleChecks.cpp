// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lock/DoubleChecks.h"

#include "flow/LocalValues.h"
#include "model/AccessKinds.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/SmallPtrSet.h"

using namespace clang;

namespace ward {
namespace {

/// A read on which a condition depends, or a write.
struct CheckedAccess {
  AccessPath Path;
  const Expr *Where;
};

/// A branch and one read on which its condition depends.
struct BranchCheck {
  const IfStmt *Branch;
  CheckedAccess Read;
};

/// The checks and writes of one function.
class CheckedWrites {
public:
  CheckedWrites(const FunctionModel &Function, UnitFlow &Unit)
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
    llvm::sort(Writes, [&](const CheckedAccess &A, const CheckedAccess &B) { return Around.order(A.Where) < Around.order(B.Where); });
  }

  const StmtParents &around() const { return Around; }
  const std::vector<BranchCheck> &checks() const { return Checks; }
  const std::vector<CheckedAccess> &writes() const { return Writes; }
  const AtomicOperation *operation(const Expr *Where) const { return Operations.lookup(Where); }

  /// A lock is held at \p E, in exclusive mode if \p Exclusive. In a template's pattern, whose flow is unknown, a guard in scope counts.
  bool isLocked(const Expr *E, bool Exclusive) const {
    if (Unit.held(Function).known())
      return (Exclusive ? Unit.lockedExclusively(Function) : Unit.locked(Function)).contains(E);
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
    llvm::SmallVector<CheckedAccess, 4> Reads;
    collectReads(If.getCond(), Reads, /*Depth=*/2);
    if (const VarDecl *Variable = If.getConditionVariable())
      collectReads(Variable->getInit(), Reads, /*Depth=*/2);
    for (CheckedAccess &Read : Reads)
      Checks.push_back({&If, std::move(Read)});
  }

  /// The shared places that \p S reads, directly or through locals.
  void collectReads(const Stmt *S, llvm::SmallVectorImpl<CheckedAccess> &Into, unsigned Depth) {
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
    // An out-parameter is not read.
    llvm::SmallPtrSet<const Stmt *, 4> Outputs;
    if (const auto *Call = dyn_cast<CallExpr>(S)) {
      CallSite Site = CallSite::of(Call);
      for (unsigned I = 0; Site.Callee && I < Site.Arguments.size() && I < Site.Callee->getNumParams(); ++I)
        if (QualType Type = Site.Callee->getParamDecl(I)->getType();
            Type->isLValueReferenceType() && !Type->getPointeeType().isConstQualified())
          Outputs.insert(Site.Arguments[I]);
    }
    for (const Stmt *Child : S->children())
      if (!Outputs.contains(Child))
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
    // By the type of the object: implementations declare such members in a base of another name.
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
  std::vector<BranchCheck> Checks;
  std::vector<CheckedAccess> Writes;
};

/// \p Written is \p Checked, or an element of it.
bool changes(const AccessPath &Written, const AccessPath &Checked) {
  return Written.startsWith(Checked) &&
         llvm::all_of(Written.steps().drop_front(Checked.steps().size()), [](const AccessPath::Step &Step) { return Step.isElement(); });
}

/// The second check and the write that depends on it, both under a lock.
struct LockedWrite {
  AccessPath Path;
  const Expr *Inner, *Write;
  const AtomicOperation *Store;
  /// In the function of the outer check: the inner branch, or the call that leads to it.
  const Stmt *Place;
};

void addLockedWrites(const FunctionModel &Function, const CheckedWrites &Reads, UnitFlow &Unit, std::vector<LockedWrite> &Into) {
  if (!Unit.acquiresOrReleases(Function))
    return;
  for (const BranchCheck &Inner : Reads.checks()) {
    if (!Reads.isLocked(Inner.Read.Where, /*Exclusive=*/true))
      continue;
    for (const CheckedAccess &Write : Reads.writes())
      if (changes(Write.Path, Inner.Read.Path) && Reads.around().decides(Inner.Branch, Write.Where) &&
          Reads.isLocked(Write.Where, /*Exclusive=*/true)) {
        Into.push_back({Inner.Read.Path, Inner.Read.Where, Write.Where, Reads.operation(Write.Where), Inner.Branch});
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

/// \p Type is a class with a lock or an atomic inside, and so synchronises its own accesses.
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
  auto MayWrite = [&](const CallExpr *Call) {
    const FunctionModel *Callee = Model.function(Call->getDirectCallee());
    return Callee && Callee != &Function && Callee->touchesLocks() && !Callee->Branches.empty();
  };
  if (!Unit.acquiresOrReleases(Function) && llvm::none_of(Function.Calls, MayWrite))
    return Result;
  const auto *Method = dyn_cast<CXXMethodDecl>(Function.Function);
  CheckedWrites Reads(Function, Unit);
  if (Reads.checks().empty() || (Method && isCalledUnderLock(Method, Unit)))
    return Result;

  std::vector<LockedWrite> Writes;
  addLockedWrites(Function, Reads, Unit, Writes);
  for (const CallExpr *Call : Function.Calls) {
    if (!MayWrite(Call) || Reads.isLocked(Call, /*Exclusive=*/false))
      continue;
    const FunctionModel *Callee = Model.function(Call->getDirectCallee());
    std::vector<LockedWrite> Theirs;
    addLockedWrites(*Callee, CheckedWrites(*Callee, Unit), Unit, Theirs);
    for (LockedWrite &Their : Theirs)
      if (std::optional<AccessPath> Path = atCall(Their.Path, CallSite::of(Call), Model.names()))
        Writes.push_back({std::move(*Path), Their.Inner, Their.Write, Their.Store, Call});
  }

  llvm::DenseSet<const IfStmt *> Reported;
  for (const BranchCheck &Outer : Reads.checks()) {
    if (Reads.isLocked(Outer.Read.Where, /*Exclusive=*/false))
      continue;
    for (const LockedWrite &Inner : Writes) {
      if (!(Inner.Path == Outer.Read.Path) || Inner.Place == Outer.Branch || !Reads.around().decides(Outer.Branch, Inner.Place))
        continue;
      QualType Type = typeOf(Outer.Read.Path);
      const AtomicOperation *Load = Reads.operation(Outer.Read.Where);
      if (Load && ((!Load->Relaxed && !(Inner.Store && Inner.Store->Relaxed)) || hasFence(Function, Model.names())))
        continue;
      if (!Load && !Type.isNull() && (Model.types().isSynchronised(Type) || isInternallySynchronised(Type, Model.types())))
        continue;
      if (Reported.insert(Outer.Branch).second)
        Result.push_back({Outer.Read.Path, Outer.Read.Where, Inner.Inner, Inner.Write, Load, Inner.Store,
                          !Type.isNull() && Type.isVolatileQualified()});
    }
  }
  return Result;
}

} // namespace ward
