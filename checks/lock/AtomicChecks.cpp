// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lock/AtomicChecks.h"

#include "model/LockEffects.h"
#include "model/StmtParents.h"

using namespace clang;

namespace ward {
namespace {

const Stmt *onlyStatement(const Stmt *S) {
  const auto *Block = dyn_cast_or_null<CompoundStmt>(S);
  return !Block ? S : Block->size() == 1 ? Block->body_front() : nullptr;
}

std::optional<bool> constantTruth(const Expr *E, const ASTContext &Context) {
  bool Value = false;
  if (E && !E->isValueDependent() && E->EvaluateAsBooleanCondition(Value, Context))
    return Value;
  return std::nullopt;
}

/// The search for the check before one operation.
class CheckSearch {
public:
  CheckSearch(const AtomicTrace &Trace, const TracedOperation &Act, UnitModel &Unit)
      : Trace(Trace), Act(Act), Unit(Unit), Context(Unit.context()) {}

  std::optional<unsigned> run() const {
    for (unsigned I = Act.Frames.size(); I-- != 0;) {
      const Stmt *Frame = Act.Frames[I];
      const Stmt *Child = Act.inside(I);
      if (const auto *Block = dyn_cast<CompoundStmt>(Frame)) {
        bool Ended = false;
        if (std::optional<unsigned> Load = inBlock(*Block, Child, Ended); Load || Ended)
          return Load;
        continue;
      }
      if (!Trace.isBranch(Frame) || isInCondition(Frame, Child))
        continue;
      if (anyUpdateIn(Trace.withinCondition(Frame)))
        return std::nullopt;
      std::optional<unsigned> Load = Trace.conditionLoad(Frame, Act);
      if (!Load)
        continue;
      if (const auto *If = dyn_cast<IfStmt>(Frame); If && asksForOwner(If->getCond()))
        return std::nullopt;
      // The body of a loop or switch may change what it depends on: stop flags, turns, state machines.
      if (!isa<IfStmt, ConditionalOperator>(Frame) || isIdempotent(dyn_cast<IfStmt>(Frame)))
        return std::nullopt;
      return Load;
    }
    return std::nullopt;
  }

private:
  /// Among the statements of \p Block before \p Child; sets \p Ended if the search ends here.
  std::optional<unsigned> inBlock(const CompoundStmt &Block, const Stmt *Child, bool &Ended) const {
    auto At = llvm::find(Block.body(), Child);
    if (At == Block.body_end())
      return std::nullopt;
    while (At != Block.body_begin()) {
      const Stmt *Before = *--At;
      const auto *If = dyn_cast<IfStmt>(Before);
      if (If && (alwaysLeaves(If->getThen()) || alwaysLeaves(If->getElse())) && !anyUpdateIn(Trace.withinCondition(If)))
        if (std::optional<unsigned> Load = Trace.conditionLoad(If, Act)) {
          Ended = true;
          if (asksForOwner(If->getCond()))
            return std::nullopt;
          // `if (done) return; done = true;` at the end of a function is idempotent.
          const auto *Return = dyn_cast_or_null<ReturnStmt>(onlyStatement(If->getThen()));
          bool Alone = Child == Block.body_back() && Act.Frames.front() == &Block && std::next(At) == llvm::find(Block.body(), Child) &&
                       Return && !Return->getRetValue() && !If->getElse();
          return Alone && isTruthOf(If->getCond()) ? std::nullopt : Load;
        }
      // After a loop that waits for the object, or a change by this thread, earlier checks no longer count.
      bool IsLoop = isa<WhileStmt, DoStmt, ForStmt>(Before);
      if (Trace.anyIn(Trace.within(Before), [&](unsigned I) {
            return Trace.isSame(I, Act) && (Trace[I].Operation->Action != AtomicAction::Load || IsLoop);
          })) {
        Ended = true;
        return std::nullopt;
      }
    }
    return std::nullopt;
  }

  static bool isInCondition(const Stmt *Branch, const Stmt *Child) {
    if (const auto *If = dyn_cast<IfStmt>(Branch))
      return Child != If->getThen() && Child != If->getElse();
    if (const auto *Conditional = dyn_cast<ConditionalOperator>(Branch))
      return Child != Conditional->getTrueExpr() && Child != Conditional->getFalseExpr();
    return false;
  }

  bool anyUpdateIn(AtomicTrace::Range Where) const {
    return Trace.anyIn(Where, [&](unsigned I) { return Trace.isUpdateOf(I, Act); });
  }

  /// \p E compares the object with what identifies the calling thread: `owner == std::this_thread::get_id()`, `owner == &perThread`.
  /// Whatever other threads store, the answer stays the same.
  bool asksForOwner(const Expr *E) const {
    E = E->IgnoreParenImpCasts();
    if (const auto *Full = dyn_cast<FullExpr>(E))
      return asksForOwner(Full->getSubExpr());
    if (const auto *Not = dyn_cast<UnaryOperator>(E); Not && Not->getOpcode() == UO_LNot)
      return asksForOwner(Not->getSubExpr());
    if (const auto *Binary = dyn_cast<BinaryOperator>(E); Binary && Binary->isLogicalOp())
      return (loadsObject(Binary->getLHS()) && asksForOwner(Binary->getLHS())) || (loadsObject(Binary->getRHS()) && asksForOwner(Binary->getRHS()));
    return loadsObject(E) && namesOwnThread(E, Unit.names());
  }

  bool loadsObject(const Stmt *S) const {
    if (!S)
      return false;
    if (std::optional<unsigned> Index = Trace.indexOf(S))
      return Trace.isSame(*Index, Act);
    if (const auto *Ref = dyn_cast<DeclRefExpr>(S))
      if (const auto *Variable = dyn_cast<VarDecl>(Ref->getDecl()); Variable && Trace.isDefined(Variable))
        return loadsObject(Variable->getInit());
    return llvm::any_of(S->children(), [&](const Stmt *Child) { return loadsObject(Child); });
  }

  /// The check decides nothing but the store, and any thread would store the same: `if (!f) f = true;`, `if (level != n) level = n;`.
  bool isIdempotent(const IfStmt *If) const {
    if (!If || If->getElse())
      return false;
    const auto *E = dyn_cast_or_null<Expr>(onlyStatement(If->getThen()));
    if (!E || E->IgnoreImplicit() != Act.Operation->Where)
      return false;
    return isTruthOf(If->getCond()) || isDifferenceFrom(If->getCond());
  }

  /// \p Condition checks whether the atomic bool differs from the value that is stored.
  bool isTruthOf(const Expr *Condition) const {
    const Expr *Value = Act.Operation->Value;
    std::optional<bool> Stored = Value ? constantTruth(Value, Context) : std::optional(false);
    if (!Stored)
      return false;
    bool Bool = !Value || stripped(Value)->getType()->isBooleanType();
    return Bool && checksBool(Condition);
  }

  bool checksBool(const Expr *E) const {
    E = E->IgnoreParenImpCasts();
    if (const auto *Full = dyn_cast<FullExpr>(E))
      return checksBool(Full->getSubExpr());
    if (std::optional<unsigned> Index = Trace.indexOf(E))
      return Trace.isSame(*Index, Act);
    if (const auto *Ref = dyn_cast<DeclRefExpr>(E))
      return Trace.isDefined(dyn_cast<VarDecl>(Ref->getDecl()));
    if (const auto *Unary = dyn_cast<UnaryOperator>(E))
      return Unary->getOpcode() == UO_LNot && checksBool(Unary->getSubExpr());
    if (const auto *Binary = dyn_cast<BinaryOperator>(E)) {
      if (Binary->isLogicalOp())
        return checksBool(Binary->getLHS()) || checksBool(Binary->getRHS());
      if (Binary->isEqualityOp())
        return (checksBool(Binary->getLHS()) && constantTruth(Binary->getRHS(), Context)) ||
               (checksBool(Binary->getRHS()) && constantTruth(Binary->getLHS(), Context));
    }
    return false;
  }

  /// \p Condition is `a != x`, and x is stored.
  bool isDifferenceFrom(const Expr *Condition) const {
    const auto *Binary = dyn_cast<BinaryOperator>(Condition->IgnoreParenImpCasts());
    if (!Binary || !Act.Operation->Value)
      return false;
    if (Binary->getOpcode() == BO_LAnd)
      return isDifferenceFrom(Binary->getLHS()) || isDifferenceFrom(Binary->getRHS());
    if (Binary->getOpcode() != BO_NE)
      return false;
    for (auto [One, Other] : {std::pair(Binary->getLHS(), Binary->getRHS()), std::pair(Binary->getRHS(), Binary->getLHS())})
      if (std::optional<unsigned> Index = Trace.indexOf(One->IgnoreParenImpCasts());
          Index && Trace.isSame(*Index, Act) && sameStructure(stripped(Other), stripped(Act.Operation->Value), Context))
        return true;
    return false;
  }

  const AtomicTrace &Trace;
  const TracedOperation &Act;
  UnitModel &Unit;
  const ASTContext &Context;
};

} // namespace

std::optional<unsigned> checkBefore(const AtomicTrace &Trace, const TracedOperation &Act, UnitModel &Unit) {
  return CheckSearch(Trace, Act, Unit).run();
}

} // namespace ward
