// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "flow/threads/SignalOrder.h"

#include "flow/threads/Signals.h"
#include "model/Blocking.h"
#include "model/StmtParents.h"

#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Basic/SourceManager.h"

using namespace clang;

namespace ward {
namespace {

const ValueDecl *endOf(const std::optional<AccessPath> &Path) {
  if (!Path)
    return nullptr;
  const FieldDecl *Field = Path->lastField();
  return Field ? static_cast<const ValueDecl *>(patternOf(Field)) : Path->steps().empty() ? Path->root() : nullptr;
}

/// Nothing uses the value of \p E.
bool isDiscarded(const Expr *E, const StmtParents &Parents) {
  const Stmt *Up = Parents.parent(E);
  while (Up && (isa<FullExpr, ParenExpr, CastExpr>(Up)))
    Up = Parents.parent(Up);
  return !Up || isa<CompoundStmt>(Up);
}

} // namespace

bool SignalOrder::isBefore(const Stmt *A, const Stmt *B) const {
  return Flow.model().context().getSourceManager().isBeforeInTranslationUnit(A->getBeginLoc(), B->getBeginLoc());
}

const std::vector<SignalOrder::Operation> &SignalOrder::operationsIn(const FunctionModel &Function) {
  auto [It, New] = Cache.try_emplace(&Function);
  std::vector<Operation> &Result = It->second;
  if (!New)
    return Result;
  UnitModel &Unit = Flow.model();
  CatalogIndex &Names = Unit.names();
  for (const AtomicOperation &Each : Flow.atomics().in(Function))
    if (!Each.Relaxed)
      Result.push_back({Each.Where, endOf(Each.Path), Each.Action != AtomicAction::Load, Each.Action != AtomicAction::Store});
  std::optional<StmtParents> Parents;
  for (const CallExpr *Call : Function.Calls) {
    const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
    const CXXMethodDecl *Method = Member ? Member->getMethodDecl() : nullptr;
    const Expr *Object = Method ? Member->getImplicitObjectArgument() : nullptr;
    if (!Member)
      addOfC(Call, Result);
    if (!Object)
      continue;
    QualType Type = Object->IgnoreParenImpCasts()->getType();
    if (Type->isPointerType())
      Type = Type->getPointeeType();
    const BlockingEntry *Blocks = Names.blocking(Method, classOf(Type));
    bool Awaits = Blocks && (Blocks->Kind == BlockingKind::Event || Blocks->Kind == BlockingKind::Result || Blocks->Kind == BlockingKind::Condvar);
    bool Synchronises = (Unit.types().isSynchronised(Type) && !Unit.types().mutex(Type) && !Names.atomic(classOf(Type))) || Names.isHarmless(Method);
    bool MayFail = Method->getDeclName().isIdentifier() && mayTimeOut(Method->getName());
    if (!Awaits && !Synchronises && !MayFail)
      continue;
    if (MayFail) {
      if (!Parents)
        Parents.emplace(Function.Body);
      if (isDiscarded(Call, *Parents))
        continue;
      Awaits = true;
    }
    bool OfResult = Blocks && Blocks->Kind == BlockingKind::Result;
    Result.push_back({Call, OfResult ? nullptr : endOf(pathOf(Object, Names)), !Awaits || Method->getNameAsString().find("arrive") != std::string::npos, Awaits});
  }
  return Result;
}

/// `pthread_barrier_wait(&barrier)`, `sem_post(&filled)`
void SignalOrder::addOfC(const CallExpr *Call, std::vector<Operation> &Into) {
  UnitModel &Unit = Flow.model();
  const FunctionDecl *Callee = Call->getDirectCallee();
  if (!Callee || isa<CXXMethodDecl>(Callee) || Call->getNumArgs() == 0 || Unit.function(Callee) || !Callee->getDeclName().isIdentifier())
    return;
  QualType Type = Call->getArg(0)->IgnoreParenImpCasts()->getType();
  if (!Type->isPointerType() || !Unit.types().isSynchronised(Type->getPointeeType()) || Unit.types().mutex(Type->getPointeeType()))
    return;
  const BlockingEntry *Blocks = Unit.names().blocking(Callee, nullptr);
  bool Awaits = Blocks && Blocks->Kind == BlockingKind::Event;
  if (Blocks && !Awaits)
    return;
  // All threads at a barrier wait for the last one.
  bool Signals = !Awaits || Callee->getName().contains("barrier");
  Into.push_back({Call, endOf(pathOf(withoutAddressOf(Call->getArg(0)), Unit.names())), Signals, Awaits});
}

/// It is on a std::atomic: other threads may see the old value.
bool SignalOrder::isFlag(const Operation &Each) const {
  return isa<CXXMemberCallExpr, CXXOperatorCallExpr>(Each.Where) && Flow.model().names().atomic(classOf(Each.Object->getType()));
}

bool SignalOrder::handsOver(const FunctionModel &InA, const Expr *A, const FunctionModel &InB, const Expr *B) {
  ObjectAccess First{&InA, A, AccessPath::ofThis(), AccessKind::Read}, Second{&InB, B, AccessPath::ofThis(), AccessKind::Read};
  auto Precedes = [&](const ObjectAccess &A, const ObjectAccess &B) {
    std::vector<const Operation *> Waits = around(B, /*Before=*/true);
    return llvm::any_of(around(A, /*Before=*/false), [&](const Operation *Signal) {
      return Signal->Object && isa<CallExpr>(Signal->Where) && !isFlag(*Signal) &&
             llvm::any_of(Waits, [&](const Operation *Wait) { return Wait->Object == Signal->Object && isa<CallExpr>(Wait->Where); });
    });
  };
  return &InA != &InB && (Precedes(First, Second) || Precedes(Second, First));
}

/// The operations that come before (or after) \p Access, in its function and in those that call it.
std::vector<const SignalOrder::Operation *> SignalOrder::around(const ObjectAccess &Access, bool Before) {
  std::vector<const Operation *> Result;
  auto Collect = [&](const FunctionModel &Function, const Stmt *At) {
    for (const Operation &Each : operationsIn(Function))
      if (Before ? Each.Awaits && isBefore(Each.Where, At) : Each.Signals && isBefore(At, Each.Where))
        Result.push_back(&Each);
  };
  Collect(*Access.In, Access.Where);
  for (const WalkStep &Step : Access.Calls)
    Collect(*Step.In, Step.At);
  return Result;
}

bool SignalOrder::isOfFailedWait(const ObjectAccess &Access) {
  return llvm::any_of(Access.Calls, [&](const WalkStep &Step) {
    const auto *Call = dyn_cast<CallExpr>(Step.At);
    const FunctionDecl *Callee = Call ? Call->getDirectCallee() : nullptr;
    return Callee && Callee->getDeclName().isIdentifier() && mayTimeOut(Callee->getName()) && isDiscarded(Call, StmtParents(Step.In->Body));
  });
}

bool SignalOrder::precedes(const ObjectAccess &First, ArrayRef<ObjectAccess> OfFirst, const ObjectAccess &Second, ArrayRef<ObjectAccess> OfSecond) {
  std::vector<const Operation *> Signals = around(First, /*Before=*/false);
  if (!Signals.empty())
    for (const Operation *Wait : around(Second, /*Before=*/true))
      if (llvm::any_of(Signals, [&](const Operation *Signal) { return !Wait->Object || !Signal->Object || Wait->Object == Signal->Object; }))
        return true;
  // A flag under a lock: set after the one, seen before the other.
  for (const ObjectAccess &Flag : OfFirst)
    if (Flag.writes() && !Flag.Held.empty() && Flag.In == First.In && isBefore(First.Where, Flag.Where))
      for (const ObjectAccess &Look : OfSecond)
        if (!Look.writes() && !isOfFailedWait(Look) && Look.Place == Flag.Place && haveCommonLock(Look, Flag) && isBefore(Look.inBase(), Second.inBase()))
          return true;
  return false;
}

bool SignalOrder::isSignalledTooSoon(const ObjectAccess &First, ArrayRef<ObjectAccess> OfFirst, const ObjectAccess &Second,
                                     ArrayRef<ObjectAccess> OfSecond) {
  std::vector<const Operation *> Waits = around(Second, /*Before=*/true);
  bool IsSignalled = llvm::any_of(operationsIn(*First.In), [&](const Operation &Each) {
    return Each.Signals && Each.Object && llvm::any_of(Waits, [&](const Operation *Wait) { return Wait->Object == Each.Object; });
  });
  return IsSignalled && !isOrdered(First, OfFirst, Second, OfSecond);
}

bool SignalOrder::takeTurns(const ObjectAccess &First, const ObjectAccess &Second) {
  auto InTurn = [&](const ObjectAccess &Access, const ValueDecl *Object) {
    auto Is = [&](const Operation *Each) { return Each->Object == Object; };
    return llvm::any_of(around(Access, /*Before=*/true), Is) && llvm::any_of(around(Access, /*Before=*/false), Is);
  };
  return llvm::any_of(around(First, /*Before=*/true), [&](const Operation *Wait) {
    return Wait->Object && isa<CallExpr>(Wait->Where) && !isFlag(*Wait) &&
           InTurn(First, Wait->Object) && InTurn(Second, Wait->Object);
  });
}

bool SignalOrder::isOrdered(const ObjectAccess &First, ArrayRef<ObjectAccess> OfFirst, const ObjectAccess &Second, ArrayRef<ObjectAccess> OfSecond) {
  return precedes(First, OfFirst, Second, OfSecond) || precedes(Second, OfSecond, First, OfFirst);
}

} // namespace ward
