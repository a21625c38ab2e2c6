// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "wait/WaitWithoutPredicateCheck.h"

#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace ward {
namespace {

/// `if (!ready) cv.wait(lock);`: the `if` that should be a `while`; null if the wait stands otherwise.
const IfStmt *bareIf(const FunctionModel &Function, const CallExpr *Wait) {
  for (const Stmt *Branch : Function.Branches) {
    const auto *If = dyn_cast<IfStmt>(Branch);
    if (!If || If->getElse() || If->hasInitStorage() || If->hasVarStorage() || If->isConstexpr() || If->isConsteval())
      continue;
    const Stmt *Then = If->getThen();
    if (const auto *Block = dyn_cast<CompoundStmt>(Then); Block && Block->size() == 1)
      Then = Block->body_front();
    if (const auto *Full = dyn_cast<ExprWithCleanups>(Then))
      Then = Full->getSubExpr();
    if (Then == Wait)
      return If;
  }
  return nullptr;
}

/// The member that \p Call calls has an overload with a predicate.
bool hasPredicateOverload(const CallExpr *Call) {
  const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
  const CXXMethodDecl *Method = Member ? Member->getMethodDecl() : nullptr;
  return Method && llvm::any_of(Method->getParent()->lookup(Method->getDeclName()), [&](const NamedDecl *Overload) {
    const FunctionDecl *Other = Overload->getAsFunction();
    return Other && Other->getNumParams() > Method->getNumParams();
  });
}

std::string textOfCallee(const CallExpr *Call) {
  const FunctionDecl *Callee = Call->getDirectCallee();
  return Callee && Callee->getDeclName().isIdentifier() ? Callee->getNameAsString() : "wait";
}

} // namespace

WaitWithoutPredicateCheck::WaitWithoutPredicateCheck(llvm::StringRef Name, tidy::ClangTidyContext *Context)
    : WardCheck(Name, Context), CheckTimed(boolOption("CheckTimed", true)) {}

void WaitWithoutPredicateCheck::storeOptions(tidy::ClangTidyOptions::OptionMap &Opts) {
  Options.store(Opts, "CheckTimed", CheckTimed ? "true" : "false");
  WardCheck::storeOptions(Opts);
}

void WaitWithoutPredicateCheck::analyse(UnitFlow &Unit) {
  std::vector<Waiting> Work;
  for (const auto &Function : Unit.model().functions())
    for (const CallExpr *Call : Function->Calls)
      if (std::optional<WaitCall> Wait = waitOf(Call, Unit.model().names()); Wait && !Wait->Predicate && (CheckTimed || !Wait->Timed))
        Work.push_back({Function.get(), Call, *Wait});
  llvm::DenseSet<const CallExpr *> Seen;
  while (!Work.empty()) {
    std::vector<Waiting> Next;
    for (const Waiting &Where : Work)
      if (Seen.insert(Where.Call).second)
        judge(Where, Unit, Next);
    Work = std::move(Next);
  }
}

void WaitWithoutPredicateCheck::judge(const Waiting &Where, UnitFlow &Unit, std::vector<Waiting> &Next) {
  Rechecks Judge(*Where.In, Unit);
  WaitPlace Place = Judge.placeOf(Where.Call, Where.Wait.Timed);
  if (Place == WaitPlace::Rechecked)
    return;
  // A function that only waits leaves the check to its callers, which hold the lock; without callers here, they are in other units. Parking
  // involves no lock, and so implies no caller that checks.
  if (Place == WaitPlace::Alone && Judge.onlyWaits(Where.Call)) {
    bool Called = false;
    for (const auto &Function : Unit.model().functions())
      for (const CallExpr *Call : Function->Calls)
        if (Unit.model().function(Call->getDirectCallee()) == Where.In) {
          Next.push_back({Function.get(), Call, Where.Wait});
          // The call is timed if one of the waits in the function is.
          Next.back().Wait.Timed |= llvm::any_of(Where.In->Calls, [&](const CallExpr *Other) {
            std::optional<WaitCall> Wait = waitOf(Other, Unit.model().names());
            return Wait && Wait->Timed;
          });
          Called = true;
        }
    // `if (queue.empty()) cv.wait(lock);` checks by itself.
    const IfStmt *If = bareIf(*Where.In, Where.Call);
    bool Checks = If && Judge.readsState(If->getCond(), Where.Call);
    if (Called || (Where.Wait.Condvar && !Checks))
      return;
  }
  report(Where, Place, Unit);
}

void WaitWithoutPredicateCheck::report(const Waiting &Where, WaitPlace Place, UnitFlow &Unit) {
  const SourceManager &Sources = Unit.model().context().getSourceManager();
  SourceLocation Location = Where.Call->getExprLoc();
  if (!claim(Location, Sources))
    return;
  bool TakesPredicate = Where.Wait.Condvar && hasPredicateOverload(Where.Wait.Call);
  {
    auto Diag = diag(Location, "this wait can return without a notification (spurious wake-up)%select{; call it in a loop|, and its loop does not "
                               "recheck the condition; check it in the loop}0%select{|, or pass a predicate}1")
                << (Place == WaitPlace::BlindLoop) << TakesPredicate;
    const IfStmt *If = Where.Wait.Timed ? nullptr : bareIf(*Where.In, Where.Call);
    if (If && !If->getIfLoc().isMacroID() && !If->getCond()->HasSideEffects(Unit.model().context(), /*IncludePossibleEffects=*/false) &&
        Rechecks(*Where.In, Unit).readsState(If->getCond(), Where.Call)) {
      Diag << FixItHint::CreateReplacement(SourceRange(If->getIfLoc()), "while");
      return;
    }
  }
  if (Where.Call != Where.Wait.Call)
    diag(Where.Wait.Call->getExprLoc(), "waits here", DiagnosticIDs::Note);
  diag(Location, "write 'while (!ready) %0(...);'%select{|, or pass a predicate}1", DiagnosticIDs::Note)
      << textOfCallee(Where.Call) << TakesPredicate;
}

} // namespace ward
