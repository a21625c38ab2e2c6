// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lock/SingleChecks.h"

#include "compat/Compat.h"
#include "flow/MutableFields.h"
#include "flow/threads/Writers.h"
#include "lock/CheckedAccesses.h"
#include "model/LockEffects.h"
#include "model/Waits.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace ward {
namespace {

/// Through how many calls the lock and the act are followed.
constexpr unsigned MaxActDepth = 2;

/// A write under a lock that some caller's check may decide.
struct LockedAct {
  AccessPath Path;
  const Expr *Where;
  /// In the function that is asked about: the write, or the call that leads to it.
  const Expr *Place;
  /// The same state is checked under the lock before.
  bool Rechecked;
  /// A second thread that does it too changes nothing more: by the write alone, and by all that comes with it.
  bool Repeatable, RepeatableAlone;
};

const Expr *withoutCopies(const Expr *E) {
  E = stripped(E);
  while (const auto *Copy = dyn_cast<CXXConstructExpr>(E)) {
    if (Copy->getNumArgs() != 1)
      break;
    E = stripped(Copy->getArg(0));
  }
  return E;
}

class ActSearch {
public:
  ActSearch(const FunctionModel &Function, UnitFlow &Unit)
      : Function(Function), Unit(Unit), Names(Unit.model().names()), Reads(Function, Unit) {}

  const CheckedAccesses &reads() const { return Reads; }

  /// The acts of the function and of those that it calls, where \p Matters; all that it writes counts if a lock \p
  /// IsHeld by its caller.
  std::vector<LockedAct> acts(unsigned Depth, bool IsHeld, llvm::function_ref<bool(const Expr *)> Matters) const {
    std::vector<LockedAct> Result;
    for (const CheckedAccess &Write : Reads.writes()) {
      if (!Matters(Write.Where) || (!IsHeld && !Reads.isGuarded(Write.Path, Write.Where)))
        continue;
      bool Alone = isRepeatable(Write);
      Result.push_back({Write.Path, Write.Where, Write.Where,
                        isRechecked(Write.Path, Write.Where, IsHeld) || tellsOutcome(Write),
                        Alone && locksOnlyRepeatable(IsHeld), Alone && emptiesContainer(Write)});
    }
    if (Depth == 0)
      return Result;
    for (const CallExpr *Call : Function.Calls) {
      const FunctionModel *Callee = Unit.model().function(Call->getDirectCallee());
      bool Locked = IsHeld || Reads.isLocked(Call, /*Exclusive=*/true);
      if (!Callee || Callee == &Function || Callee->IsPattern || !Matters(Call) ||
          (!Locked && !Unit.acquiresOrReleases(*Callee) && Callee->Calls.empty()))
        continue;
      for (LockedAct &Inner : ActSearch(*Callee, Unit).acts(Depth - 1, Locked, [](const Expr *) { return true; }))
        if (std::optional<AccessPath> Path = atCall(Inner.Path, CallSite::of(Call), Names)) {
          Inner.Rechecked |= Locked && isRechecked(*Path, Call, IsHeld);
          Inner.Path = std::move(*Path);
          Inner.Place = Call;
          Result.push_back(std::move(Inner));
        }
    }
    return Result;
  }

private:
  bool isUnderLock(const Expr *E, bool IsHeld) const { return IsHeld || Reads.isLocked(E, /*Exclusive=*/true); }

  /// Under the lock, a condition before \p Act reads \p Path, or asks a function that may.
  bool isRechecked(const AccessPath &Path, const Expr *Act, bool IsHeld) const {
    const StmtParents &Around = Reads.around();
    unsigned Order = Around.order(Act);
    auto Related = [&](const AccessPath &Other) { return Other.startsWith(Path) || Path.startsWith(Other); };
    for (const BranchCheck &Check : Reads.checks())
      if (isUnderLock(Check.Read.Where, IsHeld) && Related(Check.Read.Path) && Around.order(Check.Read.Where) < Order)
        return true;
    for (const ClassifiedAccess &Access : Unit.accesses(Function))
      if (Around.order(Access.Where) < Order && isUnderLock(Access.Where, IsHeld) && Related(Access.Path) &&
          isInCondition(Access.Where, Around))
        return true;
    for (const AtomicOperation &Operation : Unit.atomics().in(Function))
      if (Around.order(Operation.Where) < Order && isUnderLock(Operation.Where, IsHeld) && Related(Operation.Path) &&
          (Operation.isUpdate() || isInCondition(Operation.Where, Around)))
        return true;
    return llvm::any_of(Function.Calls, [&](const CallExpr *Call) {
      if (Around.order(Call) >= Order || !isUnderLock(Call, IsHeld))
        return false;
      if (std::optional<WaitCall> Wait = waitOf(Call, Names)) // its predicate, or the loop around it
        return true;
      const FunctionDecl *Callee = Call->getDirectCallee();
      return Callee && isInCondition(Call, Around) && !isLibraryCode(Callee);
    });
  }

  /// \p Write checks and acts in one step, and the function uses the outcome: `if (claimed.exchange(true)) return;`,
  /// `auto [it, fresh] = map.try_emplace(k);`.
  bool tellsOutcome(const CheckedAccess &Write) const {
    const StmtParents &Around = Reads.around();
    if (const AtomicOperation *Update = Reads.operation(Write.Where); Update && Update->isUpdate())
      return Update->Action != AtomicAction::Update || isInCondition(Write.Where, Around);
    if (!checksItself(Write.Where, Around, Names))
      return false;
    const Stmt *Parent = Around.parent(callOn(Write.Where, Around));
    while (isa_and_nonnull<ExprWithCleanups, CXXBindTemporaryExpr, ImplicitCastExpr>(Parent))
      Parent = Around.parent(Parent);
    return !isa_and_nonnull<CompoundStmt, IfStmt>(Parent) || isInCondition(Write.Where, Around);
  }

  /// \p Write gives the object the same value, whichever thread does it and however often.
  bool isRepeatable(const CheckedAccess &Write) const {
    const StmtParents &Around = Reads.around();
    if (checksItself(Write.Where, Around, Names) || emptiesContainer(Write))
      return true;
    const Expr *Value = nullptr;
    if (const AtomicOperation *Store = Reads.operation(Write.Where)) {
      if (Store->Action != AtomicAction::Store)
        return false;
      Value = Store->Value;
      if (!Value)
        return true; // flag.clear()
    } else {
      const Stmt *Parent = Around.parent(Write.Where);
      while (isa_and_nonnull<ParenExpr, ImplicitCastExpr>(Parent))
        Parent = Around.parent(Parent);
      if (const auto *Assign = dyn_cast_or_null<BinaryOperator>(Parent);
          Assign && Assign->getOpcode() == BO_Assign && stripped(Assign->getLHS()) == stripped(Write.Where))
        Value = Assign->getRHS();
      else if (const auto *Operator = dyn_cast_or_null<CXXOperatorCallExpr>(Parent);
               Operator && Operator->getOperator() == OO_Equal && Operator->getNumArgs() == 2 &&
               stripped(Operator->getArg(0)) == stripped(Write.Where))
        Value = Operator->getArg(1);
    }
    return Value && (isConstant(Value) || isValueCompared(Value, Write.Path));
  }

  bool isConstant(const Expr *Value) const {
    const Expr *Bare = withoutCopies(Value);
    if (isa<CXXNullPtrLiteralExpr, GNUNullExpr, CXXScalarValueInitExpr>(Bare))
      return true;
    Expr::EvalResult Result;
    return !Bare->isValueDependent() && Bare->getType()->isScalarType() &&
           Bare->EvaluateAsRValue(Result, Unit.model().context());
  }

  /// `if (level_ == n) return; ...; level_ = n;`
  bool isValueCompared(const Expr *Value, const AccessPath &Path) const {
    const auto *Ref = dyn_cast<DeclRefExpr>(withoutCopies(Value));
    return Ref && isa<ParmVarDecl>(Ref->getDecl()) && llvm::any_of(Reads.checks(), [&](const BranchCheck &Check) {
             return Check.Read.Path == Path && mentions(Check.Branch->getCond(), Ref->getDecl());
           });
  }

  /// `clear()`, `reset()`, `swap(own)`, or it is moved from: a thread that comes second finds nothing.
  bool emptiesContainer(const CheckedAccess &Write) const {
    const StmtParents &Around = Reads.around();
    if (const CallExpr *Call = callOn(Write.Where, Around)) {
      const FunctionDecl *Callee = Call->getDirectCallee();
      if (!Callee || !Callee->getDeclName().isIdentifier())
        return false;
      const TagDecl *Class = classOf(stripped(CallSite::of(Call).Object)->getType());
      const ContainerEntry *Container = Class ? Names.container(Class) : nullptr;
      llvm::StringRef Name = Callee->getName();
      bool Ends = Container && llvm::is_contained(Container->Ends, Name) && Call->getNumArgs() == 0;
      return Ends || Name == "swap" || (Class && Names.isPointer(Class) && Name == "reset" && Call->getNumArgs() == 0);
    }
    for (const Stmt *Parent = Around.parent(Write.Where); isa_and_nonnull<Expr>(Parent);
         Parent = Around.parent(Parent)) {
      const auto *Call = dyn_cast<CallExpr>(Parent);
      const FunctionDecl *Callee = Call ? Call->getDirectCallee() : nullptr;
      const FunctionEntry *Entry = Callee ? Names.function(Callee) : nullptr;
      if (Entry && Entry->Effect == FunctionEffect::Forward && Call->isXValue())
        return true;
      if (Callee && isLibraryCode(Callee) && Callee->getDeclName().isIdentifier() &&
          (Callee->getName() == "swap" || Callee->getName() == "exchange"))
        return true;
      if (Call)
        return false;
    }
    return false;
  }

  /// The lock only covers notifications and writes that are repeatable.
  bool locksOnlyRepeatable(bool IsHeld) const {
    const StmtParents &Around = Reads.around();
    for (const CheckedAccess &Other : Reads.writes()) {
      bool Local = Other.Path.root() && Other.Path.root()->hasLocalStorage() &&
                   !Other.Path.root()->getType()->isReferenceType() && !Other.Path.root()->getType()->isPointerType();
      const CallExpr *Call = callOn(Other.Where, Around);
      if (!Local && isUnderLock(Other.Where, IsHeld) && !isRepeatable(Other) && !(Call && notificationOf(Call, Names)))
        return false;
    }
    return llvm::none_of(Function.Calls,
                         [&](const CallExpr *Call) { return isUnderLock(Call, IsHeld) && mustRunOnce(*Call); }) &&
           !deletesUnderLock(Function.Body, IsHeld);
  }

  /// \p Call, a statement of its own, does something else than to lock, to notify, or to write what is a write already.
  bool mustRunOnce(const CallExpr &Call) const {
    const FunctionDecl *Callee = Call.getDirectCallee();
    const Stmt *Parent = Reads.around().parent(&Call);
    if (isa_and_nonnull<ExprWithCleanups>(Parent))
      Parent = Reads.around().parent(Parent);
    if (!isa_and_nonnull<CompoundStmt, IfStmt>(Parent) || isInCondition(&Call, Reads.around()) ||
        Reads.operation(&Call) || notificationOf(&Call, Names) || Unit.model().types().effectOf(&Call))
      return false;
    if (const auto *Operator = dyn_cast<CXXOperatorCallExpr>(&Call)) {
      std::optional<AccessPath> Target =
          Operator->getOperator() == OO_Equal ? pathOf(Operator->getArg(0), Names) : std::nullopt;
      bool Local = Target && Target->root() && Target->root()->hasLocalStorage();
      return Target && !Local && Names.thread(classOf(Operator->getArg(0)->getType()));
    }
    return !(isa_and_nonnull<CXXMethodDecl>(Callee) &&
             isLibraryCode(Callee)); // a container's member: one of the writes
  }

  bool deletesUnderLock(const Stmt *S, bool IsHeld) const {
    if (!S || isa<LambdaExpr>(S))
      return false;
    if (const auto *Delete = dyn_cast<CXXDeleteExpr>(S); Delete && isUnderLock(Delete, IsHeld))
      return true;
    return llvm::any_of(S->children(), [&](const Stmt *Child) { return deletesUnderLock(Child, IsHeld); });
  }

  const FunctionModel &Function;
  UnitFlow &Unit;
  CatalogIndex &Names;
  CheckedAccesses Reads;
};

/// \p Path is changed elsewhere without a lock, so that the one at hand guards something else; or one thread alone
/// changes it.
bool isGuardedElsewhere(const AccessPath &Path, const FunctionModel &Function, UnitFlow &Unit) {
  const ValueDecl *Subject = Path.lastField() ? static_cast<const ValueDecl *>(Path.lastField()) : Path.root();
  if (!Subject)
    return false;
  if (Unit.writers().isOnlyWriter(Function, Subject))
    return true;
  return llvm::any_of(Unit.writers().changesOf(Subject), [&](const Change &Each) {
    if (Each.Initialises || Each.IsLent || Each.Operation || Each.In->IsPattern ||
        isa<CXXConstructorDecl, CXXDestructorDecl>(Each.In->Function) ||
        Unit.confined().isConstructionOrDestruction(*Each.In, Each.Where) ||
        Unit.confined().isBeforeStartOrAfterJoin(*Each.In, Each.Where))
      return false;
    const auto *Method = dyn_cast<CXXMethodDecl>(Each.In->Function);
    return Unit.locks().heldAt(*Each.In, Each.Where).empty() && !(Method && isCalledUnderLock(Method, Unit)) &&
           Unit.locks().heldByKnownCallers(*Each.In).empty();
  });
}

} // namespace

std::vector<SingleCheck> findSingleChecks(const FunctionModel &Function, UnitFlow &Unit) {
  std::vector<SingleCheck> Result;
  if (Function.IsPattern || isa<CXXConstructorDecl, CXXDestructorDecl>(Function.Function) ||
      llvm::none_of(Function.Branches, [](const Stmt *S) { return isa<IfStmt>(S); }))
    return Result;
  auto Locks = [&](const CallExpr *Call) {
    const FunctionModel *Callee = Unit.model().function(Call->getDirectCallee());
    return Callee && Callee != &Function &&
           (Callee->touchesLocks() || llvm::any_of(Callee->Calls, [&](const CallExpr *Inner) {
              const FunctionModel *Second = Unit.model().function(Inner->getDirectCallee());
              return Second && Second->touchesLocks();
            }));
  };
  if (!Unit.acquiresOrReleases(Function) && llvm::none_of(Function.Calls, Locks))
    return Result;
  ActSearch Search(Function, Unit);
  const CheckedAccesses &Reads = Search.reads();
  const auto *Method = dyn_cast<CXXMethodDecl>(Function.Function);
  // A guard belongs to the code that has it: whether it holds its lock is nobody else's state.
  bool IsOfGuard = Method && Unit.model().types().guard(typeOf(Unit.model().context(), Method->getParent()));
  if (Reads.checks().empty() || IsOfGuard || (Method && isCalledUnderLock(Method, Unit)) ||
      !Unit.locks().heldByKnownCallers(Function).empty())
    return Result;
  llvm::SmallVector<const BranchCheck *, 4> Open;
  for (const BranchCheck &Check : Reads.checks())
    if (!Reads.isLocked(Check.Read.Where, /*Exclusive=*/false) &&
        !namesOwnThread(Check.Branch->getCond(), Unit.model().names()))
      Open.push_back(&Check);
  if (Open.empty())
    return Result;
  std::vector<LockedAct> Acts = Search.acts(MaxActDepth, /*IsHeld=*/false, [&](const Expr *E) {
    return llvm::any_of(Open, [&](const BranchCheck *Check) { return Reads.around().decides(Check->Branch, E); });
  });
  llvm::DenseSet<const IfStmt *> Reported;
  for (const BranchCheck *Each : Open) {
    const BranchCheck &Check = *Each;
    if (Reported.contains(Check.Branch))
      continue;
    const LockedAct *First = nullptr;
    bool Rechecked = false, Repeatable = true;
    for (const LockedAct &Act : Acts)
      if (isElementOrSame(Act.Path, Check.Read.Path) && Reads.around().decides(Check.Branch, Act.Place)) {
        Rechecked |= Act.Rechecked;
        Repeatable &= Act.Repeatable || Act.RepeatableAlone;
        if (!First && !Act.Repeatable && !Act.RepeatableAlone)
          First = &Act;
      }
    if (!First || Rechecked || Repeatable || Unit.confined().isConstructionOrDestruction(Function, Check.Read.Where) ||
        isGuardedElsewhere(Check.Read.Path, Function, Unit))
      continue;
    Reported.insert(Check.Branch);
    Result.push_back({Check.Read.Path, Check.Read.Where, First->Where});
  }
  return Result;
}

} // namespace ward
