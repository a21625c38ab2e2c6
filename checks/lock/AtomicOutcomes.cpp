// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lock/AtomicOutcomes.h"

#include "flow/threads/Writers.h"
#include "model/StmtParents.h"
#include "model/Waits.h"

#include "clang/AST/ExprCXX.h"

using namespace clang;

namespace ward {
namespace {

std::optional<llvm::APSInt> constantOf(const Expr *E, const ASTContext &Context) {
  Expr::EvalResult Value;
  E = E ? stripped(E) : nullptr;
  if (!E || E->isValueDependent() || !E->getType()->isIntegralOrEnumerationType() || !E->EvaluateAsInt(Value, Context))
    return std::nullopt;
  return Value.Val.getInt();
}

bool sameValue(const llvm::APSInt &A, const llvm::APSInt &B) { return llvm::APSInt::isSameValue(A, B); }

/// What the unit stores in one atomic, apart from its initialisation.
struct Stores {
  /// A change whose value is unknown, or that is no store.
  bool AnyUnknown = false;
  llvm::SmallVector<std::pair<llvm::APSInt, const Expr *>, 4> Known;

  bool are(const llvm::APSInt &Value) const {
    return !AnyUnknown && llvm::all_of(Known, [&](const auto &Each) { return sameValue(Each.first, Value); });
  }
};

class OutcomeSearch {
public:
  OutcomeSearch(const AtomicTrace &Trace, const TracedOperation &Store, const TracedOperation &Load,
                const FunctionModel &Function, UnitFlow &Unit)
      : Trace(Trace), Store(Store), Load(Load), Function(Function), Unit(Unit), Context(Unit.model().context()),
        Subject(declared(*Store.Operation)) {}

  AtomicOutcome run() {
    AtomicOutcome Result;
    if (!Subject)
      return Result;
    bool OnOneThread = Unit.writers().runsOnOneThread(Function, Subject);
    Result.BothPass = !OnOneThread;
    // `flag.clear()` stores false.
    std::optional<llvm::APSInt> Stored = constantOf(Store.Operation->Value, Context);
    if (!Store.Operation->Value)
      Stored = llvm::APSInt(llvm::APInt(1, 0), /*isUnsigned=*/true);
    if (!Stored)
      return Result;
    Stores All = collect([](const Change &) { return true; });
    // Each thread that passes stores the same, and nothing else ever changes it back.
    if (All.are(*Stored) && (isDecidedOtherwise() || onlyNotifies())) {
      Result.Harmless = true;
      return Result;
    }
    if (OnOneThread) {
      // Other threads only set what this one has seen, and it takes that back before it acts: what comes later is seen
      // the next time.
      Stores Others = collect([&](const Change &Each) { return !Unit.writers().runsOnOneThread(*Each.In, Subject); });
      if (!Others.AnyUnknown && !Others.Known.empty() && Others.are(Others.Known.front().first) &&
          !sameValue(Others.Known.front().first, *Stored) && isStoredAtOnce())
        Result.Harmless = true;
    }
    bool OnlyStores = isStoredAtOnce() && storesNothingElse();
    if (OnOneThread || OnlyStores)
      Result.Overwritten = overwritten(*Stored);
    return Result;
  }

private:
  template <class Predicate> Stores collect(Predicate Wanted) {
    Stores Result;
    for (const Change &Each : Unit.writers().changesOf(Subject)) {
      if (Each.Initialises || !Wanted(Each))
        continue;
      if (!Each.Operation) {
        // The place that an atomic operation names is also noted as written or lent.
        if (llvm::none_of(Unit.writers().changesOf(Subject), [&](const Change &Other) {
              return Other.Operation && Other.In == Each.In && ward::contains(Other.Operation->Where, Each.Where);
            }))
          Result.AnyUnknown = true;
        continue;
      }
      const Expr *Value = Each.Operation->Value;
      std::optional<llvm::APSInt> Constant = constantOf(Value, Context);
      if (Each.Operation->Action == AtomicAction::Store && Constant)
        Result.Known.push_back({*Constant, Value});
      else
        Result.AnyUnknown = true;
    }
    return Result;
  }

  /// The innermost branch whose condition depends on the check, or the block that follows it.
  unsigned depthOfCheck() const {
    unsigned Common = 0;
    while (Common < Load.Frames.size() && Common < Store.Frames.size() && Load.Frames[Common] == Store.Frames[Common])
      ++Common;
    return Common;
  }

  /// The statements that run between the check and the store, in the blocks around the store.
  template <class Visitor> void forEachBetween(Visitor Visit) const {
    for (unsigned I = depthOfCheck() ? depthOfCheck() - 1 : 0; I < Store.Frames.size(); ++I) {
      const auto *Block = dyn_cast<CompoundStmt>(Store.Frames[I]);
      if (!Block)
        continue;
      const Stmt *Inside = Store.inside(I);
      for (const Stmt *S : Block->body()) {
        if (S == Inside)
          break;
        // In the block of the check, what comes after it.
        if (!ward::contains(S, Load.Operation->Where) && Context.getSourceManager().isBeforeInTranslationUnit(
                                                             Load.Operation->Where->getBeginLoc(), S->getBeginLoc()))
          Visit(S);
      }
    }
  }

  /// Whether the store runs depends on more than the check: on something found out in between.
  bool isDecidedOtherwise() const {
    for (unsigned I = depthOfCheck(); I < Store.Frames.size(); ++I) {
      const auto *If = dyn_cast<IfStmt>(Store.Frames[I]);
      if (If && Store.inside(I) != If->getCond() && !llvm::is_contained(Load.Frames, If) &&
          !Trace.conditionLoad(If, Store))
        return true;
    }
    bool Leaves = false;
    forEachBetween([&](const Stmt *S) {
      const auto *If = dyn_cast<IfStmt>(S);
      Leaves |= If && (alwaysLeaves(If->getThen()) || alwaysLeaves(If->getElse())) && !Trace.conditionLoad(If, Store);
    });
    return Leaves;
  }

  /// Nothing that has an effect lies between the check and the store.
  bool isStoredAtOnce() const {
    bool AtOnce = true;
    forEachBetween([&](const Stmt *S) { AtOnce &= !hasCall(S); });
    return AtOnce;
  }

  bool hasCall(const Stmt *S) const {
    if (!S || Trace.indexOf(S))
      return false;
    return isa<CallExpr, CXXConstructExpr, CXXNewExpr, CXXDeleteExpr>(S) ||
           llvm::any_of(S->children(), [&](const Stmt *Child) { return hasCall(Child); });
  }

  /// The branch that the check decides consists of the store.
  bool storesNothingElse() const {
    for (const Stmt *Frame : llvm::drop_begin(Store.Frames, depthOfCheck() ? depthOfCheck() - 1 : 0))
      if (const auto *Block = dyn_cast<CompoundStmt>(Frame)) {
        unsigned Works = llvm::count_if(Block->body(), [&](const Stmt *S) {
          return !ward::contains(S, Store.Operation->Where) && !ward::contains(S, Load.Operation->Where) &&
                 !isa<ReturnStmt, BreakStmt, ContinueStmt>(S) &&
                 Context.getSourceManager().isBeforeInTranslationUnit(Load.Operation->Where->getBeginLoc(),
                                                                      S->getBeginLoc());
        });
        if (Works)
          return false;
      }
    const auto *Return = Store.Frames.empty() ? nullptr : dyn_cast<CompoundStmt>(Store.Frames.back());
    return !Return || llvm::none_of(Return->body(), [](const Stmt *S) {
      return isa<ReturnStmt>(S) && cast<ReturnStmt>(S)->getRetValue();
    });
  }

  /// Beside the store, the function only locks, notifies and returns.
  bool onlyNotifies() const {
    bool Only = true;
    auto IsHarmless = [&](const CallExpr *Call) {
      return notificationOf(Call, Unit.model().names()) || Unit.model().types().effectOf(Call) || Trace.indexOf(Call);
    };
    for (const CallExpr *Call : Function.Calls)
      Only &= !Context.getSourceManager().isBeforeInTranslationUnit(Load.Operation->Where->getBeginLoc(),
                                                                    Call->getBeginLoc()) ||
              IsHarmless(Call);
    for (const ClassifiedAccess &Access : Unit.accesses(Function))
      if (Access.Kind != AccessKind::Read && !(Access.Path.root() && Access.Path.root()->hasLocalStorage()))
        Only &= llvm::any_of(Function.Calls, [&](const CallExpr *Call) {
          return ward::contains(Call, Access.Where) && IsHarmless(Call);
        });
    return Only && !isa<ConditionalOperator>(Store.Frames.empty() ? Function.Body : Store.Frames.back()) &&
           !tellsWinner();
  }

  /// The function returns whether it was the first: `if (done) return false; done = true; return true;`
  bool tellsWinner() const { return !Function.Function->getReturnType()->isVoidType(); }

  /// A value that the unit stores elsewhere, neither the one that is stored here nor one that the check asks for.
  const Expr *overwritten(const llvm::APSInt &Stored) {
    Stores All = collect([&](const Change &Each) { return Each.In != &Function; });
    const Expr *Found = nullptr;
    for (const auto &[Value, Where] : All.Known)
      if (!sameValue(Value, Stored) && (!Found || !isAskedFor(Value)))
        if (!isAskedFor(Value) ||
            (Store.Operation->Value && stripped(Store.Operation->Value)->getType()->isBooleanType()) ||
            !Store.Operation->Value)
          Found = Where;
    return Found;
  }

  /// The condition of the check compares with \p Value.
  bool isAskedFor(const llvm::APSInt &Value) const {
    auto Names = [&](const Stmt *S, auto &&Self) -> bool {
      const auto *E = dyn_cast_or_null<Expr>(S);
      if (std::optional<llvm::APSInt> Constant = E ? constantOf(E, Context) : std::nullopt;
          Constant && sameValue(*Constant, Value))
        return true;
      return S && llvm::any_of(S->children(), [&](const Stmt *Child) { return Self(Child, Self); });
    };
    for (const Stmt *Frame : llvm::reverse(Load.Frames))
      if (const auto *If = dyn_cast<IfStmt>(Frame))
        return Names(If->getCond(), Names);
    return false;
  }

  const AtomicTrace &Trace;
  const TracedOperation &Store, &Load;
  const FunctionModel &Function;
  UnitFlow &Unit;
  const ASTContext &Context;
  const ValueDecl *Subject;
};

} // namespace

AtomicOutcome outcomeOf(const AtomicTrace &Trace, const TracedOperation &Store, const TracedOperation &Load,
                        const FunctionModel &Function, UnitFlow &Unit) {
  return OutcomeSearch(Trace, Store, Load, Function, Unit).run();
}

} // namespace ward
